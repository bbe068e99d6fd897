import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaGRPC
import OrcaPostgres
import OrcaProtobuf
import OrcaSQL
import OrcaSimulation
import OrcaSupport
import OrcaTestKit
import Synchronization
import Testing

/// Three servers on one Postgres, 64 workers over HTTP and gRPC, sockets and TCP, and everything is killed again and again:
/// all invariants hold, and what was acknowledged is there once. `make chaos SECONDS=…` has it go on for longer.
@Suite(.serialized) struct SharedDatabaseChaosTests {
    private static let workers = 64
    private static let servers = 3
    private static let leaseMS: Int32 = 5_000

    /// What workers were told that was done.
    private struct Acknowledged {
        var created: [String: String] = [:]
        var completed: [String: Int64] = [:]
    }

    private let seed =
        ProcessEnvironment.current["ORCA_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64(UInt32.max))
    private let seconds = ProcessEnvironment.current["ORCA_CHAOS_SECONDS"].flatMap { Int64($0) } ?? 40

    @Test func allInvariantsHoldWhileServersAndPostgresAreKilled() throws {
        print("SharedDatabaseChaosTests: ORCA_SEED=\(seed) ORCA_CHAOS_SECONDS=\(seconds)")
        let cluster = try PostgresCluster()
        let address = try cluster.database()
        let uri = cluster.uri(String(address.display.split(separator: "@")[0].split(separator: ":")[1]))
        let places = try (0..<Self.servers).map { _ in try Installation() }
        for place in places { try place.orca("config", "set", "database", uri) }
        for place in places { try listenEverywhere(place) }
        try places[0].orca("project", "create", "KILL", "--name", "Kill")
        let secret = places[0].folder.path("secret")
        try places[0].orca("token", "create", "workers", "--scope", "coordinator", "-o", secret)
        let token = try Files.readText(secret).filter { !$0.isNewline }
        let doors = try places.map { try Ways($0, token: token) }
        let told = Mutex(Acknowledged())
        let isOver = StopSignal()
        let threads = try (0..<Self.workers).map { number in
            try ManagedThread("worker-\(number)") {
                do {
                    var worker = Worker(number, seed: seed, doors)
                    while !isOver.isRaised {
                        let news = try worker.step(isOver)
                        told.withLock { told in
                            if let (title, ref) = news.created { told.created[title] = ref }
                            if let (ref, token) = news.completed { told.completed[ref] = token }
                        }
                    }
                } catch { Issue.record("worker \(number), seed \(seed): \(error)") }
            }
        }
        let faults = try wreakHavoc(cluster, places)
        isOver.raise()
        for thread in threads { thread.join() }
        let acknowledged = told.withLock { $0 }
        print("\(acknowledged.created.count) created, \(acknowledged.completed.count) completed, \(faults)")
        // Titles begin with their worker's number, and that says which way it goes.
        let ways = acknowledged.created.keys.compactMap { Int($0.dropFirst().prefix { $0.isNumber }).map { $0 % 4 } }
        #expect(Set(ways) == [0, 1, 2, 3], "a transport did nothing, seed \(seed)")
        #expect(acknowledged.completed.count > 20 && faults.values.reduce(0, +) > 5, "too little happened")
        try finishAll(places[0], acknowledged.created.count)
        try check(acknowledged, address)
    }

    /// gRPC beside the socket, and a TCP port that stays the same.
    private func listenEverywhere(_ place: Installation) throws {
        try place.orca("config", "set", "grpc_address", "unix")
        try place.orca("config", "set", "listen", "127.0.0.1:0")
        try place.orca("workspace", "list")
        let tcp = try #require(ServerLock.read(place.places.serverLock)?.tcpAddress)
        try place.orca("stop")
        try place.orca("config", "set", "listen", tcp)
    }

    // MARK: Faults

    private func wreakHavoc(_ cluster: PostgresCluster, _ places: [Installation]) throws -> [String: Int] {
        var random = SeededRandom(seed: seed)
        var faults: [String: Int] = [:]
        let deadline = Deadline.after(.seconds(seconds))
        while !deadline.hasPassed {
            _ = Poll.readable([], until: .after(.milliseconds(Int64.random(in: 200...2_000, using: &random))))
            let place = places[Int.random(in: 0..<places.count, using: &random)]
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1:
                cluster.crash()
                _ = Poll.readable([], until: .after(.milliseconds(Int64.random(in: 0...1_500, using: &random))))
                try cluster.start()
                faults["postgres", default: 0] += 1
            case 2:
                // It may stand still with the writers' lock, or as the leader.
                guard let pid = try place.serverProcess() else { continue }
                SystemSignals.stop(pid)
                _ = Poll.readable([], until: .after(.milliseconds(Int64.random(in: 500...4_000, using: &random))))
                SystemSignals.goOn(pid)
                faults["held", default: 0] += 1
            default:
                try place.killServer()
                faults["server", default: 0] += 1
            }
        }
        return faults
    }

