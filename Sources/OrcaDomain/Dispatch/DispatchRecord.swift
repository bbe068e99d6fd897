/// What the orchestration layer knows about an attempt beside the attempt itself: who handed it out, in which terminal
/// it is worked on, and how far its prompt has come. There is no second state machine: whether the work is under way,
/// done or lost is the attempt's outcome.
package struct DispatchRecord: Sendable, Hashable {
    /// How far the prompt has come on its way into the terminal.
    package enum Prompt: String, Sendable, Hashable, CaseIterable {
        /// The dispatcher tells the worker in its own way.
        case none
        /// Waits until the terminal can take it.
        case queued
        /// Is being typed. After a crash nobody knows how far it came; the screen is asked.
        case injecting
        /// Was typed, and it is not known whether the agent took it.
        case injected
        /// The agent took it.
        case submitted
        /// Cannot be delivered; the attempt has failed for it.
        case failed
    }

    package var attempt: AttemptID
    package var workspace: WorkspaceID
    package var task: TaskID
    package var terminal: TerminalID
    /// Handle of the terminal that gets the mail of this work; empty when a person dispatched it.
    package var coordinator: String
    package var run: RunID?
    /// Consecutive failures of the task when this attempt began.
    package var failuresBefore: Int
    package var prompt: Prompt
    /// The text; emptied once it was submitted.
    package var promptText: String
    package var promptAt: Timestamp
    package var heartbeatAt: Timestamp?

    package init(attempt: Attempt, terminal: TerminalID, coordinator: String, run: RunID?, failuresBefore: Int) {
        self.attempt = attempt.id
        workspace = attempt.workspace
        task = attempt.task
        self.terminal = terminal
        self.coordinator = coordinator
        self.run = run
        self.failuresBefore = failuresBefore
        prompt = .none
        promptText = ""
        promptAt = attempt.startedAt
    }

    /// An attempt's id in the words of the orchestration layer: the same suffix after `ctx_`.
    package static func shownID(of attempt: AttemptID) -> String {
        "ctx_" + attempt.text.dropFirst(AttemptKind.prefix.count)
    }

    /// The attempt behind a `ctx_…`; `nil` when the word has another form.
    package static func attempt(shownAs word: String) -> AttemptID? {
        guard word.hasPrefix("ctx_"), word.utf8.count > 4 else { return nil }
        return AttemptID(suffix: String(word.dropFirst(4)))
    }
}

extension DispatchRecord.Prompt {
    /// What can happen to a prompt.
    package enum Trigger: Sendable, Hashable, CaseIterable {
        case typingBegan
        case typed
        case taken
        /// The terminal would not take it now: busy, at a dialog, or a person types there.
        case refused
        case lost
    }

    package func on(_ trigger: Trigger) -> Transition<DispatchRecord.Prompt> {
        switch self {
        case .none:
            .rejected(why: "this dispatch has no prompt to deliver")
        case .queued:
            switch trigger {
            case .typingBegan: .to(.injecting)
            case .lost: .to(.failed)
            case .refused: .unchanged
            case .typed, .taken: .rejected(why: "nobody has begun to type it")
            }
        case .injecting:
            switch trigger {
            case .typingBegan: .unchanged
            case .typed: .to(.injected)
            case .taken: .to(.submitted)
            case .refused: .to(.queued)
            case .lost: .to(.failed)
            }
        case .injected:
            switch trigger {
            case .taken: .to(.submitted)
            case .typed: .unchanged
            case .lost: .to(.failed)
            case .typingBegan, .refused: .rejected(why: "it was typed already, and is never typed twice")
            }
        case .submitted:
            switch trigger {
            case .taken, .typed: .unchanged
            case .typingBegan, .refused, .lost: .rejected(why: "the agent has taken it")
            }
        case .failed:
            switch trigger {
            case .lost: .unchanged
            case .typingBegan, .typed, .taken, .refused: .rejected(why: "its attempt has failed")
            }
        }
    }
}
