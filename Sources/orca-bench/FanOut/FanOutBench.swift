import Glibc
import OrcaAPI
import OrcaConnect
import OrcaPostgres
import OrcaProtobuf
import OrcaSQL
import OrcaSupport
import Synchronization

/// How soon, and how fast, events that one server commits reach the followers of all servers: three processes on one
/// Postgres, against one on Postgres and one on SQLite.
enum FanOutBench {
    /// Events of the latencies; each is a commit of its own, and the next one waits until everybody has it.
    private static let singles = 200
    /// Events of one commit, for the throughput.
    private static let burst = 200

    static func run(_ options: BenchOptions) throws {
        guard let base = options.rest.first else {
            throw Bench.Failure(
                description: "name a cluster: fan-out 'postgresql:///%s?host=…' (%s is the database)")
        }
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        var report = BenchReport(
            "events to followers of a server (NDJSON), ms from the begin of the write until the last one has it",
            columns: ["write p50", "own p50", "own p99", "others p50", "others p99", "events/s"])
        for each in options.isQuick ? [1, 100] : [1, 100, 300] {
            let three = try onPostgres(base, servers: 3, followers: each, options)
            report.add("3 on Postgres, \(each) each", three)
            report.add("1 on Postgres, \(each)", try onPostgres(base, servers: 1, followers: each, options))
            report.add("1 on SQLite, \(each)", try onSQLite(followers: each, options))
        }
        report.note(
            "events/s: \(burst) of one commit, from its begin, to all followers of all servers; one thread reads for all"
        )
        report.note("own: on the server that commits; others: the later one of the two")
        try report.finish(options)
    }

    // MARK: Servers

    private static func onPostgres(
        _ base: String, servers: Int, followers: Int, _ options: BenchOptions
    ) throws -> [Double] {
        func uri(_ database: String) -> String {
            base.split(separator: "%s", omittingEmptySubsequences: false).joined(separator: database)
        }
        let name = "orca_fan_out_\(UInt32.random(in: 0...UInt32.max))"
        let admin = try PostgresConnection(try PostgresAddress(uri("postgres")), .tool, PostgresLimits())
        try admin.run(script: "CREATE DATABASE \(name)")
        let found = Result { try measure(uri(name), servers, followers, options) }
        try admin.run(script: "DROP DATABASE \(name) WITH (FORCE)")
        return try found.get()
    }

    private static func onSQLite(followers: Int, _ options: BenchOptions) throws -> [Double] {
        let database = try folder() + "/events.db"
        ClaimWorld.remove(database)
        return try measure(database, 1, followers, options)
    }

    private static func folder() throws -> String { try StoreClaimBench.benchFolder() + "/fan-out" }

    private static func measure(
        _ database: String, _ count: Int, _ followers: Int, _ options: BenchOptions
    ) throws -> [Double] {
        var servers: [BenchServer] = []
        defer { for server in servers { server.stop() } }
        var sockets: [String] = []
        for number in 1...count {
            let place = try folder() + "/\(number)"
            try Files.makeDirectories(place, mode: 0o700)
            servers.append(try BenchServer(database: database, folder: place))
            sockets.append(place + "/home/run/orca.sock")
        }
        let writer = try Writer(try servers[0].client())
        let crowd = try StreamCrowd(sockets, each: followers, type: "task.created")
        return try measure(crowd, writer, streams: followers * count, options)
    }

    // MARK: Measuring

    private static func measure(
        _ crowd: StreamCrowd, _ writer: Writer, streams: Int, _ options: BenchOptions
    ) throws -> [Double] {
        var (writes, own, others, rates): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        for index in 0..<(singles + 10) {
            let (arrivals, write) = try writer.time(crowd, events: 1)
            // The first ones warm up.
            guard index >= 10 else { continue }
            writes.append(write)
            own.append(arrivals[0])
            if let last = arrivals.dropFirst().max() { others.append(last) }
        }
        for _ in 0..<options.rounds {
            let (arrivals, _) = try writer.time(crowd, events: burst)
            rates.append(Double(streams * burst) / ((arrivals.max() ?? .nan) / 1_000))
        }
        func part(_ times: [Double], _ share: Double) -> Double {
            times.isEmpty ? .nan : times.sorted()[min(times.count - 1, Int(Double(times.count) * share))]
        }
        return [
            part(writes, 0.5), part(own, 0.5), part(own, 0.99), part(others, 0.5), part(others, 0.99), rates.median,
        ]
    }
}

/// Makes events on one server, on a thread of its own so that followers are read meanwhile.
private final class Writer {
    private let client: HTTPClient
    private var plans = 0

    init(_ client: HTTPClient) throws {
        self.client = client
        _ = try client.call(
            Operations.createProject,
            .with {
                $0.workspace = "default"
                $0.key = "FAN"
            })
    }

    /// Milliseconds from the begin of a write that makes so many events: until the last follower of each server has them,
    /// and until the write is answered.
    func time(_ crowd: StreamCrowd, events: Int) throws -> (arrivals: [Double], write: Double) {
        plans += 1
        let (client, name) = (client, "plan-\(plans)")
        let told = Told()
        var thread: ManagedThread?
        let found = Result {
            try crowd.follow(events) {
                thread = try ManagedThread("writer") {
                    let begin = ContinuousClock.now
                    let failure = Self.write(client, name, events)
                    told.put(begin, .now, failure)
                }
            }
        }
        thread?.join()
        let (begin, end, failure) = told.times
        if let failure { throw failure }
        let arrivals = try found.get()
        return (arrivals.map { ($0 - begin).inSeconds * 1_000 }, (end - begin).inSeconds * 1_000)
    }

    private static func write(_ client: HTTPClient, _ name: String, _ events: Int) -> APIError? {
        do throws(APIError) {
            if events == 1 {
                _ = try client.call(
                    Operations.createTask,
                    .with {
                        $0.workspace = "default"
                        $0.project = "FAN"
                        $0.title = name
                    })
            } else {
                _ = try client.call(Operations.importPlan, plan(name, events))
            }
            return nil
        } catch {
            return error
        }
    }

    private static func plan(_ name: String, _ tasks: Int) -> OrcaV1.ImportPlanRequest {
        .with {
            $0.workspace = "default"
            $0.project = "FAN"
            $0.plan = .with {
                $0.name = name
                $0.tasks = (1...tasks).map { number in
                    .with {
                        $0.key = "t\(number)"
                        $0.title = "Task \(number)"
                    }
                }
            }
        }
    }
}

/// What the writer's thread leaves.
private final class Told: Sendable {
    typealias Times = (begin: ContinuousClock.Instant, end: ContinuousClock.Instant, failure: APIError?)

    private let state = Mutex<Times>((.now, .now, nil))

    var times: Times { state.withLock { $0 } }

    func put(_ begin: ContinuousClock.Instant, _ end: ContinuousClock.Instant, _ failure: APIError?) {
        state.withLock { $0 = (begin, end, failure) }
    }
}
