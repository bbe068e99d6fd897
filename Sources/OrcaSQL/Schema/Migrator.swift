import OrcaStore

/// Brings a database to the newest schema, one transaction a step: a crash leaves the step before it intact.
package enum Migrator {
    private static let readVersion = SQL("SELECT coalesce(max(version), 0) FROM schema_migrations")
    private static let record = SQL("INSERT INTO schema_migrations (version, name, applied_at) VALUES (?1, ?2, ?3)")

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
        guard found <= newest else { throw StoreError.schemaTooNew(found: found, supported: newest) }
        for migration in migrations where migration.version > found {
            try db.run(script: db.dialect.beginWriting)
            do {
                try db.run(script: db.dialect.render(migration.script))
                try db.execute(
                    record, [.integer(migration.version), .text(migration.name), .integer(now)])
                try db.run(script: "COMMIT")
            } catch {
                try db.run(script: "ROLLBACK")
                throw error
            }
        }
    }

    package static func version(of db: any SQLConnection) throws -> Int {
        try db.first(readVersion, []) { $0.int(0) } ?? 0
    }
}
