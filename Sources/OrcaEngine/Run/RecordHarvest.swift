package import OrcaDomain
package import OrcaStore

/// Writes down which branch and commit the work of a completed attempt is in, when whoever looks after its checkout
/// knows it. What the worker itself has said stands.
package enum RecordHarvest: Command {
    package struct Input: Sendable {
        package var attempt: AttemptID
        package var branch: String
        package var commit: String

        package init(attempt: AttemptID, branch: String, commit: String) {
            self.attempt = attempt
            self.branch = branch
            self.commit = commit
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws {
        try Names.checkLength(input.branch, max: Limits.textBytesMax, field: "branch")
        try Names.checkLength(input.commit, max: Limits.textBytesMax, field: "commit")
        guard var attempt = try tx.attempts.find(input.attempt), let task = try tx.tasks.find(attempt.task) else {
            return
        }
        if attempt.branch.isEmpty {
            attempt.branch = input.branch
            attempt.commit = input.commit
            try tx.save(attempt)
        }
        guard task.status == .completed, task.attempt == attempt.id else { return }
        var body = try Lookup(tx).body(of: task.id)
        guard body.branch.isEmpty else { return }
        body.branch = input.branch
        body.commit = input.commit
        try tx.save(body, of: task.id)
        var changed = task
        changed.version += 1
        changed.updatedAt = context.now
        try tx.save(changed, before: task)
        try Ledger(tx, context).record(
            .taskUpdated, changed, ["branch": .text(input.branch), "commit": .text(input.commit)])
    }
}
