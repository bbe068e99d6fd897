/// Where a task stands. Clients never set `ready`; the engine computes it.
package enum TaskStatus: String, Sendable, Hashable, CaseIterable {
    /// Waits for dependencies or a start time.
    case pending
    /// Can be claimed (once its backoff has passed).
    case ready
    /// Held by a live attempt.
    case dispatched
    /// A gate is open.
    case blocked
    case completed
    case failed
    case canceled

    /// Final but for the recorded override; `failed` can also be retried.
    package var isFinished: Bool {
        switch self {
        case .completed, .failed, .canceled: true
        case .pending, .ready, .dispatched, .blocked: false
        }
    }
}

/// What can happen to a task.
package enum TaskTrigger: Sendable, Hashable {
    /// The last dependency or the start time was met.
    case conditionsMet
    /// A dependency was added, or one was reopened.
    case conditionsLost
    case claimed
    case attemptSucceeded
    /// A completion whose lease was lost, while nobody else holds the task.
    case lateSuccessAdopted
    /// The attempt failed, expired or was released.
    case attemptEnded(attemptsLeft: Bool)
    case gateOpened
    case lastGateClosed(conditionsHold: Bool)
    case retried(conditionsHold: Bool)
    case canceled
    /// By hand, by somebody who may.
    case overridden(to: TaskStatus)
}
