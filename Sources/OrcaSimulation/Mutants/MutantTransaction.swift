package import OrcaDomain
package import OrcaStore

/// A transaction with one bug in it; everything else goes to the real one.
package struct MutantTransaction: StoreTransaction {
    let real: any StoreTransaction
    let mutant: Mutant
    let dice: MutantDice

    package init(_ real: any StoreTransaction, _ mutant: Mutant, _ dice: MutantDice) {
        self.real = real
        self.mutant = mutant
        self.dice = dice
    }

    package var workspaces: any WorkspaceCollection { real.workspaces }
    package var projects: any ProjectCollection { real.projects }
    package var tasks: any TaskCollection { real.tasks }
    package var attempts: any AttemptCollection { real.attempts }
    package var agents: any AgentCollection { real.agents }
    package var events: any EventCollection { real.events }
    package var tokens: any TokenCollection { real.tokens }
    package var terminals: any TerminalCollection { real.terminals }
    package var repos: any RepoCollection { real.repos }
    package var worktrees: any WorktreeCollection { real.worktrees }
    package var gates: any GateCollection { real.gates }
    package var dispatches: any DispatchCollection { real.dispatches }
    package var runs: any RunCollection { real.runs }
    package var messages: any MessageCollection {
        mutant == .mailOvertaken ? HastyMailbox(real: real.messages) : real.messages
    }
    package var replies: any ReplyCollection { real.replies }
    package var servers: any ServerCollection { real.servers }
    package var dependencies: any DependencyCollection {
        mutant == .dependentsForgotten ? ForgetfulDependencies(real: real.dependencies) : real.dependencies
    }
    package var leases: any LeaseCollection {
        switch mutant {
        case .fenceOpen: OpenFence(real: real.leases, presented: dice.presentedToken)
        case .expiryForgotten: BlindSweep(real: real.leases)
        default: real.leases
        }
    }

    // MARK: Where the bugs are

    package func delete(_ lease: Lease) throws {
        if mutant != .leaseNotReleased { try real.delete(lease) }
    }

    package func touch(_ agent: AgentID, at now: Timestamp, leases delta: Int) throws {
        try real.touch(agent, at: now, leases: mutant == .slotNotReleased && delta < 0 ? 0 : delta)
    }

    package func insert(_ task: WorkTask, _ body: TaskBody) throws {
        var task = task
        if mutant == .dependenciesIgnored, task.status == .pending, task.openDependencies > 0 {
            task.status = .ready
            task.isQueued = true
        }
        try real.insert(task, body)
    }

    package func save(_ task: WorkTask, before: WorkTask) throws {
        var task = task
        switch mutant {
        case .tokenReused where task.lastToken > before.lastToken && before.lastToken > 0:
            task.lastToken = before.lastToken
        case .backoffIgnored where task.backoffUntil != nil:
            task.backoffUntil = nil
            task.isQueued = task.status == .ready
        case .failuresForgotten:
            task.failures = min(task.failures, before.failures)
        case .completionUndone where task.status == .completed && dice.roll(oneIn: 4):
            task.status = .ready
            task.isQueued = true
        default: break
        }
        try real.save(task, before: before)
    }

    package func append(_ event: EventDraft) throws {
        var event = event
        switch mutant {
        case .eventLost where dice.roll(oneIn: 10): return
        case .eventDoubled where dice.roll(oneIn: 10): try real.append(event)
        case .eventFalse where event.type == .taskClaimed:
            event.data = EventData(event.data.fields.filter { $0.name != "holder" })
        default: break
        }
        try real.append(event)
    }

    package func insert(_ gate: Gate) throws {
        if mutant != .gateLost { try real.insert(gate) }
    }

    package func save(_ gate: Gate) throws {
        if mutant != .gateNeverClosed { try real.save(gate) }
    }

    package func insert(_ reply: StoredReply) throws {
        if mutant != .replyForgotten { try real.insert(reply) }
    }

    package func extendAll(from now: Timestamp) throws -> Int {
        mutant == .graceForgotten ? 0 : try real.extendAll(from: now)
    }
}

/// When a bug strikes, and what the client presented last.
package final class MutantDice {
    private var random: UInt64
    package var presentedToken: Int64?

    package init(seed: UInt64) {
        random = seed | 1
    }

    func roll(oneIn sides: UInt64) -> Bool {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return random % sides == 0
    }
}

private struct ForgetfulDependencies: DependencyCollection {
    let real: any DependencyCollection

    func dependencies(of task: TaskID) throws -> [Dependency] { try real.dependencies(of: task) }
    func dependents(of task: TaskID, limit: Int) throws -> [Dependency] { [] }
    func find(task: TaskID, dependsOn: TaskID) throws -> Dependency? {
        try real.find(task: task, dependsOn: dependsOn)
    }
    func edges(in project: ProjectID, limit: Int) throws -> [Dependency] {
        try real.edges(in: project, limit: limit)
    }
}

private struct OpenFence: LeaseCollection {
    let real: any LeaseCollection
    let presented: Int64?

    func live(_ task: TaskID) throws -> Lease? {
        guard var lease = try real.live(task) else { return nil }
        if let presented { lease.token = presented }
        return lease
    }
    func find(_ id: LeaseID) throws -> Lease? { try real.find(id) }
    func held(by agent: AgentID, limit: Int) throws -> [Lease] { try real.held(by: agent, limit: limit) }
    func page(_ filter: LeaseFilter, _ request: PageRequest) throws -> Page<Lease> {
        try real.page(filter, request)
    }
    func overdue(at now: Timestamp, limit: Int) throws -> [Lease] { try real.overdue(at: now, limit: limit) }
    func nextExpiry() throws -> Timestamp? { try real.nextExpiry() }
}

private struct BlindSweep: LeaseCollection {
    let real: any LeaseCollection

    func live(_ task: TaskID) throws -> Lease? { try real.live(task) }
    func find(_ id: LeaseID) throws -> Lease? { try real.find(id) }
    func held(by agent: AgentID, limit: Int) throws -> [Lease] { try real.held(by: agent, limit: limit) }
    func page(_ filter: LeaseFilter, _ request: PageRequest) throws -> Page<Lease> {
        try real.page(filter, request)
    }
    func overdue(at now: Timestamp, limit: Int) throws -> [Lease] { [] }
    func nextExpiry() throws -> Timestamp? { nil }
}
