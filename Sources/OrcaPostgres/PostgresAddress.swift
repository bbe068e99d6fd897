import CPostgres
package import OrcaStore

/// Where a Postgres database is, as libpq understands it: a URI. Whatever it leaves out comes from the usual places: the
/// `PG…` variables, a service file, `~/.pgpass`.
package struct PostgresAddress: Sendable, Hashable {
    /// May hold a password: never shown, never logged.
    let text: String
    /// Without user and password, for people.
    package let display: String
    /// Whether a password stands in the text itself.
    package let hasPassword: Bool

    /// Whether a database setting means Postgres and not a file.
    package static func isMeant(by text: String) -> Bool {
        text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
    }

    package init(_ text: String) throws(StoreError) {
        // The words of the parser would show the text, and with it a password.
        guard Self.isMeant(by: text), let options = PQconninfoParse(text, nil) else {
            throw .cannotOpen(
                "the address is no Postgres URI; write postgresql://HOST:PORT/DATABASE, and the password into ~/.pgpass "
                    + "or PGPASSWORD")
        }
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        self.text = text
        hasPassword = values["password"] != nil
        let host = values["host"] ?? values["hostaddr"]
        let place = [host, values["port"]].compactMap { $0 }.joined(separator: ":")
        let database = values["dbname"] ?? values["service"].map { "service \($0)" } ?? "default"
        display = "postgres:" + database + (place.isEmpty ? "" : "@\(place)")
    }
}

/// How long and how much, of everything between this server and Postgres.
package struct PostgresLimits: Sendable {
    /// How many connections read.
    package var readers = 4
    package var connectSeconds = 10
    /// The longest a statement may take.
    package var statementMS = 30_000
    /// How long a transaction waits for the writer of another server.
    package var lockMS = 20_000
    /// After this long a server that stands still in the middle of a transaction loses it, and with it the lock that
    /// others wait for.
    package var idleInTransactionMS = 10_000
    /// How long a call waits for a database that cannot be reached.
    package var outageMS = 15_000
    /// How many reads wait for a connection at most, and how long.
    package var readsWaitingMax = 10_000
    package var readWaitMS = 20_000
    /// How many commands share a transaction. Postgres keeps up to 64 open savepoints cheaply.
    package var groupMax = 60
    /// How often changes of other servers are looked for when nobody tells of them.
    package var pollMS: Int64 = 1_000

    package init() {}
}