    // MARK: Afterwards

    /// With the faults over, everything that can be done gets done, by several who share the server's commits.
    private func finishAll(_ place: Installation, _ count: Int) throws {
        let deadline = Deadline.after(.seconds(120 + count / Self.finishedEachSecond))
        let isDone = StopSignal()
        let threads = try (0..<Self.finishers).map { number in
            try ManagedThread("finisher-\(number)") {
                do {
                    let client = try place.client()
                    while !isDone.isRaised, !deadline.hasPassed {
                        if try finishOne(client, agent: "finisher-\(number)") { isDone.raise() }
                    }
                } catch { Issue.record("finisher \(number), seed \(seed): \(error)") }
            }
        }
        for thread in threads { thread.join() }
        if !isDone.isRaised { Issue.record("work was left that nobody did, seed \(seed)") }
    }

    private static let finishers = 8
    /// On a slow machine that has other things to do.
    private static let finishedEachSecond = 20

    /// Does one task; true when there is nothing left to do.
    private func finishOne(_ client: HTTPClient, agent: String) throws -> Bool {
        var claim = OrcaV1.ClaimTaskRequest()
        claim.workspace = "default"
        claim.project = "KILL"
        claim.agent = agent
        claim.waitMs = 1_000
        do throws(APIError) {
            let claimed = try client.call(Operations.claimTask, claim)
            guard let task = claimed.task, let lease = claimed.lease else { return try isQuiet(client) }
            var complete = OrcaV1.CompleteTaskRequest()
            complete.workspace = "default"
            complete.task = task.id
            complete.token = lease.token
            _ = try client.call(Operations.completeTask, complete)
            return false
        } catch {
            return try error.code == ErrorCode.nothingReady.rawValue && isQuiet(client)
        }
    }

    /// Whether no task waits for a worker or has one.
    private func isQuiet(_ client: HTTPClient) throws(APIError) -> Bool {
        var request = OrcaV1.GetProjectRequest()
        request.workspace = "default"
        request.project = "KILL"
        let counts = try client.call(Operations.getProject, request).project?.taskCounts ?? [:]
        return (counts["ready"] ?? 0) == 0 && (counts["dispatched"] ?? 0) == 0
    }

    private func check(_ acknowledged: Acknowledged, _ address: PostgresAddress) throws {
        let connection = try PostgresConnection(address, .tool, PostgresLimits())
        let world = EngineWorld(
            lookingAt: connection, now: Timestamp(milliseconds: SystemTime.wallMilliseconds()))
        do {
            try world.checkInvariants()
        } catch { Issue.record("seed \(seed): \(error)") }
        let tasks = SQL("SELECT title, ref FROM tasks ORDER BY title")
        let stored = try connection.query(tasks, []) { ($0.text(0), $0.text(1)) }
        #expect(Set(stored.map(\.0)).count == stored.count, "a task was made twice, seed \(seed)")
        let byTitle = Dictionary(stored, uniquingKeysWith: { first, _ in first })
        for (title, ref) in acknowledged.created { #expect(byTitle[title] == ref, "\(title), seed \(seed)") }
        let outcome = SQL("SELECT outcome FROM attempts WHERE task_ref = ?1 AND token = ?2")
        for (ref, token) in acknowledged.completed {
            let found = try connection.first(outcome, [.text(ref), .integer(token)]) { $0.text(0) }
            #expect(found == "succeeded", "\(ref) token \(token), seed \(seed)")
        }
    }
}

/// The ways to one server.
private struct Ways {
    /// This one also starts it when it is not there.
    let socket: any OrcaClient
    let tcp: any OrcaClient
    let grpc: any OrcaClient

