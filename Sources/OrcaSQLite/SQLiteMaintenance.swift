import OrcaSQL
import OrcaStore
import OrcaSupport

/// Size, integrity and repair of a SQLite store.
struct SQLiteMaintenance: StoreMaintenance {
    let store: SQLiteStore

    var name: String {
        switch store.location {
        case .memory: "memory"
        case .file(let path): "sqlite:\(path)"
        }
    }

    func schemaVersion() async throws -> Int {
        try await store.withWriter { try Migrator.version(of: $0.db) }
    }

    private static let tables = SQL("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    private static let sizes = SQL("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")
    private static let owners = SQL("SELECT name, tbl_name FROM sqlite_master")

    func usage() async throws -> StoreUsage {
        try await store.withWriter { session in
            var owner: [String: String] = [:]
            for (name, table) in try session.db.query(Self.owners, [], { ($0.text(0), $0.text(1)) }) {
                owner[name] = table
            }
            var bytes: [String: Int64] = [:]
            for (name, size) in try session.db.query(Self.sizes, [], { ($0.text(0), $0.integer(1)) }) {
                bytes[owner[name] ?? name, default: 0] += size
            }
            let tables = try session.db.query(Self.tables, []) { $0.text(0) }
            let kinds = try tables.sorted().map { table in
                // The name comes from the schema, not from outside.
                let rows = try session.db.first(SQL("SELECT count(*) FROM \(table)"), []) { $0.integer(0) } ?? 0
                return (kind: table, rows: rows, bytes: bytes[table] ?? 0)
            }
            return StoreUsage(kinds: kinds, storeBytes: diskBytes)
        }
    }

    private var diskBytes: Int64 {
        guard case .file(let path) = store.location else { return 0 }
        return ["", "-wal", "-shm"].reduce(0) { $0 + Int64(Files.size(path + $1) ?? 0) }
    }

    private static let quickCheck = SQL("PRAGMA quick_check(20)")

    func check(fix: Bool) async throws -> [StoreFinding] {
        var findings = try await store.withWriter { session in
            let lines = try session.db.query(Self.quickCheck, []) { $0.text(0) }
            let isSound = lines == ["ok"]
            return [
                StoreFinding(
                    check: "integrity", isOK: isSound,
                    detail: isSound
                        ? "the database file is sound"
                        : lines.joined(separator: "; ")
                            + ". Stop the server, keep a copy, and restore a backup or recover it with the sqlite3 tool."
                )
            ]
        }
        for consistency in ConsistencyCheck.all {
            findings.append(try await store.withWriter { try consistency.run(in: $0, fix: fix) })
        }
        return findings
    }
}
