/// What a pool of workers works on, and how.
package struct WorkOptions: Sendable {
    package var workspace = "default"
    /// Key of the project to take tasks from; empty for any.
    package var project = ""
    /// Path of the git repository.
    package var repository: String
    /// Branch that work starts from; empty for the one that is checked out.
    package var base = ""
    /// How many tasks are worked on at once.
    package var agents = 1
    /// Agents are named `<prefix>-1` and up; a single one just `<prefix>`.
    package var agentPrefix: String
    /// The program behind the agents, for lists: `claude`, `sh`.
    package var tool = ""
    package var tags: [String] = []
    package var capabilities: [String: String] = [:]
    /// Argument vector that is run for every attempt.
    package var command: [String]
    /// Stop when nothing is left that could still be done; otherwise wait for more.
    package var untilEmpty = false
    /// Milliseconds a lease lives without renewal; 0 for the project's.
    package var leaseTTLMS: Int32 = 0
    /// How long one attempt's command may run; `nil` for as long as it likes.
    package var timeout: Duration?
    /// What a command that is told to end gets before it is killed.
    package var grace = Duration.seconds(5)
    /// Environment that commands inherit; with what leads `orca` to the server.
    package var environment: [String: String]
    /// Where attempts' directories and transcripts are kept.
    package var stateDirectory: String
    package var host: String

    package init(
        repository: String, command: [String], agentPrefix: String, environment: [String: String],
        stateDirectory: String, host: String
    ) {
        self.repository = repository
        self.command = command
        self.agentPrefix = agentPrefix
        self.environment = environment
        self.stateDirectory = stateDirectory
        self.host = host
    }

    package static let agentsMax = 256

    /// Names of the agents, one for each task that can be worked on at once.
    package var agentNames: [String] {
        agents == 1 ? [agentPrefix] : (1...agents).map { "\(agentPrefix)-\($0)" }
    }
}

/// Coding agents that are known by name: how each is run without a person, with the task on standard input.
package enum KnownAgent: String, Sendable, Hashable, CaseIterable {
    case claude, codex

    /// Argument vector; `extra` is what the person adds.
    package func command(_ extra: [String] = []) -> [String] {
        switch self {
        case .claude: ["claude", "--print", "--permission-mode", "acceptEdits"] + extra
        case .codex: ["codex", "exec", "--skip-git-repo-check", "--sandbox", "workspace-write"] + extra + ["-"]
        }
    }
}
