import OrcaDomain
package import OrcaStore

struct SQLServers: ServerCollection {
    let db: any SQLConnection

    private static let columns =
        "node, instance, host, process_id, version, schema_version, address, skew_ms, started_at, seen_at"
    private static let byNode = SQL("SELECT \(columns) FROM servers WHERE node = ?1")
    private static let list = SQL("SELECT \(columns) FROM servers ORDER BY node LIMIT ?1")
    private static let lastLeader = SQL("SELECT node FROM leadership WHERE role = 'leader'")
    private static let currentEpoch = SQL("SELECT epoch FROM leadership WHERE role = 'leader'")

    func find(_ node: String) throws -> ServerRecord? { try db.first(Self.byNode, [.text(node)], Self.read) }

    func all(limit: Int) throws -> [ServerRecord] { try db.query(Self.list, [.integer(limit)], Self.read) }

    func epoch() throws -> Int64 { try db.first(Self.currentEpoch, []) { $0.integer(0) } ?? 0 }

    func leader() throws -> String? { try db.first(Self.lastLeader, []) { $0.text(0) } }

    func supportedSchema() throws -> Int { try Migrator.supported(by: db) }

    private static func read(_ row: any SQLRow) -> ServerRecord {
        ServerRecord(
            node: row.text(0), instance: row.text(1), host: row.text(2), processID: row.int(3), version: row.text(4),
            schema: row.int(5), address: row.text(6), skewMS: row.integer(7),
            startedAt: Timestamp(milliseconds: row.integer(8)), seenAt: Timestamp(milliseconds: row.integer(9)))
    }
}

extension SQLSession {
    private static let putServer = SQL(
        """
        INSERT INTO servers (node, instance, host, process_id, version, schema_version, address, skew_ms, started_at,
            seen_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (node) DO UPDATE SET instance = excluded.instance, host = excluded.host,
            process_id = excluded.process_id, version = excluded.version, schema_version = excluded.schema_version,
            address = excluded.address, skew_ms = excluded.skew_ms, started_at = excluded.started_at,
            seen_at = excluded.seen_at
        """)
    private static let takeEpoch = SQL(
        """
        INSERT INTO leadership (role, node, epoch) VALUES ('leader', ?1, 1)
        ON CONFLICT (role) DO UPDATE SET node = excluded.node, epoch = leadership.epoch + 1 RETURNING epoch
        """)
    private static let forget = SQL("DELETE FROM servers WHERE node = ?1")

    package func put(_ server: ServerRecord) throws {
        try db.post(
            Self.putServer,
            [
                .text(server.node), .text(server.instance), .text(server.host), .integer(server.processID),
                .text(server.version), .integer(server.schema), .text(server.address), .integer(server.skewMS),
                .integer(server.startedAt.milliseconds), .integer(server.seenAt.milliseconds),
            ])
    }

    package func takeLead(_ node: String) throws -> Int64 {
        guard let epoch = try db.first(Self.takeEpoch, [.text(node)], { $0.integer(0) }) else {
            throw StoreError.failed("the lead could not be taken")
        }
        return epoch
    }

    package func forgetServer(_ node: String) throws { try db.execute(Self.forget, [.text(node)]) }
}
