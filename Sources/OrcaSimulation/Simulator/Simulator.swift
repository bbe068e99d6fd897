import OrcaDomain
import OrcaEngine
package import OrcaSQL
import OrcaStore
import OrcaSupport

/// One run: clients, an unreliable network, a server that crashes, a clock that jumps; after every step all invariants
/// are checked. The same seed gives the same run, bit for bit.
package struct Simulator {
    package struct Report: Sendable {
        package var steps: Int
        package var requests: Int
        package var crashes: Int
        package var tasks: Int
        package var completed: Int
        package var events: Int64
    }

    package struct Failure: Error, Sendable, CustomStringConvertible {
        package var seed: UInt64
        package var step: Int
        package var violation: String
        /// The last steps before it.
        package var history: [String]

        package var description: String {
            "seed \(seed), step \(step): \(violation)\n" + history.map { "    \($0)" }.joined(separator: "\n")
        }
    }

    private let seed: UInt64
    var random: SeededRandom
    let world: EngineWorld
    let server: SimulatedServer
    let mutant: Mutant?
    let dice: MutantDice
    var checks = InvariantChecks()
    var ledger = AcknowledgedWrites()
    var agents: [SimulatedAgent] = []
    var mail = MailChecks()
    var readers: [SimulatedReader] = []
    var mailSent = 0
    var refs: [String] = []
    /// Requests on their way, each with the time it arrives.
    var network: [(at: Timestamp, request: SimulatedRequest)] = []
    var mayReopen: Set<TaskID> = []
    /// Tasks whose conditions somebody changed in this step, perhaps right after they were handed out.
    var edited: Set<TaskID> = []
    var graceUntil = EngineWorld.dawn
    var history: [String] = []
    var nextKey = 0
    var crashes = 0
    var requests = 0
    /// While true nothing is lost, late, doubled or crashed, and all agents are well.
    var isHealed = false

    /// - Parameter connection: an empty database; one in memory unless given.
    package init(seed: UInt64, mutant: Mutant? = nil, on connection: (any SQLConnection)? = nil) throws {
        self.seed = seed
        self.mutant = mutant
        random = SeededRandom(seed: seed)
        world = try EngineWorld(seed: seed ^ 0x5EED, on: connection)
        dice = MutantDice(seed: seed)
        server = SimulatedServer(world: world, dice: dice)
        var limited = ProjectSettings()
        limited.concurrentMax = 3
        limited.expiryCounts = false
        try world.project("ONE")
        try world.project("TWO", limited)
        var pushed = ProjectSettings()
        pushed.distribution = .leastLoaded
        pushed.offerTTLMS = 5_000
        pushed.adoptsLateCompletions = false
        try world.project("PUSH", pushed)
        for index in 0..<6 {
            let name = "agent-\(index)"
            try world.agent(name, tags: index % 2 == 0 ? ["even"] : [], capacity: 1 + index % 2)
            agents.append(
                SimulatedAgent(
                    name: name, ttlMS: 10_000 + Int64(index) * 5_000, asleepUntil: world.now))
        }
        try openMailRoom()
        if let mutant {
            let dice = dice
            world.interpose = { MutantTransaction($0, mutant, dice) }
        }
    }

    /// Runs `steps` steps with faults, then heals everything and demands that all work gets done.
    package mutating func run(steps: Int) throws -> Report {
        var step = 0
        do {
            while step < steps {
                try oneStep()
                step += 1
            }
            isHealed = true
            try finish(&step)
        } catch let violation as Violation {
            throw Failure(seed: seed, step: step, violation: violation.description, history: history.suffix(30))
        } catch {
            throw Failure(seed: seed, step: step, violation: "\(error)", history: history.suffix(30))
        }
        let workspace = try world.workspace.id
        let tasks = try world.session.tasks.page(TaskFilter(workspace: workspace), PageRequest(limit: 10_000)).rows
        return Report(
            steps: step, requests: requests, crashes: crashes, tasks: tasks.count,
            completed: tasks.count { $0.status == .completed },
            events: try world.session.events.lastSequence(in: workspace))
    }

    private mutating func oneStep() throws {
        mayReopen = []
        edited = []
        world.advance(milliseconds: Int64(roll(700)))
        try deliver()
        if chance(oneIn: 3) { try tick() }
        if !isHealed, chance(oneIn: 60) { try crash() }
        for index in agents.indices { act(index) }
        if refs.count < 40, chance(oneIn: 3) { createTask() }
        for index in readers.indices { try read(index) }
        try carryMail()
        if !isHealed, chance(oneIn: 12) { decideByHand() }
        try checks.check(world, mayReopen: mayReopen, edited: edited)
        try ledger.check(world)
        try mail.check(world)
    }

    /// Invariant 10: with faults stopped, everything that can run is run.
    private mutating func finish(_ step: inout Int) throws {
        for index in agents.indices {
            agents[index].asleepUntil = world.now
            send(.drain(agent: agents[index].name, isDraining: false))
        }
        try closeAllGates()
        for _ in 0..<6_000 {
            try oneStep()
            step += 1
            if network.isEmpty, try openTasks().isEmpty, try mail.unread(world) == 0 { return }
            // A request that was on its way when the faults stopped can still have opened one.
            if step.isMultiple(of: 500) { try closeAllGates() }
        }
        let open = try openTasks().map { "\($0.ref) is \($0.status.rawValue)" }
        guard open.isEmpty else {
            throw Violation(10, "without faults this did not end: \(open.joined(separator: ", "))")
        }
        throw Violation(8, "without faults \(try mail.unread(world)) messages were never read")
    }

    /// Somebody answers everything that was asked.
    private mutating func closeAllGates() throws {
        var filter = GateFilter(workspace: try world.workspace.id)
        filter.status = .pending
        for gate in try world.session.gates.page(filter, PageRequest(limit: 10_000)).rows {
            send(.resolveGate(ref: gate.taskRef))
        }
    }

    /// Tasks that should come to an end by themselves.
    private func openTasks() throws -> [WorkTask] {
        let all = try world.session.tasks.page(
            TaskFilter(workspace: try world.workspace.id), PageRequest(limit: 10_000)
        ).rows
        return try all.filter { task in
            guard !task.status.isFinished else { return false }
            if task.status == .pending { return try !isStuck(task, depth: 0) }
            return true
        }
    }

    /// Waits for a task that failed or was canceled, directly or not: only a person can help.
    private func isStuck(_ task: WorkTask, depth: Int) throws -> Bool {
        guard depth < 100 else { return false }
        for edge in try world.session.dependencies.dependencies(of: task.id) {
            guard let needed = try world.session.tasks.find(edge.dependsOn) else { continue }
            if Dependency.isMet(by: needed.status, edge.policy) { continue }
            if needed.status.isFinished { return true }
            if needed.status == .pending, try isStuck(needed, depth: depth + 1) { return true }
        }
        return false
    }

    private mutating func tick() throws {
        let before = graceUntil > world.now ? try world.session.leases.overdue(at: world.now, limit: 100) : []
        if let lease = before.first(where: { !$0.isOffer && $0.acquiredAt < graceUntil && $0.ttlMS >= 10_000 }),
            world.now.milliseconds < lease.renewedAt.milliseconds + lease.ttlMS
        {
            throw Violation(3, "the lease on \(lease.taskRef) runs out in the grace after a restart")
        }
        try world.tick()
        log("tick")
    }

    /// A number in 0 ..< sides.
    mutating func roll(_ sides: Int) -> Int {
        let bits: UInt64 = random.next()
        return Int(bits % UInt64(sides))
    }

    mutating func chance(oneIn sides: Int) -> Bool { roll(sides) == 0 }

    mutating func log(_ line: String) {
        history.append("+\(world.now.milliseconds - EngineWorld.dawn.milliseconds) ms \(line)")
        if history.count > 200 { history.removeFirst(100) }
    }
}
