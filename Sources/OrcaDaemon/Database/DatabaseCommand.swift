import Glibc
import OrcaDomain
import OrcaPostgres
import OrcaSQL
import OrcaSQLite
import OrcaStore
import OrcaSupport

/// `orcad db …`: looks after a database without serving it. `orca db …` starts this.
struct DatabaseCommand {
    static let usage = """
        Usage: orca db VERB [options]

          status             What is in the database, its schema, and the servers on it.
          migrate            Bring its schema up to date.
          check [--fix]      Compare what is kept twice, and repair it.
          backup FILE        Write a copy, while the server works on. SQLite: a database; Postgres: an export.
          restore FILE       Put a backup or an export into an empty database.
          copy DATABASE      Copy everything into another, empty database, and compare every table.
          export FILE        Write everything as lines of JSON; - is standard output.
          import FILE        Read such lines into an empty database; - is standard input.

          --database DB      Which one: a path, or postgresql://HOST/NAME. Else that of the configuration.
          --json             Answer in JSON.

        Nothing is ever written over: a target must be empty, a file must not be there yet.
        """

    private let verb: String
    private let words: [String]
    private let isJSON: Bool
    private let fixes: Bool
    private let database: String
    private let places: Places
    private let now = SystemTime.wallMilliseconds()

    init(_ arguments: [String], _ options: DaemonOptions, _ places: Places) throws(DaemonError) {
        var rest = arguments[...]
        var words: [String] = []
        var database = options.database
        var isJSON = false
        var fixes = false
        while let word = rest.popFirst() {
            switch word {
            case "--json": isJSON = true
            case "--fix": fixes = true
            case "--database":
                guard let value = rest.popFirst() else {
                    throw .usage("--database needs a value. See 'orca db --help'.")
                }
                try DaemonOptions.checkHasNoPassword(value)
                database = value
            case "-": words.append(word)
            case _ where word.hasPrefix("-"): throw .usage("'\(word)' is no option of 'orca db'. See 'orca db --help'.")
            default: words.append(word)
            }
        }
        guard !words.isEmpty else { throw .usage("Say what to do. See 'orca db --help'.") }
        verb = words.removeFirst()
        self.words = words
        self.isJSON = isJSON
        self.fixes = fixes
        self.database = database
        self.places = places
    }

    func run() async throws {
        do {
            try await carryOut()
        } catch let damage as StateArchive.Damage {
            throw DaemonError(message: "The file cannot be read: \(damage). Nothing was changed.", exitCode: 1)
        } catch let error as JSONError {
            throw DaemonError(message: "The file cannot be read: \(error). Nothing was changed.", exitCode: 1)
        } catch let difference as StateCopy.Difference {
            throw DaemonError(message: "The copy is not right: \(difference). Nothing was kept of it.", exitCode: 1)
        }
    }

    private func carryOut() async throws {
        let end = try DatabaseEnd(database)
        switch verb {
        case "status": try status(end)
        case "migrate": try migrate(end)
        case "check": try await check(end)
        case "backup": try backup(end, to: try word("the file to write"))
        case "restore": try restore(end, from: try word("the file to read"))
        case "copy":
            let target = try word("the database to copy to")
            try DaemonOptions.checkHasNoPassword(target)
            try copy(end, to: try DatabaseEnd(target))
        case "export": try export(end, to: try word("the file to write, or -"))
        case "import": try load(end, from: try word("the file to read, or -"))
        default: throw DaemonError.usage("'\(verb)' is nothing that 'orca db' does. See 'orca db --help'.")
        }
    }

    private func word(_ what: String) throws(DaemonError) -> String {
        guard words.count == 1, let word = words.first else {
            throw .usage("'orca db \(verb)' needs \(what). See 'orca db --help'.")
        }
        return word
    }

    // MARK: Verbs

    private func status(_ end: DatabaseEnd) throws {
        let db = try end.reading()
        let version = try Migrator.version(of: db)
        var tables: [JSONValue] = []
        var lines = ["database  \(end.display)", "schema    \(version) (this version knows \(Migration.newest))"]
        for table in try TableImage.all(of: db) {
            let rows = try db.first(SQL("SELECT count(*) FROM \(table.name)"), []) { $0.integer(0) } ?? 0
            tables.append(.object([.init("table", .string(table.name)), .init("rows", .integer(rows))]))
            lines.append("\(table.name)\(String(repeating: " ", count: max(1, 18 - table.name.count)))\(rows)")
        }
        let servers = version >= Migration.newest ? try SQLSession(db).servers.all(limit: Limits.serversMax) : []
        let time = try end.time(of: db, here: now)
        for server in servers {
            let ago = max(0, time - server.seenAt.milliseconds) / 1_000
            let state = server.isLost(at: Timestamp(milliseconds: time)) ? "lost, " : ""
            lines.append(
                "server    \(server.host) pid \(server.processID), \(server.version), \(state)seen \(ago) s ago")
        }
        answer(
            [
                .init("database", .string(end.display)), .init("schema", .integer(Int64(version))),
                .init("newest_schema", .integer(Int64(Migration.newest))), .init("tables", .array(tables)),
                .init("servers", .array(servers.map { .string($0.host) })),
            ], lines)
    }

    private func migrate(_ end: DatabaseEnd) throws {
        try end.migrate(now: now)
        let version = try Migrator.version(of: end.reading())
        answer(
            [.init("database", .string(end.display)), .init("schema", .integer(Int64(version)))],
            ["\(end.display) has schema \(version)"])
    }

