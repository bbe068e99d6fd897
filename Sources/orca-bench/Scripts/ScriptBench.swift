import Glibc
import OrcaAPI
import OrcaConnect
import OrcaProtobuf
import OrcaSupport

/// Scripts through a real server, against a Node child process and Node's `vm`.
enum ScriptBench {
    private static let sum = "1 + 1"
    private static let hostCalls = 1_000
    private static let tasks = 100
    private static let clients = 50
    private static let runsEach = 10
    private static let peer = "scripts/bench.d/script_peer.js"

    static func run(_ options: BenchOptions) throws {
        let folder = try StoreClaimBench.benchFolder()
        let server = try BenchServer(database: folder + "/scripts.db", folder: folder)
        defer { server.stop() }
        let client = try server.client()
        _ = try client.call(
            Operations.createProject,
            .with { ($0.workspace, $0.key, $0.name) = ("default", "BENCH", "Bench") })
        try latency(options, client)
        try calls(options, client, folder)
        try memory(options)
        try crowd(options, server)
        try flow(options, client, folder)
    }

    /// Runs a script and answers how long it took, in milliseconds.
    @discardableResult
    private static func script(_ client: HTTPClient, _ code: String) throws -> Double {
        let start = ContinuousClock.now
        let report = try client.call(
            Operations.runScript, .with { ($0.workspace, $0.code) = ("default", code) }, idempotencyKey: nil)
        let took = (ContinuousClock.now - start).inSeconds * 1_000
        guard report.ok else { throw Bench.Failure(description: report.error?.message ?? "no answer") }
        return took
    }

