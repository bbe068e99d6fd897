import OrcaSupport

/// The agents that can be told about Orca as a server of the Model Context Protocol.
package enum MCPAgent: String, Sendable, Hashable, CaseIterable {
    case claude, codex, gemini, cursor, opencode

    /// What the server is called in the configuration, and with it the agent's tools.
    static let serverName = "orca"

    /// Where the server stands in a JSON configuration; `nil` for Codex, whose configuration is TOML.
    func trail(_ scope: HookScope, project: String, in root: ConfigText.Node) -> [String]? {
        switch self {
        case .codex: nil
        case .claude where scope == .local: ["projects", project, "mcpServers"]
        case .claude, .gemini, .cursor: ["mcpServers"]
        case .opencode:
            // Newer configurations have one object more.
            root["mcp"]?["servers"]?.members != nil && root["mcp"]?["servers"]?["command"] == nil
                ? ["mcp", "servers"] : ["mcp"]
        }
    }

    /// How the agent is told to start the program. Codex and others start it without most of the person's environment.
    func entry(_ command: [String], _ environment: [String: String]) -> JSONValue {
        let words = command.map { JSONValue.string($0) }
        var entry: JSONValue
        switch self {
        case .claude: entry = ["type": "stdio", "command": words[0], "args": .array(Array(words.dropFirst()))]
        case .gemini, .cursor, .codex: entry = ["command": words[0], "args": .array(Array(words.dropFirst()))]
        case .opencode: entry = ["type": "local", "command": .array(words), "enabled": true]
        }
        guard !environment.isEmpty, case .object(let members) = entry else { return entry }
        let variables = environment.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
        entry = .object(members + [.init(environmentKey, .object(variables))])
        return entry
    }

    private var environmentKey: String { self == .opencode ? "environment" : "env" }

    /// Whether an entry of ours gives the program these variables, and no other values of theirs.
    func hasEnvironment(_ environment: [String: String], in entry: JSONValue) -> Bool {
        MCPInstaller.variables.allSatisfy { entry[environmentKey]?[$0]?.stringValue == environment[$0] }
    }

    /// The command of an entry that is ours, of this or another version or place; `nil` for somebody else's.
    func command(of entry: JSONValue) -> [String]? {
        let words: [String]
        if let list = entry["command"]?.arrayValue {
            words = list.compactMap(\.stringValue)
        } else {
            words = [entry["command"]?.stringValue ?? ""] + (entry["args"]?.arrayValue ?? []).compactMap(\.stringValue)
        }
        return Self.isOurs(words) ? words : nil
    }

    static func isOurs(_ command: [String]) -> Bool {
        guard let program = command.first, command.dropFirst().contains("mcp") else { return false }
        return program == "orca" || program.hasSuffix("/orca")
    }
}

extension HookPaths {
    /// The file that an agent looks for servers in.
    package func configuration(of agent: MCPAgent, _ scope: HookScope) throws(AgentError) -> String {
        switch (agent, scope) {
        case (.claude, .user), (.claude, .local):
            // With a directory of its own for configuration, the file stands in there.
            if environment["CLAUDE_CONFIG_DIR"]?.hasPrefix("/") == true {
                return try folder("CLAUDE_CONFIG_DIR", ".claude") + "/.claude.json"
            }
            return try home() + "/.claude.json"
        case (.claude, .project): return project + "/.mcp.json"
        case (.codex, .user): return try codexConfig()
        case (.codex, .project): return project + "/.codex/config.toml"
        case (.gemini, .user): return try home() + "/.gemini/settings.json"
        case (.gemini, .project): return project + "/.gemini/settings.json"
        case (.cursor, .user): return try home() + "/.cursor/mcp.json"
        case (.cursor, .project): return project + "/.cursor/mcp.json"
        case (.opencode, .user): return Self.openCodeFile(in: try openCodeHome())
        case (.opencode, .project): return Self.openCodeFile(in: project)
        case (.codex, .local), (.gemini, .local), (.cursor, .local), (.opencode, .local):
            throw AgentError(
                .unsupported, "\(agent.rawValue) has no local configuration. Use --scope user or --scope project.")
        }
    }

    /// It reads both; a new one is plain JSON.
    private static func openCodeFile(in folder: String) -> String {
        let commented = folder + "/opencode.jsonc"
        return Files.kind(commented) == nil ? folder + "/opencode.json" : commented
    }
}
