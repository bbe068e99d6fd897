package import OrcaDomain
package import OrcaStore

/// Keeps the lease of a task alive. Until the sweep has taken it, an overdue lease can still be renewed. Renewals are
/// state of the lease, not news: they are not in the event log.
package enum RenewLease: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var token: Int64
        package var ttlMS: Int64?

        package init(task: WorkTask, token: Int64, ttlMS: Int64? = nil) {
            self.task = task
            self.token = token
            self.ttlMS = ttlMS
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Lease {
        if let ttl = input.ttlMS { try LeaseTerms.check(ttlMS: ttl) }
        var held = try FenceCheck(store: tx, context: context).require(input.task, token: input.token)
        guard !held.lease.isOffer else {
            throw DomainError(
                .offerPending,
                "\(input.task.ref) was offered to \(held.lease.agentName) and not accepted yet. Accept it with "
                    + "'orca lease accept \(input.task.ref)' first.",
                details: ["task": input.task.ref])
        }
        held.lease.renew(at: context.now, ttlMS: input.ttlMS)
        try tx.save(held.lease)
        try tx.touch(held.lease.agent, at: context.now, leases: 0)
        return held.lease
    }
}

/// Acknowledges an offer: its short lease becomes a full one. Accepting twice is the same as once.
package enum AcceptOffer: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var token: Int64

        package init(task: WorkTask, token: Int64) {
            self.task = task
            self.token = token
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Claim {
        var held = try FenceCheck(store: tx, context: context).require(input.task, token: input.token)
        guard held.lease.isOffer else { return Claim(task: held.task, attempt: held.attempt, lease: held.lease) }
        let project = try Lookup(tx).project(of: held.task)
        held.lease.isOffer = false
        held.lease.renew(at: context.now, ttlMS: project.settings.leaseTTLMS)
        try tx.save(held.lease)
        try tx.touch(held.lease.agent, at: context.now, leases: 0)
        try Ledger(tx, context).record(
            .taskAccepted, held.task,
            ["attempt": .text(held.attempt.id.text), "agent": .text(held.lease.agentName)])
        return Claim(task: held.task, attempt: held.attempt, lease: held.lease)
    }
}