    private func check(_ end: DatabaseEnd) async throws {
        let store: any Store =
            switch end {
            case .file(let path): try SQLiteStore(.file(path), holder: "orcad db check", now: now)
            case .postgres(let address): try PostgresStore(address, now: now)
            }
        let findings = try await store.maintenance.check(fix: fixes)
        await store.close()
        answer(
            [
                .init(
                    "findings",
                    .array(
                        findings.map {
                            .object([
                                .init("check", .string($0.check)), .init("ok", .bool($0.isOK)),
                                .init("fixed", .bool($0.isFixed)), .init("detail", .string($0.detail)),
                            ])
                        }))
            ], findings.map { "\($0.isFixed ? "fixed" : $0.isOK ? "ok" : "problem")  \($0.check): \($0.detail)" })
        guard findings.allSatisfy(\.isOK) else {
            throw DaemonError(message: "The database is not as it should be; see above.", exitCode: 1)
        }
    }

    private func backup(_ end: DatabaseEnd, to path: String) throws {
        guard case .file(let source) = end else { return try export(end, to: path) }
        _ = try end.reading()
        try checkIsFree(path)
        let meter = ProgressMeter()
        do {
            try SQLiteBackup.copy(from: source, to: path) { done, all in meter.tell("\(done) of \(all) pages") }
        } catch {
            remove(path)
            throw error
        }
        meter.end()
        let size = Int64(Files.size(path) ?? 0)
        answer(
            [.init("file", .string(path)), .init("bytes", .integer(size))], ["\(path): \(size) bytes"])
    }

    private func export(_ end: DatabaseEnd, to path: String) throws {
        let db = try end.reading()
        let schema = try Migrator.version(of: db)
        try db.run(script: db.dialect.beginSnapshot)
        if path != "-" { try checkIsFree(path) }
        let file =
            path == "-"
            ? OwnedDescriptor(dup(STDOUT_FILENO)) : try OwnedDescriptor.open(path, O_WRONLY | O_CREAT | O_EXCL)
        let meter = ProgressMeter()
        var pending: [UInt8] = []
        do {
            let counts = try StateArchive.write(db, schema: schema, now: now, progress: meter.tell) { line in
                pending += line
                if pending.count >= 1 << 20 {
                    try file.write(pending, to: path)
                    pending.removeAll(keepingCapacity: true)
                }
            }
            try file.write(pending, to: path)
            if path != "-", fsync(file.raw) != 0 { throw SystemError.last("write", path) }
            meter.end()
            if path != "-" { tell(counts, path) }
        } catch {
            if path != "-" { remove(path) }
            throw error
        }
    }

    private func load(_ end: DatabaseEnd, from path: String) throws {
        let file = path == "-" ? OwnedDescriptor(dup(STDIN_FILENO)) : try reading(path)
        var lines = LineReader(file)
        let meter = ProgressMeter()
        let node = try end.node(places)
        let counts = try end.filling(now: now) { db in
            try StateArchive.read(
                into: db, schema: Migration.newest, adapt: { Self.moved($0, $1, from: "", to: node) },
                progress: meter.tell, from: { try lines.next() })
        }
        meter.end()
        tell(counts, end.display)
    }

    private func reading(_ path: String) throws -> OwnedDescriptor {
        do throws(SystemError) { return try OwnedDescriptor.open(path, O_RDONLY) } catch {
            throw DaemonError(
                message: "Cannot read \(path): \(error.reason). Check the path.", exitCode: error.code == ENOENT ? 3 : 2
            )
        }
    }

    private func restore(_ end: DatabaseEnd, from path: String) throws {
        let start = try reading(path).read(atMost: 16, from: path) ?? []
        guard start == Array("SQLite format 3\0".utf8) else { return try load(end, from: path) }
        try copy(.file(Paths.absolute(path)), to: end)
    }

    private func copy(_ end: DatabaseEnd, to target: DatabaseEnd) throws {
        let meter = ProgressMeter()
        let (from, to) = (try end.node(places), try target.node(places))
        let work = StateCopy(source: end, target: target) { Self.moved($0, $1, from: from, to: to) }
        let counts = try work.carryOut(now: now, progress: meter.tell)
        meter.end()
        tell(counts, target.display)
    }

    /// What was on this machine stays on it, whatever that is called in the new database.
    private static func moved(_ column: String, _ value: SQLValue, from: String, to: String) -> SQLValue {
        column == "node" && value == .text(from) ? .text(to) : value
    }

    // MARK: Answers

    private func checkIsFree(_ path: String) throws(DaemonError) {
        guard Files.kind(path) == nil else {
            throw DaemonError(message: "\(path) is there already. Nothing was changed; name another file.", exitCode: 4)
        }
    }

    private func remove(_ path: String) {
        // Half a file helps nobody; one that cannot be removed is told by what failed.
        unlink(path)
    }

    private func tell(_ counts: [StateArchive.Count], _ place: String) {
        let rows = counts.reduce(0) { $0 + $1.rows }
        answer(
            [
                .init("target", .string(place)), .init("rows", .integer(Int64(rows))),
                .init(
                    "tables",
                    .array(
                        counts.map {
                            .object([
                                .init("table", .string($0.table)), .init("rows", .integer(Int64($0.rows))),
                                .init("sha256", .string($0.digest)),
                            ])
                        })),
            ], ["\(place): \(rows) rows in \(counts.count) tables, all compared"])
    }

    private func answer(_ members: [JSONValue.Member], _ lines: [String]) {
        print(
            isJSON
                ? String(decoding: JSONValue.object(members).jsonBytes(), as: UTF8.self) : lines.joined(separator: "\n")
        )
    }
}
