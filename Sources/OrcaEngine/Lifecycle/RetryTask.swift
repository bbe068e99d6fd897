package import OrcaDomain
package import OrcaStore

/// Tries a failed task again: its failures are forgotten, its history stays. A task that still runs is left alone.
package enum RetryTask: Command {
    package static func run(
        _ failed: WorkTask, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> WorkTask {
        let ledger = Ledger(tx, context)
        var task = failed
        let holds = task.conditionsHold(at: context.now)
        guard try ledger.move(&task, on: .retried(conditionsHold: holds), verb: "retried") else { return task }
        task.failures = 0
        task.backoffUntil = nil
        try ledger.save(&task, before: failed)
        try ledger.record(.taskRetried, task)
        try Dependents(ledger).follow(task, from: failed.status)
        return task
    }
}
