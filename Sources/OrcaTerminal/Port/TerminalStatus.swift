/// What the program in a terminal is doing.
package enum TerminalState: String, Sendable, Hashable, CaseIterable {
    /// Nothing is known yet; never counts as idle.
    case starting
    /// It waits for the next prompt.
    case idle
    case working
    /// It asks something that is no permission: a menu, a trust or update dialog, a question.
    case waitingInput = "waiting_input"
    case permission
    case rateLimited = "rate_limited"
    /// Its program has ended.
    case exited

    /// Whether it needs somebody before it can go on.
    package var isBlocked: Bool {
        switch self {
        case .waitingInput, .permission: true
        case .starting, .idle, .working, .rateLimited, .exited: false
        }
    }
}

/// Which kind of evidence decided, strongest first.
package enum EvidenceLayer: String, Sendable, Hashable, CaseIterable {
    case process, hook, title, progress, pasteMode = "paste_mode", screen, quiet, none
}

/// How a terminal's program ended.
package enum TerminalExit: Sendable, Hashable {
    case code(Int32)
    case signal(Int32)
    /// The server of the terminals went away, and all of them with it.
    case lost

    /// As a shell would tell it; `nil` when nobody knows.
    package var code: Int32? {
        switch self {
        case .code(let code): code
        case .signal(let number): 128 + number
        case .lost: nil
        }
    }
}

/// A terminal at one moment. Times are milliseconds since 1970.
package struct TerminalStatus: Sendable, Hashable {
    package var handle: String
    package var state: TerminalState
    package var layer: EvidenceLayer
    /// Which dialog blocks it: `codex-trust-workspace`, `permission-prompt`, …; empty when none does.
    package var blockedReason: String
    /// Since when it is in this state.
    package var sinceMS: Int64
    /// Grows with every injection; `idle` of an older epoch is no answer to a newer prompt.
    package var epoch: Int64
    /// The epoch in which `idle` was last reached; -1 before the first time.
    package var idleEpoch: Int64
    /// Whether an agent is known to run here. False for plain shells, and when the agent's program has ended
    /// although its shell lives on.
    package var isAgentAlive: Bool
    package var agentKind: String
    /// Somebody stopped its program (SIGSTOP): it lives and does nothing.
    package var isStopped: Bool
    /// Exit code of the agent or command whose shell lives on, when the shell told.
    package var commandExit: Int32?
    package var exit: TerminalExit?
    /// Given by people, else by the program, else empty.
    package var title: String
    /// What the program itself calls its window.
    package var programTitle: String
    package var lastOutputAtMS: Int64?
    package var lastHumanInputAtMS: Int64?
    /// Last non-blank lines, at most `TerminalLimits.previewCharacters`.
    package var preview: String

    package init(handle: String, state: TerminalState = .starting, agentKind: String = "", sinceMS: Int64 = 0) {
        self.handle = handle
        self.state = state
        layer = .none
        blockedReason = ""
        self.sinceMS = sinceMS
        epoch = 0
        idleEpoch = -1
        isAgentAlive = false
        isStopped = false
        self.agentKind = agentKind
        title = ""
        programTitle = ""
        preview = ""
    }

    /// Idle, and that is news since the last thing that was typed here.
    package var isIdleSinceInput: Bool { state == .idle && idleEpoch >= epoch }
}

/// Something about a terminal that became different.
package struct TerminalChange: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case created
        /// Its state, blocked reason or idle epoch.
        case state(from: TerminalState)
        case title
        /// An agent was found running here, or its program has ended while its shell lives on.
        case agentStarted
        case agentEnded
        case exited
        case closed
    }

    package var kind: Kind
    /// As it is after the change.
    package var status: TerminalStatus

    package init(_ kind: Kind, _ status: TerminalStatus) {
        self.kind = kind
        self.status = status
    }
}
