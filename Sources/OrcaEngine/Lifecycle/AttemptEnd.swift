import OrcaDomain
import OrcaStore

/// Ends the live attempt of a task: the attempt's row, its lease and its agent's slot go together, always.
struct AttemptEnd {
    let ledger: Ledger

    init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    /// - Parameter task: loses its holder; the caller moves and saves it.
    func end(_ held: inout FenceCheck.Held, as outcome: Attempt.Outcome, error: String = "") throws {
        switch held.attempt.outcome.ending(outcome) {
        case .to(let ended): held.attempt.outcome = ended
        case .unchanged: break
        case .rejected(let why): throw DomainError(.invalidTransition, "\(held.task.ref): \(why).")
        }
        held.attempt.endedAt = ledger.context.now
        if !error.isEmpty { held.attempt.error = error }
        held.task.holder = ""
        try ledger.tx.save(held.attempt)
        try ledger.tx.delete(held.lease)
        // What others end is no sign of life: a dead agent would be offered work again because its lease ran out.
        let isAgentsWord = [.succeeded, .failed, .released].contains(outcome)
        let seen = isAgentsWord ? ledger.context.now : Timestamp(milliseconds: 0)
        try ledger.tx.touch(held.lease.agent, at: seen, leases: -1)
    }

    /// The same for a task that may or may not be held.
    func endIfHeld(_ task: inout WorkTask, as outcome: Attempt.Outcome, error: String) throws {
        guard let lease = try ledger.tx.leases.live(task.id) else { return }
        guard let attempt = try ledger.tx.attempts.find(lease.attempt) else {
            throw StoreError.corrupt("the attempt of the lease on \(task.ref) is missing")
        }
        var held = FenceCheck.Held(task: task, lease: lease, attempt: attempt)
        try end(&held, as: outcome, error: error)
        task = held.task
    }

    /// What follows a failure or an expiry: another attempt after its backoff, or the end.
    func fallBack(_ task: inout WorkTask, project: Project, countsAsFailure: Bool) throws {
        if countsAsFailure { task.failures += 1 }
        let policy = task.retry ?? project.settings.retry
        let another = policy.allowsAnother(afterFailures: task.failures)
        _ = try ledger.move(&task, on: .attemptEnded(attemptsLeft: another), verb: "given back")
        guard another else { return }
        if countsAsFailure {
            let delay = policy.delayMS(afterFailures: task.failures, unit: ledger.context.chance.unit())
            task.backoffUntil = ledger.context.now.adding(milliseconds: delay)
        }
        // Something it waits for may have come undone while it was held.
        _ = try ledger.recompute(&task)
    }
}
