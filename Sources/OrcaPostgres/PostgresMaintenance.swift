import OrcaSQL
import OrcaStore

/// Size, integrity and repair of a Postgres store.
struct PostgresMaintenance: StoreMaintenance {
    let store: PostgresStore

    var name: String { store.address.display }

    func schemaVersion() async throws -> Int {
        try await store.withReader { try Migrator.version(of: $0.db) }
    }

    /// Rows are what Postgres estimates; counting them would read everything. What it counted of changes is newer than what it
    /// found when it last looked at a table, and there before it did so for the first time.
    private static let sizes = SQL(
        """
        SELECT relname::text, coalesce(nullif(pg_stat_get_live_tuples(oid), 0), greatest(reltuples, 0)::bigint),
            pg_total_relation_size(oid)
        FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY relname
        """)
    private static let databaseSize = SQL("SELECT pg_database_size(current_database())")

    func usage() async throws -> StoreUsage {
        try await store.withReader { session in
            let kinds = try session.db.query(Self.sizes, []) {
                (kind: $0.text(0), rows: $0.integer(1), bytes: $0.integer(2))
            }
            let whole = try session.db.first(Self.databaseSize, []) { $0.integer(0) } ?? 0
            return StoreUsage(kinds: kinds, storeBytes: whole)
        }
    }

    /// Names up to 20 indexes that cannot be used, as an interrupted change by hand leaves them.
    private static let brokenIndexes = SQL(
        """
        SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = pg_index.indexrelid
        WHERE relnamespace = current_schema()::regnamespace AND NOT (indisvalid AND indisready) LIMIT 20
        """)

    func check(fix: Bool) async throws -> [StoreFinding] {
        let broken = try await store.withReader { try $0.db.query(Self.brokenIndexes, []) { $0.text(0) } }
        var findings = [
            StoreFinding(
                check: "integrity", isOK: broken.isEmpty,
                detail: broken.isEmpty
                    ? "every index can be used"
                    : "not to be used: \(broken.joined(separator: ", ")). Repair with 'REINDEX INDEX' in psql.")
        ]
        for consistency in ConsistencyCheck.all {
            findings.append(try await store.withWriter { try consistency.run(in: $0, fix: fix) })
        }
        return findings
    }
}
