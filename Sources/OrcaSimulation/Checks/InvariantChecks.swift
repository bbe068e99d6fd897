import OrcaDomain
import OrcaEngine
import OrcaStore

/// Looks at the whole state after a step and remembers what it saw, to judge the next step by it.
struct InvariantChecks {
    private var lastTokens: [TaskID: Int64] = [:]
    private var lastStatus: [TaskID: TaskStatus] = [:]
    private var replay = EventReplay()

    /// - Parameters:
    ///   - mayReopen: tasks that an override or a retry of this step may have taken out of a terminal state.
    ///   - edited: tasks whose dependencies were changed in this step.
    mutating func check(_ world: EngineWorld, mayReopen: Set<TaskID>, edited: Set<TaskID>) throws {
        let workspace = try world.workspace.id
        let tasks = try Self.allTasks(world, workspace)
        let leases = try Self.allLeases(world, workspace)
        try Self.checkLeases(tasks, leases)
        for task in tasks {
            try checkTokens(task, world, mayReopen, edited)
            try Self.checkReadiness(task, world)
            try checkTerminal(task, mayReopen)
            try Self.checkRetries(task, world)
        }
        try Self.checkCounts(world, workspace, tasks, leases)
        try replay.follow(world, workspace)
        try replay.compare(tasks)
    }

    private static func allTasks(_ world: EngineWorld, _ workspace: WorkspaceID) throws -> [WorkTask] {
        try AllRows.of { try world.session.tasks.page(TaskFilter(workspace: workspace), $0) }
    }

    private static func allLeases(_ world: EngineWorld, _ workspace: WorkspaceID) throws -> [Lease] {
        try AllRows.of { try world.session.leases.page(LeaseFilter(workspace: workspace), $0) }
    }

    private static func checkLeases(_ tasks: [WorkTask], _ leases: [Lease]) throws {
        let byTask = Dictionary(grouping: leases, by: \.task)
        for task in tasks {
            let held = byTask[task.id] ?? []
            if held.count > 1 { throw Violation(1, "\(task.ref) has \(held.count) leases") }
            if (task.status == .dispatched) != (held.count == 1) {
                throw Violation(1, "\(task.ref) is \(task.status.rawValue) and has \(held.count) leases")
            }
            if let lease = held.first, lease.token != task.lastToken {
                throw Violation(2, "the lease of \(task.ref) has token \(lease.token), the task \(task.lastToken)")
            }
            if task.holder != (held.first?.agentName ?? "") {
                throw Violation(1, "\(task.ref) names '\(task.holder)' as its holder")
            }
        }
    }

    private mutating func checkTokens(
        _ task: WorkTask, _ world: EngineWorld, _ mayReopen: Set<TaskID>, _ edited: Set<TaskID>
    ) throws {
        let last = lastTokens[task.id] ?? 0
        if task.lastToken < last {
            throw Violation(2, "the token of \(task.ref) fell from \(last) to \(task.lastToken)")
        }
        lastTokens[task.id] = task.lastToken
        guard task.lastToken > last, !edited.contains(task.id) else { return }
        guard let attempt = try world.session.attempts.find(task: task.id, token: task.lastToken) else {
            throw Violation(6, "attempt \(task.lastToken) of \(task.ref) has no row")
        }
        for edge in try world.session.dependencies.dependencies(of: task.id) {
            // What was changed by hand in this very step may have been fine when the task was handed out.
            guard !mayReopen.contains(edge.dependsOn), let needed = try world.session.tasks.find(edge.dependsOn) else {
                continue
            }
            if attempt.outcome == .active, !Dependency.isMet(by: needed.status, edge.policy) {
                throw Violation(4, "\(task.ref) was dispatched while \(needed.ref) is \(needed.status.rawValue)")
            }
        }
    }

