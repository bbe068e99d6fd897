import OrcaSQL

/// The locks by which servers on one database agree; they belong to the database, not to a table.
enum AdvisoryLock {
    /// "orca" in ASCII, so that nobody else's locks are met by accident.
    private static let space = 1_869_767_521

    /// Held by the transaction that writes: one at a time over all servers.
    static let takeWriter = SQL("SELECT pg_advisory_xact_lock(\(space), 1)")
    /// Held by a session that brings the schema up to date.
    static let takeMigration = SQL("SELECT pg_advisory_lock(\(space), 2)")
    static let releaseMigration = SQL("SELECT pg_advisory_unlock(\(space), 2)")
    /// Held by the session of the one server that does what only one may do.
    static let tryLeader = SQL("SELECT pg_try_advisory_lock(\(space), 3)")
    static let releaseLeader = SQL("SELECT pg_advisory_unlock(\(space), 3)")
}
