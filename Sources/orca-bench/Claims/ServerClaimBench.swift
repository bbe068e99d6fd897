import Glibc
import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Synchronization

/// Durable claims a second through a real server over its unix socket, keep-alive, against well-known queues on SQLite
/// from PyPI with equal durability.
enum ServerClaimBench {
    static func run(_ options: BenchOptions) throws {
        let folder = try StoreClaimBench.benchFolder()
        var report = BenchReport(
            "claims through the server (unix socket)", columns: ["claims/s", "p50 ms", "p99 ms", "server MB"])
        for tasks in options.isQuick ? [10_000] : [10_000, 1_000_000] {
            let world = try ClaimWorld(tasks: tasks, in: folder)
            for clients in [1, 16, 64, 256] {
                var rates: [Double] = []
                var middle: [Double] = []
                var slow: [Double] = []
                var memory: [Double] = []
                for _ in 0..<options.rounds {
                    let one = try measure(world, clients: clients, claims: clients == 1 ? 2_000 : 8_000, folder)
                    rates.append(one.rate)
                    middle.append(one.p50)
                    slow.append(one.p99)
                    memory.append(one.megabytes)
                }
                report.add(
                    "\(tasks) tasks, \(clients) clients",
                    [rates.median, middle.median, slow.median, memory.median])
            }
        }
        for (name, values) in try peers() { report.add(name, values) }
        report.note(
            "peers: pop of one item, 10,000 items, synchronous=FULL, threads; they keep no lease, attempt or event")
        try report.finish(options)
    }

    private struct Measured {
        var rate: Double
        var p50: Double
        var p99: Double
        var megabytes: Double
    }

    private static func measure(
        _ world: ClaimWorld, clients: Int, claims: Int, _ folder: String
    ) throws -> Measured {
        let server = try BenchServer(database: try world.copy("server"), folder: folder)
        defer { server.stop() }
        let times = Mutex<[Double]>([])
        let failures = Mutex<[String]>([])
        let start = ContinuousClock.now
        let threads = try (0..<clients).map { client in
            try ManagedThread("client-\(client)") {
                do {
                    let connection = try server.client()
                    var own: [Double] = []
                    for _ in 0..<(claims / clients) {
                        let begin = ContinuousClock.now
                        _ = try connection.call(
                            Operations.claimTask,
                            .with {
                                $0.workspace = "default"
                                $0.agent = "agent-\(client)"
                                $0.project = "BENCH"
                            })
                        own.append((ContinuousClock.now - begin).inSeconds * 1_000)
                    }
                    times.withLock { $0 += own }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        for thread in threads { thread.join() }
        let seconds = (ContinuousClock.now - start).inSeconds
        if let failure = failures.withLock({ $0.first }) { throw Bench.Failure(description: failure) }
        let sorted = times.withLock { $0.sorted() }
        return Measured(
            rate: Double(sorted.count) / seconds, p50: sorted[sorted.count / 2],
            p99: sorted[sorted.count * 99 / 100], megabytes: server.residentMegabytes)
    }

    /// The peers run in Python; the script prints a line `name<TAB>rate` each.
    private static func peers() throws -> [(String, [Double])] {
        guard let python = getenv("BENCH_PYTHON").map({ String(cString: $0) }) else { return [] }
        let result = try Subprocess.run(
            SubprocessCommand(python, ["scripts/bench.d/peers.py"], environment: ["PATH": "/usr/bin:/bin"]),
            timeout: .seconds(300))
        guard result.status.isSuccess else { throw Bench.Failure(description: "peers failed: \(result.errorText)") }
        return result.outputText.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t")
            guard parts.count == 2, let rate = Double(parts[1]) else { return nil }
            return (String(parts[0]), [rate, .nan, .nan, .nan])
        }
    }
}

/// A release server on a database of its own.
final class BenchServer: Sendable {
    private let process: SupervisedProcess
    private let environment: [String: String]
    private let database: String

    init(database: String, folder: String) throws {
        self.database = database
        let home = folder + "/home"
        let own = Files.split(try Paths.resolved("/proc/self/exe")).folder
        environment = ["ORCA_HOME": home, "PATH": own + ":/usr/bin:/bin", "HOME": folder]
        process = try SupervisedProcess(
            SubprocessCommand(own + "/orcad", ["serve", "--database", database], environment: environment))
        let deadline = Deadline.after(.seconds(30))
        // Whatever keeps it from answering, it is asked again until the deadline.
        while (try? client().call(Operations.getServerInfo, .init())) == nil {
            // Not up yet; the only event is the socket itself.
            guard !deadline.hasPassed else { throw Bench.Failure(description: "orcad did not start") }
            poll(nil, 0, 5)
        }
    }

    func client() throws -> HTTPClient {
        var options = ConnectOptions(environment: environment)
        options.startsServer = false
        return try HTTPClient(options)
    }

    var residentMegabytes: Double {
        let text = (try? Files.readText("/proc/\(process.child.pid)/statm")) ?? ""  // gone means zero
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
        return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
    }

    /// Processor time so far.
    var cpuSeconds: Double {
        let text = (try? Files.readText("/proc/\(process.child.pid)/stat")) ?? ""  // gone means zero
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    func stop() {
        process.end()
        ClaimWorld.remove(database)
    }
}
