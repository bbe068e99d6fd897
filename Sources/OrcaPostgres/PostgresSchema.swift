package import OrcaSQL
import OrcaStore

/// Brings a database to the newest schema, while other servers may want to do the same.
package enum PostgresSchema {
    package static func migrate(
        _ address: PostgresAddress, _ limits: PostgresLimits, to migrations: [Migration] = Migration.all, now: Int64
    ) throws {
        let connection = try PostgresConnection(address, .writer, limits)
        _ = try connection.query(AdvisoryLock.takeMigration, []) { _ in }
        try Migrator.migrate(connection, to: migrations, now: now)
        try connection.run(script: tuning)
        try connection.execute(forgetSignatures, [])
        _ = try connection.query(AdvisoryLock.releaseMigration, []) { _ in }
    }

    /// Signatures of writers begin with their time in milliseconds, above this many bits.
    static let signatureShift: Int64 = 20
    /// Those of a day ago, by the database's time: a machine whose clock is wrong must not forget what others ask for.
    private static let forgetSignatures = SQL(
        """
        DELETE FROM leadership WHERE role LIKE 'writer:%'
        AND epoch < ((floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint - 86400000) << \(signatureShift))
        """)

    /// Rows that change all the time keep room beside them, so that a change need not touch an index, and what they leave
    /// behind is swept up early.
    private static let tuning = """
        ALTER TABLE workspaces SET (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
        ALTER TABLE project_counts SET (fillfactor = 30, autovacuum_vacuum_scale_factor = 0,
            autovacuum_vacuum_threshold = 500);
        ALTER TABLE agents SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
        ALTER TABLE tasks SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02,
            autovacuum_analyze_scale_factor = 0.05);
        ALTER TABLE leases SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
        ALTER TABLE attempts SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
        ALTER TABLE messages SET (autovacuum_vacuum_scale_factor = 0.05);
        ALTER TABLE replies SET (autovacuum_vacuum_scale_factor = 0.05)
        """
}