    private static func checkReadiness(_ task: WorkTask, _ world: EngineWorld) throws {
        var open = 0
        for edge in try world.session.dependencies.dependencies(of: task.id) {
            guard let needed = try world.session.tasks.find(edge.dependsOn) else { continue }
            if !Dependency.isMet(by: needed.status, edge.policy) { open += 1 }
        }
        if open != task.openDependencies {
            throw Violation(4, "\(task.ref) counts \(task.openDependencies) open dependencies, there are \(open)")
        }
        let gates = try world.session.gates.all(of: task.id, limit: 1_000).count { $0.status == .pending }
        if gates != task.openGates {
            throw Violation(4, "\(task.ref) counts \(task.openGates) open gates, there are \(gates)")
        }
        if (gates > 0) != (task.status == .blocked) {
            throw Violation(4, "\(task.ref) is \(task.status.rawValue) with \(gates) open gates")
        }
        let holds = task.conditionsHold(at: world.now)
        if task.status == .ready, !holds { throw Violation(4, "\(task.ref) is ready but its conditions do not hold") }
        // A start time that has just come is noticed by the next tick.
        if task.status == .pending, holds, task.notBefore == nil {
            throw Violation(4, "\(task.ref) is pending but nothing holds it back")
        }
        if task.isQueued, !task.isClaimable(at: world.now) {
            throw Violation(4, "\(task.ref) stands in the claim queue but cannot be claimed")
        }
        if task.status == .ready, !task.isQueued, task.backoffUntil == nil {
            throw Violation(4, "\(task.ref) is ready but not in the claim queue")
        }
    }

    private mutating func checkTerminal(_ task: WorkTask, _ mayReopen: Set<TaskID>) throws {
        let last = lastStatus[task.id]
        lastStatus[task.id] = task.status
        guard let last, last.isFinished, task.status != last, !mayReopen.contains(task.id) else { return }
        throw Violation(5, "\(task.ref) left the terminal state \(last.rawValue) for \(task.status.rawValue)")
    }

    private static func checkRetries(_ task: WorkTask, _ world: EngineWorld) throws {
        let policy = try task.retry ?? world.session.projects.find(task.project)?.settings.retry ?? .standard
        if task.failures > policy.attemptsMax {
            throw Violation(6, "\(task.ref) failed \(task.failures) times, its policy allows \(policy.attemptsMax)")
        }
        if task.status == .ready || task.status == .dispatched, task.failures >= policy.attemptsMax {
            throw Violation(6, "\(task.ref) goes on after \(task.failures) failures")
        }
        if task.status == .failed, task.failures < policy.attemptsMax, task.lastToken > 0 {
            // Only an override may say "failed" before the budget is used up; overrides reset the counter.
            if task.failures != 0 { throw Violation(6, "\(task.ref) gave up after \(task.failures) failures") }
        }
    }

    private static func checkCounts(
        _ world: EngineWorld, _ workspace: WorkspaceID, _ tasks: [WorkTask], _ leases: [Lease]
    ) throws {
        let held = Dictionary(grouping: leases, by: \.agent).mapValues(\.count)
        for agent in try world.session.agents.page(in: workspace, PageRequest(limit: 1_000)).rows {
            let real = held[agent.id] ?? 0
            if agent.activeLeases != real {
                throw Violation(9, "\(agent.name) counts \(agent.activeLeases) leases, it has \(real)")
            }
            if real > agent.capacity { throw Violation(9, "\(agent.name) has \(real) leases of \(agent.capacity)") }
        }
        for project in try world.session.projects.page(in: workspace, PageRequest(limit: 100)).rows {
            let counts = try world.session.projects.counts(project.id)
            for status in TaskStatus.allCases {
                let real = tasks.count { $0.project == project.id && $0.status == status }
                if counts[status] != real {
                    throw Violation(9, "\(project.key) counts \(counts[status]) \(status.rawValue), there are \(real)")
                }
            }
            let max = project.settings.concurrentMax
            if max > 0, counts[.dispatched] > max { throw Violation(9, "\(project.key) runs more than its \(max)") }
        }
    }
}
