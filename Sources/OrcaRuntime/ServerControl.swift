package import OrcaAPI

/// What the runtime needs from the process it runs in.
package protocol ServerControl: Sendable {
    /// Facts for `GetServerInfo`; store and schema are filled in by the runtime.
    func info() -> OrcaV1.ServerInfo

    /// Begins an orderly stop and returns at once.
    func stop(reason: String)

    /// Writes a line to the server's log.
    func note(_ text: String)
}
