package import OrcaDomain
package import OrcaStore

/// Stores a new access token. The secret is made and hashed by the caller and never gets here.
package enum CreateToken: Command {
    package struct Input: Sendable {
        package var name: String
        package var scope: AccessScope
        package var workspace: WorkspaceID?
        package var attempt: AttemptID?
        package var digest: String
        package var ttlSeconds: Int64

        package init(
            name: String, scope: AccessScope, workspace: WorkspaceID?, attempt: AttemptID?, digest: String,
            ttlSeconds: Int64
        ) {
            self.name = name
            self.scope = scope
            self.workspace = workspace
            self.attempt = attempt
            self.digest = digest
            self.ttlSeconds = ttlSeconds
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> AccessToken {
        try Names.checkLength(input.name, max: Limits.nameBytesMax, field: "name")
        guard (1...Limits.tokenTTLMaxSeconds).contains(input.ttlSeconds) else {
            throw DomainError(
                .invalidArgument,
                "A token can live 1 to \(Limits.tokenTTLMaxSeconds) seconds (365 days), not \(input.ttlSeconds).",
                details: ["field": "ttl_seconds"])
        }
        guard (input.scope == .worker) == (input.attempt != nil) else {
            throw DomainError(
                .invalidArgument,
                input.scope == .worker
                    ? "A worker's token speaks for one attempt; name it."
                    : "Only a worker's token is bound to an attempt.",
                details: ["field": "attempt"])
        }
        let token = AccessToken(
            id: context.newID(), name: input.name, scope: input.scope, workspace: input.workspace,
            attempt: input.attempt, digest: input.digest, createdAt: context.now,
            expiresAt: context.now.adding(milliseconds: input.ttlSeconds * 1_000))
        try tx.insert(token)
        return token
    }
}

/// Makes a token worthless at once. Revoking twice is the same as once.
package enum RevokeToken: Command {
    /// `named`: its id, or the name it was made with as long as only one token that is still good has it.
    package static func run(
        _ named: String, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> AccessToken {
        var token = try find(named, tx, context)
        guard token.revokedAt == nil else { return token }
        token.revokedAt = context.now
        try tx.save(token)
        return token
    }

    private static func find(
        _ named: String, _ tx: any StoreTransaction, _ context: CommandContext
    ) throws -> AccessToken {
        if let token = try tx.tokens.find(TokenID(stored: named)) { return token }
        // Tokens without a name are named by their ids alone.
        guard !named.isEmpty else {
            throw DomainError(
                .invalidArgument, "No token was named. Give its id or its name; see 'orca token list'.",
                details: ["field": "token"])
        }
        // Never the newest of several: the one that was lost may be the older.
        let good = try tx.tokens.named(named, goodAt: context.now, limit: Limits.tokensOfANameMax)
        guard let token = good.first else {
            throw DomainError(
                .tokenNotFound, "No token that is still good has the id or the name '\(named)'. See 'orca token list'.",
                details: ["token": named])
        }
        guard good.count == 1 else {
            let ids = good.map(\.id.text)
            throw DomainError(
                .invalidArgument,
                "Several tokens are called '\(named)'. Give the id of the one you mean: \(ids.joined(separator: ", ")).",
                details: ["field": "token", "tokens": ids.joined(separator: ",")])
        }
        return token
    }
}
