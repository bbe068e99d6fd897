package import OrcaDomain
import OrcaStore

struct SQLTokens: TokenCollection {
    let db: any SQLConnection

    private static let columns =
        "id, name, scope, workspace_id, attempt_id, digest, created_at, expires_at, revoked_at, terminal_id"
    private static let byID = SQL("SELECT \(columns) FROM tokens WHERE id = ?1")
    private static let byDigest = SQL("SELECT \(columns) FROM tokens WHERE digest = ?1")
    private static let byName = SQL(
        """
        SELECT \(columns) FROM tokens WHERE name = ?1 AND revoked_at IS NULL AND expires_at > ?2 ORDER BY id LIMIT ?3
        """)
    private static let list = SQL("SELECT \(columns) FROM tokens WHERE id > ?1 ORDER BY id LIMIT ?2")

    func find(_ id: TokenID) throws -> AccessToken? {
        try db.first(Self.byID, [.text(id.text)], Self.read)
    }

    func find(digest: String) throws -> AccessToken? {
        try db.first(Self.byDigest, [.text(digest)], Self.read)
    }

    func named(_ name: String, goodAt now: Timestamp, limit: Int) throws -> [AccessToken] {
        try db.query(
            Self.byName, [.text(name), .integer(now.milliseconds), .integer(Int64(limit))], Self.read)
    }

    func page(_ request: PageRequest) throws -> Page<AccessToken> {
        let rows = try db.query(Self.list, [.text(request.after ?? ""), .integer(request.limit + 1)], Self.read)
        return request.cut(rows, key: \.id.text)
    }

    private static func read(_ row: any SQLRow) throws -> AccessToken {
        var token = AccessToken(
            id: TokenID(stored: row.text(0)), name: row.text(1), scope: try AccessScope.stored(row.text(2)),
            workspace: row.optionalText(3).map { WorkspaceID(stored: $0) },
            attempt: row.optionalText(4).map { AttemptID(stored: $0) }, digest: row.text(5),
            createdAt: Timestamp(milliseconds: row.integer(6)), expiresAt: Timestamp(milliseconds: row.integer(7)))
        token.terminal = row.optionalText(9).map { TerminalID(stored: $0) }
        token.revokedAt = row.optionalInteger(8).map { Timestamp(milliseconds: $0) }
        return token
    }
}

extension SQLSession {
    private static let insertToken = SQL(
        """
        INSERT INTO tokens (id, name, scope, workspace_id, attempt_id, digest, created_at, expires_at,
            terminal_id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """)
    private static let saveToken = SQL("UPDATE tokens SET revoked_at = ?2 WHERE id = ?1")

    package func insert(_ token: AccessToken) throws {
        try db.post(
            Self.insertToken,
            [
                .text(token.id.text), .text(token.name), .text(token.scope.rawValue),
                .optional(token.workspace?.text), .optional(token.attempt?.text), .text(token.digest),
                .integer(token.createdAt.milliseconds), .integer(token.expiresAt.milliseconds),
                .optional(token.terminal?.text),
            ])
    }

    package func save(_ token: AccessToken) throws {
        try updateOne(
            Self.saveToken, [.text(token.id.text), .optional(token.revokedAt?.milliseconds)], "token \(token.id)")
    }
}
