package import OrcaDomain
package import OrcaStore

/// Says how far the work is, which also renews the lease.
package enum ReportProgress: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var token: Int64
        package var message: String
        package var percent: Int

        package init(task: WorkTask, token: Int64, message: String, percent: Int) {
            self.task = task
            self.token = token
            self.message = message
            self.percent = percent
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> (Attempt, Lease) {
        try Names.checkLength(input.message, max: Limits.progressBytesMax, field: "message")
        guard (0...100).contains(input.percent) else {
            throw DomainError(
                .invalidArgument, "percent is \(input.percent); it must be between 0 and 100.",
                details: ["field": "percent"])
        }
        var held = try FenceCheck(store: tx, context: context).require(input.task, token: input.token)
        held.lease.renew(at: context.now, ttlMS: nil)
        let isNews = held.attempt.progress != input.message || held.attempt.progressPercent != input.percent
        held.attempt.progress = input.message
        held.attempt.progressPercent = input.percent
        held.attempt.progressAt = context.now
        try tx.save(held.attempt)
        try tx.save(held.lease)
        try tx.touch(held.lease.agent, at: context.now, leases: 0)
        if isNews {
            try Ledger(tx, context).record(
                .taskProgressed, held.task,
                ["message": .text(input.message), "percent": .number(Int64(input.percent))])
        }
        return (held.attempt, held.lease)
    }
}
