package import OrcaDomain
package import OrcaEngine
package import OrcaSQL
import OrcaSQLite
package import OrcaStore

/// The real engine over the real SQLite store in memory, one step at a time under a clock that is set by hand.
package final class EngineWorld {
    package let session: any StoreTransaction
    private let connection: any SQLConnection
    package let chance: Chance
    package var now: Timestamp
    package var actor = Actor(name: "tester", scope: .admin, identity: "owner")
    /// Lets a test or a mutant stand between the engine and the store.
    package var interpose: (any StoreTransaction) -> any StoreTransaction = { $0 }

    /// The first instant of every world: 2026-01-01.
    package static let dawn = Timestamp(milliseconds: 1_767_225_600_000)

    /// - Parameter connection: an empty database; one in memory unless given.
    package init(
        seed: UInt64 = 1, from start: Timestamp = EngineWorld.dawn, on connection: (any SQLConnection)? = nil
    ) throws {
        self.connection = try connection ?? SQLiteConnection(.memory)
        try Migrator.migrate(self.connection, now: start.milliseconds)
        session = SQLSession(self.connection)
        chance = Chance(seed: seed)
        now = start
        try transact("Start") { tx, context in try CreateWorkspace.ensureDefault(in: tx, context) }
    }

    /// A world as somebody else left it, to be looked at.
    package init(lookingAt connection: any SQLConnection, now: Timestamp) {
        self.connection = connection
        session = SQLSession(connection)
        chance = Chance(seed: 1)
        self.now = now
    }

    /// Throws a `Violation` unless every invariant holds that one look can judge, the change log included.
    package func checkInvariants() throws {
        var checks = InvariantChecks()
        try checks.check(self, mayReopen: [], edited: [])
    }

    package func context(_ operation: String = "Test") -> CommandContext {
        CommandContext(now: now, actor: actor, operation: operation, chance: chance)
    }

    /// One transaction: committed when `body` returns, undone when it throws.
    @discardableResult
    package func transact<Result>(
        _ operation: String = "Test", _ body: (any StoreTransaction, CommandContext) throws -> Result
    ) throws -> Result {
        try connection.run(script: connection.dialect.beginWriting)
        do {
            let result = try body(interpose(session), context(operation))
            try connection.run(script: "COMMIT")
            return result
        } catch {
            try connection.run(script: "ROLLBACK")
            throw error
        }
    }

    /// A transaction that a crash ends just before its commit: whatever it answered, nothing of it is left.
    package func transactAndCrash<Result>(
        _ operation: String, _ body: (any StoreTransaction, CommandContext) throws -> Result
    ) throws {
        try connection.run(script: connection.dialect.beginWriting)
        _ = try? body(interpose(session), context(operation))  // nobody hears the answer
        try connection.run(script: "ROLLBACK")
    }

    package func advance(milliseconds: Int64) {
        now = now.adding(milliseconds: milliseconds)
    }
}

// MARK: - Short forms for tests

extension EngineWorld {
    package var workspace: Workspace {
        get throws { try Lookup(session).workspace("", for: actor) }
    }

    @discardableResult
    package func project(_ key: String = "API", _ settings: ProjectSettings = ProjectSettings()) throws -> Project {
        let workspace = try workspace.id
        return try transact { tx, context in
            try CreateProject.run(.init(workspace: workspace, key: key, settings: settings), in: tx, context)
        }
    }

    /// - Parameter waitsFor: what the task depends on, with the policy `block` unless said otherwise.
    @discardableResult
    package func task(
        _ title: String, in project: Project, waitsFor: [WorkTask] = [], policy: Dependency.Policy = .block,
        parent: WorkTask? = nil, _ configure: (inout TaskDraft) -> Void = { _ in }
    ) throws -> WorkTask {
        var draft = TaskDraft(title: title)
        configure(&draft)
        let dependencies = try waitsFor.map { (task: try fresh($0), policy: policy) }
        return try transact { tx, context in
            try CreateTask.run(
                .init(project: project, draft: draft, dependencies: dependencies, parent: parent), in: tx, context)
        }
    }

    @discardableResult
    package func agent(
        _ name: String, tags: [String] = [], capabilities: [String: String] = [:], capacity: Int = 1
    ) throws -> Agent {
        let workspace = try workspace.id
        return try transact { tx, context in
            try RegisterAgent.run(
                .init(
                    workspace: workspace, name: name, tags: tags, capabilities: capabilities, capacity: capacity),
                in: tx, context
            ).agent
        }
    }

    /// The task as it stands now.
    package func fresh(_ task: WorkTask) throws -> WorkTask {
        try Lookup(session).task(task.id.text, in: task.workspace)
    }

    @discardableResult
    package func claim(_ task: WorkTask, by agent: String, ttlMS: Int64? = nil) throws -> Claim {
        let task = try fresh(task)
        return try transact("ClaimTask") { tx, context in
            try ClaimTask.run(.init(task: task, terms: .init(agentName: agent, ttlMS: ttlMS)), in: tx, context)
        }
    }

    package func claimBest(by agent: String, count: Int = 1, in project: Project? = nil) throws -> [Claim] {
        let workspace = try workspace.id
        return try transact("ClaimTasks") { tx, context in
            try ClaimTasks.run(
                .init(workspace: workspace, project: project, terms: .init(agentName: agent), count: count), in: tx,
                context)
        }
    }

    package func complete(
        _ task: WorkTask, token: Int64, _ outcome: WorkOutcome = WorkOutcome()
    ) throws -> CompleteTask.Output {
        let task = try fresh(task)
        return try transact("CompleteTask") { tx, context in
            try CompleteTask.run(.init(task: task, token: token, outcome: outcome), in: tx, context)
        }
    }

    @discardableResult
    package func fail(_ task: WorkTask, token: Int64, _ error: String = "broken") throws -> WorkTask {
        let task = try fresh(task)
        return try transact("FailTask") { tx, context in
            try FailTask.run(.init(task: task, token: token, error: error), in: tx, context).0
        }
    }

    /// Everything that is due now, as the server's upkeep does it.
    package func tick() throws {
        try untilDone("ExpireLeases") { try ExpireLeases.run(ExpireLeases.batchMax, in: $0, $1) > 0 }
        try untilDone("PromoteDueTasks") { try PromoteDueTasks.run(500, in: $0, $1) > 0 }
        try untilDone("TimeOutGates") { try TimeOutGates.run(TimeOutGates.batchMax, in: $0, $1) > 0 }
        try untilDone("OfferTasks") { try OfferTasks.run(50, in: $0, $1) == 50 }
    }

    /// Rounds of one kind of upkeep at a time; work that never gets less is a defect.
    private static let upkeepRoundsMax = 1_000

    private func untilDone(
        _ operation: String, _ round: (any StoreTransaction, CommandContext) throws -> Bool
    ) throws {
        for _ in 0..<Self.upkeepRoundsMax where try !transact(operation, round) { return }
        throw Violation(10, "\(operation) finds the same work again and again")
    }
}
