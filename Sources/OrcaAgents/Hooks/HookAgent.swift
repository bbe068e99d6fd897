/// The agents whose hooks Orca knows.
package enum HookAgent: String, Sendable, Hashable, CaseIterable {
    case claude, codex, gemini, cursor, opencode, copilot

    package static func require(_ id: String) throws(AgentError) -> HookAgent {
        if let agent = HookAgent(rawValue: id) { return agent }
        let known = allCases.map(\.rawValue).joined(separator: ", ")
        throw AgentError(.unsupported, "There are no hooks for the agent '\(id)'. Give one of \(known).")
    }

    /// Whether it reads what a hook prints.
    package var readsOutput: Bool {
        switch self {
        case .claude, .codex, .gemini, .cursor, .copilot: true
        case .opencode: false
        }
    }
}

/// Whose sessions get the hooks.
package enum HookScope: String, Sendable, Hashable, CaseIterable {
    /// All of this person's.
    case user
    /// Those in this project, for everybody who works on it.
    case project
    /// Those in this project, for this person.
    case local
}

/// What an agent's hook says has happened, in the words of all agents.
package enum HookEvent: String, Sendable, Hashable, CaseIterable {
    case sessionStart = "session_start"
    case turnStart = "turn_start"
    case toolStart = "tool_start"
    case toolEnd = "tool_end"
    case needsInput = "needs_input"
    case turnEnd = "turn_end"
    case error
    case sessionEnd = "session_end"
}
