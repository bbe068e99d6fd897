/// A decision that blocks a task until somebody has made it.
package struct Gate: Sendable, Hashable {
    /// Who is asked.
    package enum Audience: String, Sendable, Hashable, CaseIterable {
        case coordinator
        /// Only a person can answer; such gates are the user's open questions.
        case user
    }

    package enum Status: String, Sendable, Hashable, CaseIterable {
        case pending
        case resolved
        /// Nobody answered in time; the default was taken.
        case timeout
        /// The task was finished or changed by hand while the gate was open.
        case canceled
    }

    package var id: GateID
    package var workspace: WorkspaceID
    package var task: TaskID
    package var taskRef: String
    package var run: RunID?
    package var question: String
    /// What one may choose from; empty means any text.
    package var options: [String]
    package var audience: Audience
    package var status: Status
    package var resolution: String
    /// What is taken when the time is up; needs `timeoutAt`.
    package var fallback: String
    package var timeoutAt: Timestamp?
    /// The mail that asked, if one did: its sender is answered with the resolution.
    package var message: MessageID?
    package var createdBy: String
    package var resolvedBy: String
    package var createdAt: Timestamp
    package var resolvedAt: Timestamp?

    package init(id: GateID, task: WorkTask, question: String, createdBy: String, at now: Timestamp) {
        self.id = id
        workspace = task.workspace
        self.task = task.id
        taskRef = task.ref
        self.question = question
        self.createdBy = createdBy
        options = []
        audience = .coordinator
        status = .pending
        resolution = ""
        fallback = ""
        resolvedBy = ""
        createdAt = now
    }
}

/// What can happen to a gate.
package enum GateTrigger: Sendable, Hashable, CaseIterable {
    case answered
    case timedOut
    case taskLeft
}

extension Gate.Status {
    /// The gate's state machine: it closes once, and what was decided stays decided.
    package func on(_ trigger: GateTrigger) -> Transition<Gate.Status> {
        switch self {
        case .pending:
            switch trigger {
            case .answered: .to(.resolved)
            case .timedOut: .to(.timeout)
            case .taskLeft: .to(.canceled)
            }
        case .resolved, .timeout, .canceled:
            switch trigger {
            case .answered: .rejected(why: "it is already closed (\(rawValue))")
            case .timedOut, .taskLeft: .unchanged
            }
        }
    }
}