    init(_ place: Installation, token: String) throws {
        socket = try place.client()
        var options = ConnectOptions(environment: place.environment)
        let config = try JSONValue(jsonBytes: Files.read(place.places.config))
        options.endpoint = .url("http://" + (config["listen"]?.stringValue ?? ""))
        options.token = token
        tcp = try HTTPClient(options)
        let beside = Files.split(place.places.socket).folder + "/grpc.sock"
        grpc = GRPCClient(GRPCClient.Options(.unix(beside)), try .load())
    }
}

/// Makes tasks and works on whatever it gets, over whichever server answers.
private struct Worker {
    struct News {
        var created: (String, String)?
        var completed: (String, Int64)?
    }

    private let name: String
    private let clients: [any OrcaClient]
    private var random: SeededRandom
    private var count = 0
    private var lastRef = ""

    init(_ number: Int, seed: UInt64, _ ways: [Ways]) {
        name = "w\(number)"
        clients = ways.map { way in
            switch number % 4 {
            case 0: way.grpc
            case 1: way.tcp
            default: way.socket
            }
        }
        random = SeededRandom(seed: seed &+ UInt64(number) &* 7_919)
    }

    mutating func step(_ isOver: StopSignal) throws -> News {
        count += 1
        var news = News()
        let title = "\(name)-\(count)"
        var create = OrcaV1.CreateTaskRequest()
        create.workspace = "default"
        create.project = "KILL"
        create.title = title
        if !lastRef.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
            create.dependencies = [.with { $0.task = lastRef }]
        }
        guard let made = try insist(Operations.createTask, create, "create-\(title)", isOver) else { return news }
        lastRef = made.task?.ref ?? ""
        news.created = (title, lastRef)
        var claim = OrcaV1.ClaimTaskRequest()
        claim.workspace = "default"
        claim.project = "KILL"
        claim.agent = name
        claim.ttlMs = 5_000
        guard let claimed = try insist(Operations.claimTask, claim, "claim-\(title)", isOver),
            let task = claimed.task, let lease = claimed.lease
        else { return news }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: break  // It dies: the lease has to expire.
        case 1:
            var release = OrcaV1.ReleaseTaskRequest()
            release.workspace = "default"
            release.task = task.id
            release.token = lease.token
            _ = try insist(Operations.releaseTask, release, "release-\(title)", isOver)
        case 2:
            var fail = OrcaV1.FailTaskRequest()
            fail.workspace = "default"
            fail.task = task.id
            fail.token = lease.token
            fail.error = "it was to be"
            _ = try insist(Operations.failTask, fail, "fail-\(title)", isOver)
        default:
            var complete = OrcaV1.CompleteTaskRequest()
            complete.workspace = "default"
            complete.task = task.id
            complete.token = lease.token
            if try insist(Operations.completeTask, complete, "complete-\(title)", isOver) != nil {
                news.completed = (task.ref, lease.token)
            }
        }
        return news
    }

    /// Sends a call to one server after the other, with its key, until one answers. `nil` for a refusal, or when all is
    /// over.
    private mutating func insist<Request, Response>(
        _ operation: TypedOperation<Request, Response>, _ request: Request, _ key: String, _ isOver: StopSignal
    ) throws -> Response? {
        while !isOver.isRaised {
            let client = clients[Int.random(in: 0..<clients.count, using: &random)]
            do throws(APIError) {
                return try client.call(operation, request, idempotencyKey: key)
            } catch {
                switch error.category {
                case .unavailable, .deadlineExceeded, .resourceExhausted: isOver.wait(until: .after(.milliseconds(50)))
                case .internal: throw error
                default: return nil
                }
            }
        }
        return nil
    }
}
