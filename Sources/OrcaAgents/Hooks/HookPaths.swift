import OrcaSupport

/// Where the agents look for their configuration.
package struct HookPaths: Sendable {
    let environment: [String: String]
    /// Top of the project; for scopes other than `user`.
    let project: String

    package init(environment: [String: String], project: String) {
        self.environment = environment
        self.project = project
    }

    /// The file that the hooks of an agent go into.
    package func file(_ agent: HookAgent, _ scope: HookScope) throws(AgentError) -> String {
        switch (agent, scope) {
        case (.claude, .user): return try folder("CLAUDE_CONFIG_DIR", ".claude") + "/settings.json"
        case (.claude, .project): return project + "/.claude/settings.json"
        case (.claude, .local): return project + "/.claude/settings.local.json"
        case (.codex, .user): return try codexHome() + "/hooks.json"
        case (.codex, .project): return project + "/.codex/hooks.json"
        case (.gemini, .user): return try home() + "/.gemini/settings.json"
        case (.gemini, .project): return project + "/.gemini/settings.json"
        case (.cursor, .user): return try home() + "/.cursor/hooks.json"
        case (.cursor, .project): return project + "/.cursor/hooks.json"
        case (.opencode, .user): return try openCodeHome() + "/plugins/orca.js"
        case (.opencode, .project): return project + "/.opencode/plugins/orca.js"
        case (.copilot, .user): return try folder("COPILOT_HOME", ".copilot") + "/hooks/orca.json"
        case (.copilot, .project): return project + "/.github/hooks/orca.json"
        case (.codex, .local), (.gemini, .local), (.cursor, .local), (.opencode, .local), (.copilot, .local):
            throw AgentError(
                .unsupported, "\(agent.rawValue) has no local configuration. Use --scope user or --scope project.")
        }
    }

    /// Codex's own configuration, which holds what it trusts.
    package func codexConfig() throws(AgentError) -> String { try codexHome() + "/config.toml" }

    func codexHome() throws(AgentError) -> String { try folder("CODEX_HOME", ".codex") }

    func openCodeHome() throws(AgentError) -> String {
        if let config = absolute("XDG_CONFIG_HOME") { return config + "/opencode" }
        return try home() + "/.config/opencode"
    }

    func home() throws(AgentError) -> String {
        guard let home = absolute("HOME") else {
            throw AgentError(
                .fileUnusable, "$HOME is not set to an absolute path, so there is no place for settings. Set it.")
        }
        return home
    }

    func folder(_ variable: String, _ name: String) throws(AgentError) -> String {
        if let given = absolute(variable) { return given }
        return try home() + "/" + name
    }

    private func absolute(_ variable: String) -> String? {
        guard let value = environment[variable], value.hasPrefix("/") else { return nil }
        return value.count > 1 && value.hasSuffix("/") ? String(value.dropLast()) : value
    }
}
