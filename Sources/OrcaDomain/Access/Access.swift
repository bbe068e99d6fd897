/// What a caller may do.
package enum AccessScope: String, Sendable, Hashable, CaseIterable {
    /// Everything.
    case admin
    /// Everything but server and token administration.
    case coordinator
    /// The lifecycle of one attempt, and reading.
    case worker
    /// Reading.
    case readOnly = "read_only"
}

/// An access token as the store knows it: never the secret itself.
package struct AccessToken: Sendable, Hashable {
    package var id: TokenID
    package var name: String
    package var scope: AccessScope
    package var workspace: WorkspaceID?
    package var attempt: AttemptID?
    /// With a token that stands in a terminal's environment: the terminal it speaks for.
    package var terminal: TerminalID?
    /// SHA-256 of the secret, 64 hexadecimal digits.
    package var digest: String
    package var createdAt: Timestamp
    package var expiresAt: Timestamp
    package var revokedAt: Timestamp?

    package init(
        id: TokenID, name: String, scope: AccessScope, workspace: WorkspaceID?, attempt: AttemptID?,
        terminal: TerminalID? = nil, digest: String, createdAt: Timestamp, expiresAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.scope = scope
        self.workspace = workspace
        self.attempt = attempt
        self.terminal = terminal
        self.digest = digest
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    package func isUsable(at now: Timestamp) -> Bool { revokedAt == nil && now < expiresAt }
}

/// Who stands behind a call, after authentication: what the event log and the authorisation check see.
package struct Actor: Sendable, Hashable {
    /// For the event log: `owner`, an agent's name, a token's name, `system`.
    package var name: String
    package var scope: AccessScope
    /// With scope `worker`: the attempt it speaks for.
    package var attempt: AttemptID?
    /// The terminal it speaks for, and the only one it may speak for; `nil` for callers that stand outside of any.
    package var terminal: TerminalID?
    /// With a token bound to one: the only workspace it sees.
    package var workspace: WorkspaceID?
    /// What idempotency keys are scoped by: stable for a caller, not self-given.
    package var identity: String

    package init(
        name: String, scope: AccessScope, identity: String, attempt: AttemptID? = nil, terminal: TerminalID? = nil,
        workspace: WorkspaceID? = nil
    ) {
        self.name = name
        self.scope = scope
        self.identity = identity
        self.attempt = attempt
        self.terminal = terminal
        self.workspace = workspace
    }

    package static let system = Actor(name: "system", scope: .admin, identity: "system")
}
