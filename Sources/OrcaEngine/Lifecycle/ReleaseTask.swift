package import OrcaDomain
package import OrcaStore

/// Gives a task back without counting a failure; it is ready at once.
package enum ReleaseTask: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var token: Int64
        package var reason: String

        package init(task: WorkTask, token: Int64, reason: String) {
            self.task = task
            self.token = token
            self.reason = reason
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> (WorkTask, Attempt) {
        try Names.checkLength(input.reason, max: Limits.reasonBytesMax, field: "reason")
        let fence = FenceCheck(store: tx, context: context)
        let lease = try tx.leases.live(input.task.id)
        let attempt = try fence.attempt(of: input.task, token: input.token, lease: lease)
        if attempt.outcome == .released { return (input.task, attempt) }  // said before
        var held = try fence.require(input.task, token: input.token)
        let ledger = Ledger(tx, context)
        let end = AttemptEnd(ledger)
        try end.end(&held, as: .released, error: input.reason)
        var task = held.task
        try end.fallBack(&task, project: try Lookup(tx).project(of: task), countsAsFailure: false)
        try ledger.save(&task, before: input.task)
        try ledger.record(
            .taskReleased, task,
            [
                "attempt": .text(held.attempt.id.text), "reason": .text(input.reason),
                "previous_agent": .text(held.attempt.agentName),
            ])
        return (task, held.attempt)
    }
}