    /// A command from its start to its end, in milliseconds.
    private static func command(_ program: String, _ arguments: [String], input: [UInt8] = []) throws -> Double {
        let command = SubprocessCommand(program, arguments, environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"])
        let start = ContinuousClock.now
        let result = try Subprocess.run(command, input: .bytes(input), timeout: .seconds(60))
        guard result.status.isSuccess else { throw Bench.Failure(description: "\(program): \(result.errorText)") }
        return (ContinuousClock.now - start).inSeconds * 1_000
    }

    private static func program(_ name: String) throws -> String {
        Files.split(try Paths.resolved("/proc/self/exe")).folder + "/" + name
    }

    // MARK: 1 + 1

    private static func latency(_ options: BenchOptions, _ client: HTTPClient) throws {
        let sandbox = try program("orca-sandbox")
        let order = JSONValue.object([.init("type", "run"), .init("code", .string(sum))]).jsonBytes() + [0x0A]
        let machine = try NodeMachine(peer)
        defer { machine.end() }
        var times = [[Double]](repeating: [], count: 4)
        for _ in 0..<(options.rounds * 20) {
            times[0].append(try script(client, sum))
            times[1].append(try command(sandbox, [], input: order))
            times[2].append(try command("node", ["-e", "console.log(\(sum))"]))
            times[3].append(try machine.run(sum))
        }
        var report = BenchReport("execute(1 + 1)", columns: ["median ms", "times Node's process"])
        for (index, name) in ["warm, through the server", "cold: a sandbox from its start", "node -e", "Node's vm"]
            .enumerated()
        {
            report.add(name, [times[index].median, times[index].median / times[2].median])
        }
        report.note("warm: one of the two processes that wait; Node's vm shares its process, and is no boundary")
        try report.finish(options)
    }

    // MARK: Calls inside of one script

    private static func calls(_ options: BenchOptions, _ client: HTTPClient, _ folder: String) throws {
        let one = "for (let i = 0; i < \(hostCalls); i++) await orca.server.getInfo();"
        let many =
            "await Promise.all(Array.from({length: 50}, async () => { for (let i = 0; i < \(hostCalls / 50); i++) "
            + "await orca.server.getInfo(); }))"
        let socket = folder + "/home/run/orca.sock"
        var rates = [[Double]](repeating: [], count: 3)
        for _ in 0..<options.rounds {
            rates[0].append(Double(hostCalls) / (try script(client, one)) * 1_000)
            rates[1].append(Double(hostCalls) / (try script(client, many)) * 1_000)
            rates[2].append(Double(hostCalls) / (try command("node", [peer, "calls", socket, "\(hostCalls)"])) * 1_000)
        }
        var report = BenchReport("calls of the API inside one script", columns: ["calls/s"])
        report.add("script, one after the other", [rates[0].median])
        report.add("script, 50 at once", [rates[1].median])
        report.add("Node, over the socket", [rates[2].median])
        report.note("\(hostCalls) calls of GetServerInfo, the start of the script included")
        try report.finish(options)
    }

    // MARK: Memory

    private static func memory(_ options: BenchOptions) throws {
        var report = BenchReport("memory of a process that waits", columns: ["resident MB", "private MB"])
        let sandbox = try PipedProcess(SubprocessCommand(try program("orca-sandbox"), []))
        defer { sandbox.kill() }
        _ = Poll.readable([sandbox.outputDescriptor], until: .after(.seconds(10)))
        report.add("sandbox", [try kilobytes(sandbox.pid, "Rss:"), try kilobytes(sandbox.pid, "Private_")])
        let machine = try NodeMachine(peer)
        defer { machine.end() }
        _ = try machine.run(sum)
        report.add("node", [try kilobytes(machine.pid, "Rss:"), try kilobytes(machine.pid, "Private_")])
        try report.finish(options)
    }

    /// The sum of the lines that begin so, in megabytes.
    private static func kilobytes(_ pid: Int32, _ prefix: String) throws -> Double {
        let lines = try Files.readText("/proc/\(pid)/smaps_rollup").split(separator: "\n")
        let values = lines.filter { $0.hasPrefix(prefix) }.compactMap { line in
            line.split(separator: " ").compactMap { Double($0) }.first
        }
        return values.reduce(0, +) / 1_024
    }

    // MARK: Many at once

    private static func crowd(_ options: BenchOptions, _ server: BenchServer) throws {
        var rates: [Double] = []
        var times: [Double] = []
        for _ in 0..<options.rounds {
            let start = ContinuousClock.now
            let found = try ScriptCrowd.run(clients: clients, each: runsEach) { try script(try server.client(), sum) }
            rates.append(Double(clients * runsEach) / (ContinuousClock.now - start).inSeconds)
            times += found
        }
        times.sort()
        var report = BenchReport(
            "\(clients) clients at once, execute(1 + 1)", columns: ["scripts/s", "p50 ms", "p99 ms", "server MB"])
        report.add(
            "\(clients) clients",
            [rates.median, times[times.count / 2], times[times.count * 99 / 100], server.residentMegabytes])
        try report.finish(options)
    }

    // MARK: A hundred linked tasks

    private static func flow(_ options: BenchOptions, _ client: HTTPClient, _ folder: String) throws {
        let loop = """
            let before = [];
            for (let i = 0; i < \(tasks); i++) {
              const { ref } = await orca.tasks.create({ project: "BENCH", title: "t" + i, dependencies: before });
              before = [{ task: ref }];
            }
            """
        let plan = """
            await orca.plans.import({ project: "BENCH", plan: { name: "p" + Math.random(), tasks:
              Array.from({ length: \(tasks) }, (_, i) => ({ key: "k" + i, title: "t" + i,
                dependsOn: i ? [{ key: "k" + (i - 1) }] : [] })) } });
            """
        let orca = try program("orca")
        let environment = ["ORCA_HOME": folder + "/home", "PATH": "/usr/bin:/bin", "HOME": folder]
        var times = [[Double]](repeating: [], count: 4)
        for _ in 0..<options.rounds {
            times[0].append(try script(client, loop))
            times[1].append(try script(client, "await orca.transaction(async () => {\n\(loop)\n});"))
            times[2].append(try script(client, plan))
            let start = ContinuousClock.now
            var before: [String] = []
            for index in 0..<tasks {
                let words = ["add", "t\(index)", "-p", "BENCH", "-q"] + before
                let result = try Subprocess.run(
                    SubprocessCommand(orca, words, environment: environment), timeout: .seconds(30))
                guard result.status.isSuccess else { throw Bench.Failure(description: result.errorText) }
                before = ["--after", String(result.outputText.prefix { !$0.isNewline })]
            }
            times[3].append((ContinuousClock.now - start).inSeconds * 1_000)
        }
        var report = BenchReport("\(tasks) tasks, each after the one before", columns: ["median ms", "commits"])
        report.add("script, call by call", [times[0].median, Double(tasks)])
        report.add("script, in a transaction", [times[1].median, 1])
        report.add("script, as a plan", [times[2].median, 1])
        report.add("\(tasks) times the command line", [times[3].median, Double(tasks)])
        try report.finish(options)
    }
}
