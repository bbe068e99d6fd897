import Glibc
import OrcaDomain
import OrcaPostgres
import OrcaRuntime
import OrcaSQL
import OrcaSQLite
import OrcaStore
import OrcaSupport

/// Opens the store that the configuration names.
struct StoreComposition {
    /// How long a server of one client waits for the one of the client before it, which may still be ending.
    private static let embeddedPatience = Duration.seconds(5)

    let options: DaemonOptions
    let identity: ServerIdentity
    let log: Logger

    init(_ options: DaemonOptions, _ identity: ServerIdentity, _ log: Logger) {
        self.options = options
        self.identity = identity
        self.log = log
    }

    /// For a database, while a client waits for the server that it started.
    private static let clientWaitSeconds: Int64 = 10

    func open() async throws -> any Store {
        if options.database == "memory" { return try SQLiteStore(.memory, now: identity.startedAtMS) }
        if PostgresAddress.isMeant(by: options.database) { return try await openPostgres() }
        let holder = "orcad (pid \(identity.pid))"
        do {
            try Files.makeDirectories(Files.split(Paths.absolute(options.database)).folder, mode: 0o700)
            return try SQLiteStore(
                .file(options.database), holder: holder,
                patience: options.embeddedDescriptor == nil ? .zero : Self.embeddedPatience, now: identity.startedAtMS)
        } catch {
            throw Self.told(error, options.database)
        }
    }

    private func openPostgres() async throws -> any Store {
        let address: PostgresAddress
        do {
            address = try PostgresAddress(options.database)
        } catch {
            throw Self.told(error, "postgres")
        }
        // A client that starts a server waits for it, and shall hear why there is none.
        let patience =
            options.isAutoStarted
            ? min(options.databaseWaitSeconds, Self.clientWaitSeconds) : options.databaseWaitSeconds
        let deadline = Deadline.after(.seconds(patience))
        let backoff = Backoff(initial: .milliseconds(200), maximum: .seconds(2))
        var random = SystemRandomNumberGenerator()
        var tries = 0
        while true {
            do {
                return try PostgresStore(address, now: identity.startedAtMS)
            } catch StoreError.unavailable(let words) where !deadline.hasPassed {
                if tries == 0 {
                    log.warning("waiting for the database", ["store": .text(address.display), "error": .text(words)])
                }
                await ServerClock().sleep(
                    milliseconds: backoff.delay(attempt: min(tries, 10), random: &random).milliseconds)
                tries += 1
            } catch {
                throw Self.told(error, address.display)
            }
        }
    }

    private static func told(_ error: any Error, _ database: String) -> DaemonError {
        let told = DaemonError(anything: error)
        return DaemonError(message: "\(told.message) (database: \(database))", exitCode: told.exitCode)
    }

    /// The clock never starts before what was already recorded; on a shared database it starts with that one's time.
    static func clock(for store: any Store) async throws -> ServerClock {
        ServerClock(floor: try await newestTime(in: store), shared: try await store.sharing?.databaseTime())
    }

    private static func newestTime(in store: any Store) async throws -> Timestamp {
        try await store.read { reader in
            let workspaces = try reader.workspaces.page(PageRequest(limit: Limits.pageRowsMax)).rows
            let times = try workspaces.compactMap { workspace in
                try reader.events.newest(EventFilter(workspace: workspace.id), before: .max, limit: 1).first?.at
            }
            return times.max() ?? Timestamp(milliseconds: 0)
        }
    }

    /// This server among others, where the database is shared.
    static func membership(
        _ places: Places, _ options: DaemonOptions, _ identity: ServerIdentity, _ store: any Store,
        _ clock: ServerClock, _ control: any ServerControl
    ) throws -> Membership? {
        guard let sharing = store.sharing else { return nil }
        return Membership(
            Membership.Identity(
                node: try node(places), instance: identity.instance, host: hostName(),
                processID: Int(identity.pid), version: ProductVersion.current, schema: Migration.newest),
            store: store, sharing: sharing, clock: clock, server: control,
            givenUpAfterMS: options.serverGivenUpSeconds * 1_000)
    }

    /// What this installation is called among others; made once.
    static func node(_ places: Places) throws -> String {
        let path = places.dataDirectory + "/node"
        // No file means that this is the first time. One that cannot be read does not: with another name, this machine's
        // terminals and checkouts would belong to a server that is not there.
        if Files.kind(path) != nil {
            let known = try Files.readText(path, limit: 4_096).prefix { !$0.isNewline }
            if !known.isEmpty { return String(known) }
        }
        let made = UUIDText.random(.random(in: 0...UInt64.max), .random(in: 0...UInt64.max))
        try Files.makeDirectories(places.dataDirectory, mode: 0o700)
        try Files.write(made + "\n", to: path, mode: 0o600)
        return made
    }

    static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
