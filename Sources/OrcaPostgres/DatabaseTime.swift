package import OrcaSQL

/// The time by which all servers on one database go.
package enum DatabaseTime {
    /// Milliseconds since 1970, at the moment of asking and not at the begin of the transaction.
    package static let read = SQL("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint")
}
