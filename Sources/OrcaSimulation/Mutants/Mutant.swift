/// A deliberate bug. The simulator must find each of them; one that it does not find is a hole in its checks.
package enum Mutant: String, Sendable, CaseIterable {
    /// A lease stays after its attempt has ended.
    case leaseNotReleased
    /// An agent's slot stays taken.
    case slotNotReleased
    /// A stale token passes the fence.
    case fenceOpen
    /// A task's token does not grow with a claim.
    case tokenReused
    /// Now and then an event is not written.
    case eventLost
    /// Now and then an event is written twice.
    case eventDoubled
    /// An event says something else than what was stored.
    case eventFalse
    /// The reply to an idempotent write is not kept.
    case replyForgotten
    /// Nobody is told that a dependency was completed.
    case dependentsForgotten
    /// A new task does not wait for its dependencies.
    case dependenciesIgnored
    /// Overdue leases are never found.
    case expiryForgotten
    /// After a restart nobody gets more time.
    case graceForgotten
    /// A failed task is handed out again without its backoff.
    case backoffIgnored
    /// Failures are not counted.
    case failuresForgotten
    /// A completed task falls back to ready.
    case completionUndone
    /// A gate is asked, and nobody keeps it.
    case gateLost
    /// A gate's answer is not written down.
    case gateNeverClosed
    /// Now and then a message is not kept.
    case mailLost
    /// It is not written down who has a message.
    case mailNotTaken
    /// It is not written down that a message was read.
    case mailReadForgotten
    /// Mail that is with somebody is not seen, and newer mail of its thread overtakes it.
    case mailOvertaken
    /// It is not written down that a message was typed.
    case mailTypedForgotten
    /// What was acknowledged is not there after a crash.
    case commitLost
}
