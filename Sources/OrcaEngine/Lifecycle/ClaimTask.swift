package import OrcaDomain
package import OrcaStore

/// A claim that won: the task, the try at it, and the right to work on it.
package struct Claim: Sendable {
    package var task: WorkTask
    package var attempt: Attempt
    package var lease: Lease
}

/// Who claims, and on what terms.
package struct ClaimTerms: Sendable {
    package var agentName: String
    /// `nil` takes the project's.
    package var ttlMS: Int64?
    package var session: String
    package var host: String

    package init(agentName: String, ttlMS: Int64? = nil, session: String = "", host: String = "") {
        self.agentName = agentName
        self.ttlMS = ttlMS
        self.session = session
        self.host = host
    }
}

/// Claims one named task: exactly one of any number of callers gets it.
package enum ClaimTask: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var terms: ClaimTerms

        package init(task: WorkTask, terms: ClaimTerms) {
            self.task = task
            self.terms = terms
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Claim {
        try ClaimRefusal.check(input.task, at: context.now, in: tx)
        let agent = try Roster(tx, context).agent(for: input.terms, in: input.task.workspace)
        try ClaimRefusal.check(agent)
        let project = try Lookup(tx).project(of: input.task)
        try ClaimRefusal.check(agent, against: input.task, project, in: tx)
        return try Dispatch(tx, context).dispatch(input.task, to: agent, in: project, input.terms)
    }
}

/// Claims up to `count` of the best ready tasks in one transaction: priority, then age.
package enum ClaimTasks: Command {
    package struct Input: Sendable {
        package var workspace: WorkspaceID
        /// `nil` means any project of the workspace.
        package var project: Project?
        package var terms: ClaimTerms
        package var count: Int

        package init(workspace: WorkspaceID, project: Project?, terms: ClaimTerms, count: Int) {
            self.workspace = workspace
            self.project = project
            self.terms = terms
            self.count = count
        }
    }

    /// Empty when nothing that this agent may claim is ready.
    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> [Claim] {
        guard (1...Limits.claimBatchMax).contains(input.count) else {
            throw DomainError(
                .invalidArgument, "count is \(input.count); claim 1 to \(Limits.claimBatchMax) tasks at a time.",
                details: ["field": "count"])
        }
        var agent = try Roster(tx, context).agent(for: input.terms, in: input.workspace)
        try ClaimRefusal.check(agent)
        let queue = ClaimQueue(store: tx, now: context.now)
        var claims: [Claim] = []
        while claims.count < min(input.count, Limits.claimBatchMax), agent.freeSlots > 0 {
            guard let best = try queue.best(for: agent, in: input.workspace, only: input.project) else { break }
            claims.append(try Dispatch(tx, context).dispatch(best.task, to: agent, in: best.project, input.terms))
            agent.activeLeases += 1
        }
        return claims
    }
}
