/// Whom mail is for, as somebody wrote it. Whether it exists is for the store to say.
package enum MailAddress: Sendable, Hashable {
    case terminal(TerminalID)
    /// An agent that needs no terminal: `agent:NAME`.
    case agent(String)
    /// The coordinator of a run, wherever it is.
    case run(RunID)
    /// Whoever handed out the sender's work; the workspace's own mailbox when nobody did.
    case coordinator
    case group(MailGroup)
    /// Nothing that mail can be sent to.
    case unknown

    private static let agentPrefix = "agent:"
    private static let runPrefix = "run:"
    package static let coordinatorWord = "coordinator"

    package init(_ word: String) {
        if word.hasPrefix("@") {
            self = .group(MailGroup(word))
        } else if word == Self.coordinatorWord {
            self = .coordinator
        } else if word.hasPrefix(Self.agentPrefix), word.utf8.count > Self.agentPrefix.utf8.count {
            self = .agent(String(word.dropFirst(Self.agentPrefix.count)))
        } else if word.hasPrefix(Self.runPrefix + RunKind.prefix) {
            self = .run(RunID(stored: String(word.dropFirst(Self.runPrefix.count))))
        } else if word.hasPrefix(RunKind.prefix) {
            self = .run(RunID(stored: word))
        } else if word.hasPrefix(TerminalKind.prefix) {
            self = .terminal(TerminalID(stored: word))
        } else {
            self = .unknown
        }
    }

    /// As it stands in a message.
    package var text: String {
        switch self {
        case .terminal(let id): id.text
        case .agent(let name): Self.agentPrefix + name
        case .run(let id): id.text
        case .coordinator: Self.coordinatorWord
        case .group(let group): group.text
        case .unknown: ""
        }
    }
}

/// Several recipients under one name, found when the mail is sent.
package enum MailGroup: Sendable, Hashable {
    case all
    case idle
    case worktree(String)
    /// Terminals of one kind of agent.
    case agents(String)

    private static let worktreePrefix = "@worktree:"

    /// - Parameter word: begins with `@`.
    package init(_ word: String) {
        if word.lowercased().hasPrefix(Self.worktreePrefix) {
            self = .worktree(String(word.dropFirst(Self.worktreePrefix.count)))
            return
        }
        let name = word.dropFirst().lowercased()
        switch name {
        case "all": self = .all
        case "idle": self = .idle
        default: self = .agents(name)
        }
    }

    package var text: String {
        switch self {
        case .all: "@all"
        case .idle: "@idle"
        case .worktree(let id): Self.worktreePrefix + id
        case .agents(let name): "@" + name
        }
    }

    /// Whether a live terminal belongs to it: by what runs there, or by a title that names the agent.
    package func includes(_ terminal: Terminal) -> Bool {
        switch self {
        case .all: true
        case .idle: terminal.state == .idle
        case .worktree(let id): !id.isEmpty && terminal.worktree == id
        case .agents(let name):
            !name.isEmpty
                && (terminal.kind.lowercased() == name
                    || Self.namesAgent(terminal.title, name) || Self.namesAgent(terminal.name, name))
        }
    }

    /// Whether the name stands in the title as a word of its own: not beside a letter, a digit or one of `. / \ -`.
    package static func namesAgent(_ title: String, _ name: String) -> Bool {
        let text = Array(title.lowercased().unicodeScalars)
        let word = Array(name.unicodeScalars)
        guard !word.isEmpty, text.count >= word.count else { return false }
        for start in 0...(text.count - word.count) where text[start..<start + word.count].elementsEqual(word) {
            let end = start + word.count
            if (start == 0 || !clings(text[start - 1])) && (end == text.count || !clings(text[end])) { return true }
        }
        return false
    }

    private static func clings(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || [".", "/", "\\", "-"].contains(scalar)
    }
}
