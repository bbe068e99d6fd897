package import OrcaDomain
package import OrcaStore

/// Cancels a task; a live attempt ends and its token is dead. Canceling twice is the same as once.
package enum CancelTask: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var reason: String

        package init(task: WorkTask, reason: String) {
            self.task = task
            self.reason = reason
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> WorkTask {
        try Names.checkLength(input.reason, max: Limits.reasonBytesMax, field: "reason")
        let ledger = Ledger(tx, context)
        var task = input.task
        guard try ledger.move(&task, on: .canceled, verb: "canceled") else { return task }
        let why = input.reason.isEmpty ? "canceled by \(context.actor.name)" : input.reason
        try AttemptEnd(ledger).endIfHeld(&task, as: .canceled, error: why)
        try GateKeeper(ledger).cancelOpen(of: &task, why: why)
        task.backoffUntil = nil
        try ledger.save(&task, before: input.task)
        try ledger.record(.taskCanceled, task, ["reason": .text(why)])
        try Dependents(ledger).follow(task, from: input.task.status)
        return task
    }
}
