import OrcaDomain
package import OrcaStore

/// The expiry sweep: takes overdue leases back, atomically with any renewal. Answers how many it took.
package enum ExpireLeases: Command {
    /// How many leases one transaction takes at most.
    package static let batchMax = 200

    package static func run(_ limit: Int, in tx: any StoreTransaction, _ context: CommandContext) throws -> Int {
        let overdue = try tx.leases.overdue(at: context.now, limit: min(limit, batchMax))
        for lease in overdue { try expire(lease, in: tx, context) }
        return overdue.count
    }

    private static func expire(_ lease: Lease, in tx: any StoreTransaction, _ context: CommandContext) throws {
        guard let before = try tx.tasks.find(lease.task), let attempt = try tx.attempts.find(lease.attempt) else {
            throw StoreError.corrupt("the lease on \(lease.taskRef) has no task or no attempt")
        }
        let ledger = Ledger(tx, context)
        let end = AttemptEnd(ledger)
        var held = FenceCheck.Held(task: before, lease: lease, attempt: attempt)
        // An offer that nobody took is not a failure of the task.
        let outcome = lease.isOffer ? Attempt.Outcome.released : .expired
        let why =
            lease.isOffer
            ? "the offer was not accepted in time"
            : "the lease ran out: no sign of life from \(lease.agentName) for "
                + Texts.duration(milliseconds: context.now.milliseconds - lease.renewedAt.milliseconds)
        try end.end(&held, as: outcome, error: why)
        var task = held.task
        let project = try Lookup(tx).project(of: task)
        let counts = outcome.countsAsFailure(expiryCounts: project.settings.expiryCounts)
        try end.fallBack(&task, project: project, countsAsFailure: counts)
        try ledger.save(&task, before: before)
        let data: EventData = [
            "attempt": .text(attempt.id.text), "reason": .text("lease_expired"),
            "previous_agent": .text(lease.agentName),
            "backoff_until": .number(task.backoffUntil?.milliseconds ?? 0),
        ]
        try ledger.record(lease.isOffer ? .offerLapsed : .leaseExpired, task, data)
        if task.status == .failed { try ledger.record(.taskFailed, task, ["error": .text(why)]) }
        try Dependents(ledger).follow(task, from: before.status)
    }
}
