import Glibc
import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaGRPC
import OrcaInProcess
import OrcaProtobuf
import OrcaSupport
import Synchronization

/// Unary calls by transport: as our own clients see them, and the gRPC server against the library alone.
enum TransportBench {
    private static let clientCounts = [1, 32, 256]
    /// The least of the bare library that the server must reach with 32 calls in flight.
    private static let budget = 0.7

    static func run(_ options: BenchOptions) throws {
        let folder = try StoreClaimBench.benchFolder() + "/transports"
        try Files.makeDirectories(folder, mode: 0o700)
        let own = try Paths.resolved("/proc/self/exe")
        let server = try BenchProcess(own, ["transport-fixture", folder])
        defer { server.end() }
        let ports = try server.firstLine().split(separator: " ").compactMap { UInt16($0) }
        guard ports.count == 2 else { throw Bench.Failure(description: "the fixture did not start") }
        try byTransport(options, folder, http: ports[0], grpc: ports[1])
        try againstTheLibrary(options, folder, own: own)
    }

    // MARK: Our clients

    private static func byTransport(
        _ options: BenchOptions, _ folder: String, http: UInt16, grpc: UInt16
    ) throws {
        let library = try RPCLibrary.load()
        let ways: [(String, @Sendable () throws -> any OrcaClient)] = [
            ("in process", { InProcessClient(SmallPerformer()) }),
            ("HTTP, unix socket", { try httpClient(.socket(folder + "/http.sock")) }),
            ("HTTP, TCP", { try httpClient(.url("http://127.0.0.1:\(http)")) }),
            ("gRPC, unix socket", { GRPCClient(.init(.unix(folder + "/grpc.sock")), library) }),
            (
                "gRPC, TCP",
                {
                    var options = GRPCClient.Options(.tcp(host: "127.0.0.1", port: grpc))
                    options.token = "orca_secret"
                    return GRPCClient(options, library)
                }
            ),
        ]
        var report = BenchReport(
            "unary calls by transport, blocking Swift clients, one connection and thread each",
            columns: ["calls/s", "p50 ms", "p99 ms"])
        for (name, make) in ways {
            for clients in clientCounts {
                var rounds: [[Double]] = []
                for _ in 0..<options.rounds {
                    rounds.append(try measure(make, clients: clients, calls: clients == 1 ? 4_000 : 24_000))
                }
                report.add("\(name), \(clients)", (0..<3).map { column in rounds.map { $0[column] }.median })
            }
        }
        report.note("the clients' own work is part of it, on the same two cores")
        try report.finish(options)
    }

    private static func httpClient(_ endpoint: ConnectOptions.Endpoint) throws -> HTTPClient {
        var options = ConnectOptions(environment: [:])
        options.endpoint = endpoint
        options.startsServer = false
        options.token = "orca_secret"
        return try HTTPClient(options)
    }

    /// Calls a second, and the median and 99th percentile of one, in milliseconds.
    private static func measure(
        _ make: @Sendable () throws -> any OrcaClient, clients: Int, calls: Int
    ) throws -> [Double] {
        let connections = try (0..<clients).map { _ in try make() }
        for connection in connections { try ask(connection) }
        let times = Mutex<[Double]>([])
        let failures = Mutex<[String]>([])
        let start = ContinuousClock.now
        let threads = try connections.map { connection in
            try ManagedThread("client") {
                var own: [Double] = []
                do {
                    for _ in 0..<(calls / clients) {
                        let begin = ContinuousClock.now
                        try ask(connection)
                        own.append((ContinuousClock.now - begin).inSeconds * 1_000)
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
                times.withLock { $0 += own }
            }
        }
        for thread in threads { thread.join() }
        let seconds = (ContinuousClock.now - start).inSeconds
        if let failure = failures.withLock({ $0.first }) { throw Bench.Failure(description: failure) }
        let sorted = times.withLock { $0.sorted() }
        return [Double(sorted.count) / seconds, sorted[sorted.count / 2], sorted[sorted.count * 99 / 100]]
    }

    private static func ask(_ client: any OrcaClient) throws(APIError) {
        _ = try client.call(
            Operations.getTask,
            .with {
                $0.workspace = "default"
                $0.task = "API-1"
            })
    }

    // MARK: The library alone

    private static func againstTheLibrary(_ options: BenchOptions, _ folder: String, own: String) throws {
        let program = Files.split(own).folder + "/orca-bench-grpc"
        let socket = folder + "/echo.sock"
        unlink(socket)
        let echo = try BenchProcess(program, ["echo", socket])
        defer { echo.end() }
        _ = try echo.firstLine()
        let request = OrcaV1.GetTaskRequest.with {
            $0.workspace = "default"
            $0.task = "API-1"
        }
        let hex = request.wireBytes().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        var report = BenchReport(
            "gRPC server against an echo of the library alone, one connection, the library's own client",
            columns: ["calls/s", "p50 ms", "p99 ms", "echo/s", "ratio"])
        for inFlight in clientCounts {
            var rounds: [(ours: [Double], bare: Double)] = []
            for _ in 0..<options.rounds {
                let ours = try load(program, folder + "/grpc.sock", inFlight, hex)
                rounds.append((ours, try load(program, socket, inFlight, hex)[0]))
            }
            let ratio = rounds.map { $0.ours[0] / $0.bare }.median
            report.add(
                "\(inFlight) in flight",
                (0..<3).map { column in rounds.map { $0.ours[column] }.median } + [rounds.map(\.bare).median, ratio])
            if inFlight == 32 {
                report.note("budget at 32: \(budget) of the echo; \(ratio >= budget ? "met" : "missed")")
            }
        }
        try report.finish(options)
    }

    private static func load(_ program: String, _ socket: String, _ inFlight: Int, _ hex: String) throws -> [Double] {
        let result = try Subprocess.run(
            SubprocessCommand(
                program, ["load", "unix:" + socket, "/orca.v1.TaskService/GetTask", "\(inFlight)", "3", hex]),
            timeout: .seconds(60))
        let figures = result.outputText.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        guard result.status.isSuccess, figures.count == 3 else {
            throw Bench.Failure(description: "the load failed: \(result.outputText)\(result.errorText)")
        }
        return figures
    }
}
