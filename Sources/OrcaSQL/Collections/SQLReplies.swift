package import OrcaDomain
package import OrcaStore

struct SQLReplies: ReplyCollection {
    let db: any SQLConnection

    static let byKey = SQL(
        "SELECT request_digest, response, at FROM replies WHERE identity = ?1 AND operation = ?2 AND key = ?3")

    func find(identity: String, operation: String, key: String) throws -> StoredReply? {
        try db.first(Self.byKey, [.text(identity), .text(operation), .text(key)]) { row in
            StoredReply(
                identity: identity, operation: operation, key: key, requestDigest: row.text(0),
                response: row.bytes(1), at: Timestamp(milliseconds: row.integer(2)))
        }
    }
}

extension SQLSession {
    static let insertReply = SQL(
        """
        INSERT INTO replies (identity, operation, key, request_digest, response, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """)
    private static let forget = SQL(
        """
        DELETE FROM replies WHERE (identity, operation, key) IN (
            SELECT identity, operation, key FROM replies WHERE at < ?1 ORDER BY at LIMIT ?2)
        """)

    package func insert(_ reply: StoredReply) throws {
        try db.post(
            Self.insertReply,
            [
                .text(reply.identity), .text(reply.operation), .text(reply.key), .text(reply.requestDigest),
                .bytes(reply.response), .integer(reply.at.milliseconds),
            ])
    }

    package func forgetReplies(before time: Timestamp, limit: Int) throws -> Int {
        try db.execute(Self.forget, [.integer(time.milliseconds), .integer(limit)])
    }
}
