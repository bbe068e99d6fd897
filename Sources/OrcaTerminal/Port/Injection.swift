/// How text is typed into a terminal.
package struct InjectionOptions: Sendable, Hashable {
    /// Conditions under which nothing may be typed.
    package struct Guards: OptionSet, Sendable, Hashable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        /// The agent works, has not started yet, or waits for a rate limit to end.
        package static let busy = Guards(rawValue: 1)
        /// A permission prompt or another dialog is open: the text would answer it.
        package static let permission = Guards(rawValue: 2)
        /// A person typed here in the last `TerminalLimits.typingQuietMS`.
        package static let typing = Guards(rawValue: 4)
        /// No agent runs here.
        package static let agent = Guards(rawValue: 8)
        /// Several lines for a program that would carry out each of them.
        package static let unbracketed = Guards(rawValue: 16)

        /// For prompts that Orca sends by itself.
        package static let prompt: Guards = [.busy, .permission, .typing, .agent, .unbracketed]
        /// For what a caller asks to be sent: shells are fine.
        package static let explicit: Guards = [.busy, .permission, .typing, .unbracketed]
    }

    package var guards: Guards
    /// Press Enter after the text.
    package var submits: Bool
    /// How long to look for evidence that the text was taken; 0 answers `written` at once.
    package var verifyMS: Int64

    package init(guards: Guards = .prompt, submits: Bool = true, verifyMS: Int64 = TerminalLimits.verifyMS) {
        self.guards = guards
        self.submits = submits
        self.verifyMS = verifyMS
    }
}

/// How far an injection came. It is never repeated by itself: only Enter is.
package struct InjectionReceipt: Sendable, Hashable {
    package enum Stage: Sendable, Hashable {
        /// Nothing was typed.
        case refused(RefusedReason)
        /// The text is in the terminal; Enter was not asked for or was not watched.
        case written
        /// Enter was pressed, and the program took the text.
        case submitted
        /// Enter was pressed, and nothing showed in time whether the text was taken.
        case unconfirmed
    }

    package enum RefusedReason: String, Sendable, Hashable, CaseIterable {
        case busy, permission, typing
        case noAgent = "no-agent"
        case multilineUnbracketed = "multiline-unbracketed"
        case gone

        /// What is the matter and what to do.
        package var explanation: String {
            switch self {
            case .busy: "The agent is busy. Wait for it with 'orca terminal wait --for tui-idle' and send again."
            case .permission:
                "A permission prompt or dialog is open; text would answer it. Look with 'orca terminal read --screen', then answer it."
            case .typing: "Somebody is typing in this terminal. Try again when they have stopped."
            case .noAgent: "No agent runs in this terminal. Start one there, or choose another terminal."
            case .multilineUnbracketed:
                "The program would run each line of this text by itself. Send one line, or start a program that takes pasted text."
            case .gone: "The program in this terminal has ended."
            }
        }
    }

    package var stage: Stage
    /// Bytes that were typed, Enter included.
    package var bytesWritten: Int
    /// The terminal's epoch after the injection.
    package var epoch: Int64

    package init(_ stage: Stage, bytesWritten: Int = 0, epoch: Int64 = 0) {
        self.stage = stage
        self.bytesWritten = bytesWritten
        self.epoch = epoch
    }

    package var refusal: RefusedReason? {
        guard case .refused(let reason) = stage else { return nil }
        return reason
    }
}

/// Keys that may be pressed. Text never turns into one of them.
package enum TerminalKey: String, Sendable, Hashable, CaseIterable {
    case enter, escape, tab, backspace, up, down, left, right, home, end
    case pageUp = "page-up"
    case pageDown = "page-down"
    /// Ctrl-C.
    case interrupt
    /// Ctrl-D.
    case endOfInput = "eof"
}
