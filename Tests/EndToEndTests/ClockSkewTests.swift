import OrcaConnect
import OrcaPostgres
import OrcaSQL
import OrcaSupport
import OrcaTestKit
import Testing

/// Servers on one database whose machines' clocks are an hour off: everything goes by the database's time, and whoever
/// looks is told of the clocks.
@Suite(.serialized) struct ClockSkewTests {
    /// How far times may be from the moment they are looked at; much less than the clocks are off.
    private static let nearMS: Int64 = 300_000

    /// Compiled here, because nothing of it belongs into a product. The toolchain has a compiler.
    private func clock(in folder: TemporaryDirectory) throws -> String {
        let source = Files.split(#filePath).folder + "/Fixtures/skewed_clock.c"
        let library = folder.path("skewed_clock.so")
        let made = try Subprocess.run(
            SubprocessCommand(
                "clang", ["-shared", "-fPIC", "-O1", "-o", library, source],
                environment: ProcessEnvironment.current, directory: folder.path),
            timeout: .seconds(60))
        try #require(made.status.isSuccess, "\(made.errorText)")
        return library
    }

    /// The first to start leads.
    @Test(arguments: [["+3600", "-3600", ""], ["-3600", "+3600", ""]])
    func serversWithWrongClocksWorkAtTheDatabasesTime(_ shifts: [String]) throws {
        let folder = TemporaryDirectory("skew")
        let library = try clock(in: folder)
        let cluster = try PostgresCluster.shared()
        let address = try cluster.database()
        let name = address.display.split(separator: "@")[0].split(separator: ":")[1]
        let places = try shifts.map { _ in try Installation() }
        var servers: [SupervisedProcess] = []
        defer { for server in servers { server.end() } }
        for (place, shift) in zip(places, shifts) {
            try place.orca("config", "set", "database", cluster.uri(String(name)))
            servers.append(
                try place.startServer(
                    under: shift.isEmpty ? [] : ["env", "LD_PRELOAD=\(library)", "SKEW_SECONDS=\(shift)"]))
        }
        let db = try PostgresConnection(address, .tool, PostgresLimits())
        try places[0].orca("project", "create", "API")
        for (number, place) in places.enumerated() {
            try place.orca("task", "create", "Task \(number)", "--project", "API")
            try place.orca("task", "claim", "API-\(number + 1)", "--agent", "a\(number)", "--ttl", "5m")
            try place.orca("terminal", "create", "--command", "sleep 600")
        }
        // A short one runs out in time, whoever leads.
        try places[2].orca("task", "create", "Short", "--project", "API")
        try places[2].orca("task", "claim", "API-4", "--agent", "short", "--ttl", "2s")
        let expired = SQL("SELECT count(*) FROM attempts WHERE outcome = 'expired'")
        let isOver = try places[2].eventually(within: .seconds(60)) { try db.first(expired, []) { $0.int(0) } == 1 }
        #expect(isOver, "the short lease did not end")
        let leases = try db.first(SQL("SELECT count(*) FROM leases"), []) { $0.int(0) }
        #expect(leases == 3, "a lease ended early")
        try checkTimes(db)
        try checkWhatIsSaid(places, shifts)
    }

    private func checkTimes(_ db: PostgresConnection) throws {
        let now = "(extract(epoch FROM clock_timestamp()) * 1000)"
        for (column, ahead) in [
            ("at FROM events", 0), ("started_at FROM attempts", 0), ("expires_at FROM leases", 300_000),
            ("created_at FROM tasks", 0), ("state_since FROM terminals", 0), ("seen_at FROM servers", 0),
        ] {
            let parts = column.split(separator: " ", maxSplits: 1)
            let far = try db.first(
                SQL("SELECT coalesce(max(abs(\(parts[0]) - \(now) - \(ahead))), 1e12)::bigint \(parts[1])"), []
            ) { $0.integer(0) }
            #expect((far ?? .max) < Self.nearMS, "\(column) is off by \(far ?? 0) ms")
        }
    }

    private func checkWhatIsSaid(_ places: [Installation], _ shifts: [String]) throws {
        let doctor = try places[2].answer(["doctor"]).outputText
        #expect(
            doctor.contains("ms ahead of the database's") && doctor.contains("ms behind the database's"), "\(doctor)")
        #expect(!doctor.contains("doctor --fix"), "\(doctor)")
        for (place, shift) in zip(places, shifts) {
            let ready = try Subprocess.run(
                place.command(
                    "curl", ["--silent", "--unix-socket", place.places.socket, "http://localhost/readyz"]),
                timeout: .seconds(30))
            let log = try Files.readText(place.places.log)
            let words = shift.hasPrefix("+") ? "ahead of the database's" : "behind the database's"
            #expect(ready.outputText.contains(#""status":"ready""#), "\(ready.outputText)")
            #expect(ready.outputText.contains(words) == !shift.isEmpty, "\(ready.outputText)")
            #expect(log.contains(words) == !shift.isEmpty, "\(log)")
        }
    }
}
