import OrcaTerminal

/// What the programs in a terminal find around them.
package struct TerminalSurroundings: Sendable {
    /// Directory with our `orca` and `orca-ide`; it comes first on `PATH`. Empty for none.
    package var shimDirectory: String
    /// Directory for the files with the terminals' tokens; empty when they get none.
    package var tokenDirectory: String
    /// `PATH` of the terminals.
    package var path: String
    /// What leads back to this server, and to what it keeps.
    package var environment: [String: String]
    /// For programs that a sandbox keeps from the socket.
    package let agentURL = AgentURL()

    package init(
        shimDirectory: String = "", tokenDirectory: String = "", path: String = "/usr/local/bin:/usr/bin:/bin",
        environment: [String: String] = [:]
    ) {
        self.shimDirectory = shimDirectory
        self.tokenDirectory = tokenDirectory
        self.path = path
        self.environment = environment
    }

    func tokenFile(_ handle: String) -> String {
        tokenDirectory.isEmpty ? "" : "\(tokenDirectory)/\(handle).token"
    }

    /// The environment of one terminal. What the caller asked for wins, but for what names the terminal.
    func environment(
        handle: String, tab: String, workspace: String, worktree: String, asked: [String: String], token: String
    ) -> [EnvironmentPair] {
        var found = environment
        found.merge(asked) { $1 }
        let searched = asked["PATH"] ?? path
        found["PATH"] = shimDirectory.isEmpty ? searched : "\(shimDirectory):\(searched)"
        // The id, because a name can change while the terminal lives.
        found["ORCA_WORKSPACE"] = workspace
        found["ORCA_TERMINAL_HANDLE"] = handle
        found["ORCA_TAB_ID"] = tab
        found["ORCA_PANE_KEY"] = "\(tab):\(Self.leaf(handle))"
        if !worktree.isEmpty { found["ORCA_WORKTREE_ID"] = worktree }
        if !token.isEmpty {
            found["ORCA_TOKEN_FILE"] = tokenFile(handle)
            if let url = agentURL.value {
                // Whoever cannot reach the socket may not be able to read the file either.
                found["ORCA_AGENT_URL"] = url
                found["ORCA_TOKEN"] = token
            }
        }
        return found.sorted { $0.key < $1.key }.map { EnvironmentPair($0.key, $0.value) }
    }

    /// The pane's own name, from the terminal's.
    static func leaf(_ handle: String) -> String { String(handle.dropFirst("term_".count)) }
}
