/// What an agent's hook says, in the same words for all agents.
package struct AgentHookEvent: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case sessionStart = "session_start"
        case turnStart = "turn_start"
        case toolStart = "tool_start"
        case toolEnd = "tool_end"
        case needsInput = "needs_input"
        case turnEnd = "turn_end"
        case error
        case sessionEnd = "session_end"
    }

    package var kind: Kind
    /// What it needs or what failed: `permission`, `question`, `rate_limit`, …; empty when not said.
    package var detail: String
    /// Which agent reports; empty when not said.
    package var agentKind: String

    package init(_ kind: Kind, detail: String = "", agentKind: String = "") {
        self.kind = kind
        self.detail = detail
        self.agentKind = agentKind
    }
}
