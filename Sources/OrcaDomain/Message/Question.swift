/// A question that its asker waits for the answer of. It is a message of the same id, plus what became of it.
package struct Question: Sendable, Hashable {
    package enum Status: String, Sendable, Hashable, CaseIterable {
        case pending
        case answered
        /// Nobody waits for the answer any more.
        case closed
    }

    /// What can happen to a question.
    package enum Trigger: Sendable, Hashable, CaseIterable {
        case answered
        case closed
    }

    package var message: MessageID
    package var workspace: WorkspaceID
    package var asker: String
    package var status: Status
    package var answer: MessageID?
    /// While somebody waits for it: the answer is kept for them until then, and not handed out as ordinary mail.
    package var awaitedUntil: Timestamp?
    package var askedAt: Timestamp
    package var endedAt: Timestamp?

    package init(message: MessageID, workspace: WorkspaceID, asker: String, at now: Timestamp) {
        self.message = message
        self.workspace = workspace
        self.asker = asker
        status = .pending
        askedAt = now
    }

    /// Whether its answer is kept for a caller that waits.
    package func isAwaited(at now: Timestamp) -> Bool { awaitedUntil.map { $0 > now } ?? false }
}

extension Question.Status {
    /// The first answer counts; a later one is ordinary mail.
    package func on(_ trigger: Question.Trigger) -> Transition<Question.Status> {
        switch self {
        case .pending:
            switch trigger {
            case .answered: .to(.answered)
            case .closed: .to(.closed)
            }
        case .answered:
            switch trigger {
            case .answered, .closed: .unchanged
            }
        case .closed:
            switch trigger {
            // Late, but asked for once more with `--resume`.
            case .answered: .to(.answered)
            case .closed: .unchanged
            }
        }
    }
}
