import OrcaPostgres
import OrcaSQL
import OrcaSQLite
import OrcaSupport

/// A database that state comes from or goes to.
enum DatabaseEnd {
    case file(String)
    case postgres(PostgresAddress)

    init(_ text: String) throws(DaemonError) {
        guard text != "memory" else {
            throw DaemonError.usage("A database in memory is gone with its server; name a file or a Postgres database.")
        }
        guard PostgresAddress.isMeant(by: text) else {
            // As 'orca status' names it.
            let path = text.hasPrefix("sqlite:") ? String(text.dropFirst("sqlite:".count)) : text
            self = .file(Paths.absolute(path))
            return
        }
        do {
            self = .postgres(try PostgresAddress(text))
        } catch {
            throw DaemonError(anything: error)
        }
    }

    var display: String {
        switch self {
        case .file(let path): "sqlite:\(path)"
        case .postgres(let address): address.display
        }
    }

    /// What stands in the column `node` of what is on this machine.
    func node(_ places: Places) throws -> String {
        switch self {
        case .file: ""
        case .postgres: try StoreComposition.node(places)
        }
    }

    /// Milliseconds since 1970, by the clock of whoever writes times into it.
    func time(of db: any SQLConnection, here now: Int64) throws -> Int64 {
        guard case .postgres = self else { return now }
        return try db.first(DatabaseTime.read, []) { $0.integer(0) } ?? now
    }

    /// For reading, while a server may be at work on it.
    func reading() throws -> any SQLConnection {
        switch self {
        case .file(let path):
            guard Files.size(path) != nil else {
                throw DaemonError.unavailable("There is no database at \(path). Name one with --database.")
            }
            return try SQLiteConnection(.readOnly(path: path))
        case .postgres(let address): return try PostgresConnection(address, .tool, PostgresLimits())
        }
    }

    /// For writing into it as a whole: brought to the newest schema, and found to be empty. Nothing else has it open
    /// while `body` runs.
    func filling<Result>(now: Int64, _ body: (any SQLConnection) throws -> Result) throws -> Result {
        try migrate(now: now)
        switch self {
        case .file(let path):
            let lock = try FileLock(path + ".lock", wait: false)
            defer { lock.unlock() }
            return try fill(SQLiteConnection(.readWrite(path: path)), body)
        case .postgres(let address):
            return try fill(PostgresConnection(address, .tool, PostgresLimits()), body)
        }
    }

    private func fill<Result>(_ db: any SQLConnection, _ body: (any SQLConnection) throws -> Result) throws -> Result {
        try db.run(script: db.dialect.beginWriting)
        do {
            for table in try TableImage.all(of: db) where try !table.isEmpty(in: db) {
                throw DaemonError(
                    message:
                        "\(display) is not empty (there are \(table.name)). Nothing was changed; name an empty one.",
                    exitCode: 4)
            }
            let result = try body(db)
            try db.run(script: "COMMIT")
            return result
        } catch {
            // The first error counts; what is left open ends with the connection.
            try? db.run(script: "ROLLBACK")
            throw error
        }
    }

    /// Brings the schema up to date.
    func migrate(now: Int64) throws {
        switch self {
        case .file(let path):
            try Files.makeDirectories(Files.split(path).folder, mode: 0o700)
            // Opens with the lock of a server, so that none is at work on it.
            let store = try SQLiteStore(.file(path), holder: "orcad db", now: now, readers: 0)
            let done = StopSignal()
            Task.detached {
                await store.close()
                done.raise()
            }
            done.wait()
        case .postgres(let address): try PostgresSchema.migrate(address, PostgresLimits(), now: now)
        }
    }
}
