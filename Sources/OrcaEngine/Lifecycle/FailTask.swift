package import OrcaDomain
package import OrcaStore

/// Ends the live attempt as failed; the task is tried again while its policy allows.
package enum FailTask: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var token: Int64
        package var error: String
        package var outcome: WorkOutcome

        package init(task: WorkTask, token: Int64, error: String, outcome: WorkOutcome = WorkOutcome()) {
            self.task = task
            self.token = token
            self.error = error
            self.outcome = outcome
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> (WorkTask, Attempt) {
        try input.outcome.check()
        try Names.checkLength(input.error, max: Limits.errorBytesMax, field: "error")
        let fence = FenceCheck(store: tx, context: context)
        let lease = try tx.leases.live(input.task.id)
        let attempt = try fence.attempt(of: input.task, token: input.token, lease: lease)
        if attempt.outcome == .failed { return (input.task, attempt) }  // said before
        var held = try fence.require(input.task, token: input.token)
        let ledger = Ledger(tx, context)
        input.outcome.write(to: &held.attempt)
        let end = AttemptEnd(ledger)
        try end.end(&held, as: .failed, error: input.error.isEmpty ? "no reason was given" : input.error)
        var task = held.task
        try end.fallBack(&task, project: try Lookup(tx).project(of: task), countsAsFailure: true)
        try ledger.save(&task, before: input.task)
        try input.outcome.write(toBodyOf: task, error: held.attempt.error, in: tx)
        try ledger.record(
            task.status == .failed ? .taskFailed : .taskAttemptFailed, task,
            [
                "attempt": .text(held.attempt.id.text), "agent": .text(held.attempt.agentName),
                "error": .text(String(held.attempt.error.prefix(500))),
                "backoff_until": .number(task.backoffUntil?.milliseconds ?? 0),
            ])
        try Dependents(ledger).follow(task, from: input.task.status)
        return (task, held.attempt)
    }
}
