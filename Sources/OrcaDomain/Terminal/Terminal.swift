/// An attachable pane that an agent or a person works in. Its handle is durable: it stays the same over restarts of the
/// server, for as long as the pane lives.
package struct Terminal: Sendable, Hashable {
    /// What goes on in a terminal, as far as can be told from outside.
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// Started, and has not been ready once.
        case starting
        /// Ready for a prompt.
        case idle
        case working
        /// Asks its user something.
        case waitingInput = "waiting_input"
        /// Shows a permission prompt or a dialog that only a person should answer.
        case permission
        /// Cannot go on before its provider's limit resets.
        case rateLimited = "rate_limited"
        case exited
    }

    package var id: TerminalID
    package var workspace: WorkspaceID
    /// The durable identity that messages and attempts of this terminal belong to.
    package var agent: AgentID?
    /// The known coding agent that runs here (`claude`, `codex`, …); empty for a plain shell.
    package var kind: String
    /// What a person called it; empty when nobody did.
    package var name: String
    /// What the program in it last called itself.
    package var title: String
    /// What was started, for people to read; empty for a plain shell.
    package var command: String
    /// Absolute path.
    package var directory: String
    /// Id of the worktree it stands in; empty when it stands in none.
    package var worktree: String
    package var state: State
    package var stateSince: Timestamp
    /// Why it cannot go on by itself (`codex-trust-workspace`, …); empty when nothing stands in the way.
    package var blockedReason: String
    /// Whether the agent program is alive; a shell can outlive the agent that was started in it.
    package var isAgentAlive: Bool
    /// The pane behind it, in the words of whatever hosts terminals.
    package var pane: String
    package var processID: Int
    /// Set once the program has ended and its code is known.
    package var exitCode: Int?
    /// Who asked for it: the handle of a terminal, or a name.
    package var createdBy: String
    package var createdAt: Timestamp
    package var lastOutputAt: Timestamp?
    package var endedAt: Timestamp?
    /// The server on whose machine it is; empty where there is only one.
    package var node = ""
    package var version: Int

    package init(id: TerminalID, workspace: WorkspaceID, directory: String, createdBy: String, at now: Timestamp) {
        self.id = id
        self.workspace = workspace
        self.directory = directory
        self.createdBy = createdBy
        kind = ""
        name = ""
        title = ""
        command = ""
        worktree = ""
        state = .starting
        stateSince = now
        blockedReason = ""
        isAgentAlive = true
        pane = ""
        processID = 0
        createdAt = now
        version = 1
    }

    package var isLive: Bool { state != .exited }

    /// Why it counts as ended when nobody saw it end: its server was given up. That one may come back, and it with it.
    package static let serverGivenUp = "server-given-up"

    package var isGivenUp: Bool { !isLive && blockedReason == Self.serverGivenUp }

    /// What lists and group addresses go by: the given name, else the program's title.
    package var shownTitle: String { name.isEmpty ? title : name }
}
