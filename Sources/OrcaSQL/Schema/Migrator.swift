import OrcaStore

/// Brings a database to the newest schema, one transaction a step: a crash leaves the step before it intact.
package enum Migrator {
    private static let readVersion = SQL("SELECT coalesce(max(version), 0) FROM schema_migrations")
    private static let record = SQL("INSERT INTO schema_migrations (version, name, applied_at) VALUES (?1, ?2, ?3)")
    private static let readWindow = SQL("SELECT supports FROM schema_window WHERE version = ?1")
    private static let newestWindow = SQL("SELECT supports FROM schema_window ORDER BY version DESC LIMIT 1")
    private static let writeWindow = SQL("INSERT INTO schema_window (version, supports) VALUES (?1, ?2)")
    /// A server whose sign of life is older than this is not there any more.
    package static let serverLostMS: Int64 = 15_000
    private static let tooOld = SQL(
        """
        SELECT host, process_id, version FROM servers WHERE schema_version < ?1 AND seen_at > ?2
        ORDER BY node LIMIT 1
        """)

    /// - Parameter now: milliseconds since 1970, for the record.
    package static func migrate(
        _ db: any SQLConnection, to migrations: [Migration] = Migration.all, now: Int64
    ) throws {
        try db.run(
            script: db.dialect.render(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    version {int} PRIMARY KEY, name TEXT NOT NULL, applied_at {int} NOT NULL
                )
                """))
        let found = try version(of: db)
        let newest = migrations.last?.version ?? 0
        if found > newest { return try checkWindow(of: db, found: found, newest: newest) }
        for migration in migrations where migration.version > found {
            try db.run(script: db.dialect.beginWriting)
            do {
                if found >= Migration.servers.version { try checkServers(on: db, migration, now: now) }
                try db.run(script: db.dialect.render(migration.script))
                try db.execute(
                    record, [.integer(migration.version), .text(migration.name), .integer(now)])
                if migration.version >= Migration.servers.version {
                    try db.execute(writeWindow, [.integer(migration.version), .integer(migration.supports)])
                }
                try db.run(script: "COMMIT")
            } catch {
                try db.run(script: "ROLLBACK")
                throw error
            }
        }
    }

    /// A newer server was here. Its schema may be one that we can work with.
    private static func checkWindow(of db: any SQLConnection, found: Int, newest: Int) throws {
        let supports = try db.first(readWindow, [.integer(found)]) { $0.int(0) }
        guard let supports, supports <= newest else {
            throw StoreError.schemaTooNew(found: found, supported: newest)
        }
    }

    /// Servers that could not go on after this step have to be stopped first.
    private static func checkServers(on db: any SQLConnection, _ migration: Migration, now: Int64) throws {
        let parameters: [SQLValue] = [.integer(migration.supports), .integer(now - serverLostMS)]
        let other = try db.first(tooOld, parameters) { ($0.text(0), $0.int(1), $0.text(2)) }
        guard let (host, pid, version) = other else { return }
        throw StoreError.heldByOther(
            holder: "orcad \(version) on \(host) (pid \(pid)), which does not know schema \(migration.version)")
    }

    package static func version(of db: any SQLConnection) throws -> Int {
        try db.first(readVersion, []) { $0.int(0) } ?? 0
    }

    /// The oldest schema whose servers may work with this database.
    package static func supported(by db: any SQLConnection) throws -> Int {
        try db.first(newestWindow, []) { $0.int(0) } ?? 0
    }
}
