package import OrcaDomain

/// One of the servers on a database.
package struct ServerRecord: Sendable, Hashable {
    /// Names an installation; stays the same over restarts.
    package var node: String
    /// New with every start.
    package var instance: String
    package var host: String
    package var processID: Int
    package var version: String
    /// The newest schema it knows.
    package var schema: Int
    /// Where it listens, for people; empty for a socket of its machine.
    package var address: String
    /// How far its machine's clock is before the database's.
    package var skewMS: Int64
    package var startedAt: Timestamp
    package var seenAt: Timestamp

    package init(
        node: String, instance: String, host: String, processID: Int, version: String, schema: Int, address: String,
        skewMS: Int64, startedAt: Timestamp, seenAt: Timestamp
    ) {
        self.node = node
        self.instance = instance
        self.host = host
        self.processID = processID
        self.version = version
        self.schema = schema
        self.address = address
        self.skewMS = skewMS
        self.startedAt = startedAt
        self.seenAt = seenAt
    }

    /// Whether it was silent for longer than it may be.
    package func isLost(at now: Timestamp) -> Bool { seenAt.adding(milliseconds: Limits.serverLostMS) <= now }
}

package protocol ServerCollection {
    func find(_ node: String) throws -> ServerRecord?
    /// By node.
    func all(limit: Int) throws -> [ServerRecord]
    /// How often the lead has changed hands; only who took it last may do what only one may do.
    func epoch() throws -> Int64
    /// Who took the lead last.
    func leader() throws -> String?
    /// The oldest schema whose servers may work with this database.
    func supportedSchema() throws -> Int
}

package protocol ServerWriting {
    /// Writes a sign of life.
    func put(_ server: ServerRecord) throws
    /// Begins a new epoch, and answers it: whoever led before does so no more.
    func takeLead(_ node: String) throws -> Int64
    func forgetServer(_ node: String) throws
}

/// What a store offers whose database several servers use at once.
package protocol StoreSharing: Sendable {
    /// The database's time, by which all servers go; in milliseconds since 1970.
    func databaseTime() async throws -> Int64
    /// Tells the database's time at the begin of every transaction that writes: later than any that was told within a
    /// transaction before it, on whichever server.
    func onTime(_ tell: @escaping @Sendable (Int64) -> Void)
    /// A transaction that is no news to anybody: a sign of life, a change of the lead.
    func quietly<Result: Sendable>(
        _ body: @escaping @Sendable (any StoreTransaction) throws -> Result
    ) async throws -> Result
    /// From now on this server takes the leader's lock when it is free.
    func seekLead()
    /// Whether this server holds the leader's lock; it may have lost it a moment ago.
    var holdsLead: Bool { get }
}
