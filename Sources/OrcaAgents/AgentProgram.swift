/// A coding agent that Orca knows how to start.
package struct AgentProgram: Sendable, Hashable {
    /// What people and scripts call it: `--agent claude`.
    package let id: String
    /// Its own name, for people.
    package let name: String
    /// The program and what it is always started with.
    package let command: [String]
    package let prompt: PromptMode
    /// Words in a terminal's title that tell that it runs there; the first one also names its group (`@claude`).
    package let titleTokens: [String]
    /// Whether mail that is pushed into its terminal is followed by Enter.
    package let submitsPushedText: Bool
    package let launchHooks: HookWay
    package let trust: TrustStore?
    /// Whether it asks on its screen about a new directory, and has no file of its own for the answer.
    package let asksForTrust: Bool
    /// What its environment needs.
    package let environment: [String: String]

    init(
        _ id: String, _ name: String, _ command: [String], _ prompt: PromptMode, titles: [String] = [],
        submitsPushedText: Bool = true, hooks: HookWay = .none, trust: TrustStore? = nil,
        asksForTrust: Bool = false, environment: [String: String] = [:]
    ) {
        self.id = id
        self.name = name
        self.command = command
        self.prompt = prompt
        titleTokens = titles
        self.submitsPushedText = submitsPushedText
        launchHooks = hooks
        self.trust = trust
        self.asksForTrust = asksForTrust
        self.environment = environment
    }

    package var executable: String { command[0] }

    /// How it takes the first prompt.
    package enum PromptMode: Sendable, Hashable {
        /// As its last argument.
        case argument
        /// As the value of a flag.
        case flag(String)
        /// Typed into its terminal once it is up.
        case typed
    }

    /// How hooks can be given to one session without touching the person's files.
    package enum HookWay: Sendable, Hashable {
        case none
        /// `--settings FILE` adds a settings file.
        case claudeSettings
        /// `-c notify=[…]`: only the end of a turn is reported.
        case codexNotify
        /// `OPENCODE_CONFIG_CONTENT` names a plugin file.
        case openCodePlugin
    }

    /// Where it keeps the directories it trusts, if it asks about new ones.
    package enum TrustStore: Sendable, Hashable {
        case codex, cursor, copilot
    }
}
