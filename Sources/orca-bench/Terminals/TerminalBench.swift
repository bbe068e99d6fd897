import Glibc
import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// Terminals of a real server in real tmux: how soon a ready task is a submitted prompt, and what hundreds of panes cost.
enum TerminalBench {
    private static let dispatches = 20
    private static let panes = 200
    private static let watchedSeconds: UInt32 = 20

    /// Takes pastes and submits as coding agents do; its title tells when it works.
    private static let agent = """
        import os, sys, time, tty
        tty.setraw(0)
        def title(text): os.write(1, b"\\x1b]0;" + text.encode() + b"\\x07")
        title("⠂ Starting"); time.sleep(0.1)
        os.write(1, b"\\x1b[?2004h> "); title("✳ Claude Code")
        held = b""
        while True:
            held += os.read(0, 65536)
            if held.endswith(b"\\r") and held.count(b"\\x1b[200~") == held.count(b"\\x1b[201~"):
                held = b""
                title("⠂ Working"); os.write(1, b"\\x1b[2J\\x1b[Hesc to interrupt\\r\\n"); time.sleep(0.3)
                os.write(1, b"\\x1b[2J\\x1b[Hdone\\r\\n> "); title("✳ Claude Code")
        """
    /// Repaints a line and sets another title ten times a second.
    private static let spinner = """
        import os, time
        for number in range(1 << 30):
            frame = "⠋⠙⠹⠸"[number % 4]
            os.write(1, f"\\x1b]0;{frame} Working\\x07\\r{frame} Thinking… (esc to interrupt) {number}".encode())
            time.sleep(0.1)
        """

    static func run(_ options: BenchOptions) throws {
        try dispatchLatency(options)
        try watchedPanes(options)
    }

    // MARK: Dispatch

    private static func dispatchLatency(_ options: BenchOptions) throws {
        var report = BenchReport(
            "ready task → prompt submitted, \(dispatches) dispatches one after the other",
            columns: ["p50 ms", "p90 ms", "longest ms"])
        var rows: [[Double]] = []
        for _ in 0..<options.rounds {
            rows.append(
                try withServer { server, client, folder in
                    try dispatchTimes(client, folder)
                })
        }
        report.add("into idle agents", rows[0].indices.map { column in rows.map { $0[column] }.median })
        report.note(
            "200 ms of it are the pause between text and Enter that agents need")
        try report.finish(options)
    }

    private static func dispatchTimes(_ client: HTTPClient, _ folder: String) throws -> [Double] {
        try Files.write(agent, to: folder + "/agent.py", mode: 0o600)
        _ = try client.call(
            Operations.createProject,
            .with {
                $0.workspace = "default"
                $0.key = "BENCH"
            })
        let terminals = try (0..<dispatches).map { _ in
            try open(client, folder, ["python3", folder + "/agent.py"], kind: "claude")
        }
        try awaitAll(client, .idle, count: dispatches)
        var times: [Double] = []
        for (number, terminal) in terminals.enumerated() {
            let task = try client.call(
                Operations.createTask,
                .with {
                    $0.workspace = "default"
                    $0.project = "BENCH"
                    $0.title = "Task \(number)"
                })
            let start = ContinuousClock.now
            let answer = try client.call(
                Operations.dispatchTask,
                .with {
                    $0.workspace = "default"
                    $0.task = task.task?.id ?? ""
                    $0.terminal = terminal
                    $0.inject = true
                })
            guard answer.injected else { throw Bench.Failure(description: "a prompt was not typed") }
            times.append((ContinuousClock.now - start).inSeconds * 1_000)
        }
        times.sort()
        return [times[times.count / 2], times[times.count * 9 / 10], times[times.count - 1]]
    }

    // MARK: Watching

    private static func watchedPanes(_ options: BenchOptions) throws {
        var report = BenchReport(
            "\(panes) terminals watched for \(watchedSeconds) s",
            columns: ["server CPU %", "tmux CPU %", "server MB", "tmux MB"])
        report.add(
            "no terminals",
            try withServer { server, client, _ in
                try Meter(server, client).measure(watchedSeconds)
            })
        report.add(
            "\(panes) idle shells",
            try withServer { server, client, folder in
                for _ in 0..<panes { _ = try open(client, folder, ["/bin/bash", "--norc", "-i"], kind: "") }
                try awaitAll(client, .idle, count: panes)
                return try Meter(server, client).measure(watchedSeconds)
            })
        report.add(
            "\(panes) agents, 10 titles/s each",
            try withServer { server, client, folder in
                try Files.write(spinner, to: folder + "/spinner.py", mode: 0o600)
                for _ in 0..<panes {
                    _ = try open(client, folder, ["python3", folder + "/spinner.py"], kind: "claude")
                }
                try awaitAll(client, .working, count: panes)
                return try Meter(server, client).measure(watchedSeconds)
            })
        report.note("per cent of one core")
        try report.finish(options)
    }

    // MARK: What they share

    private static func withServer<R>(_ body: (BenchServer, HTTPClient, String) throws -> R) throws -> R {
        let folder = try StoreClaimBench.benchFolder()
        let server = try BenchServer(database: folder + "/terminals.db", folder: folder)
        let client = try server.client()
        defer {
            end(client)
            server.stop()
        }
        return try body(server, client, folder)
    }

    /// Ends all programs, and the terminals' server with them.
    private static func end(_ client: HTTPClient) {
        // Where none was started there is none to end.
        guard let health = try? client.call(Operations.getTerminalHealth, .init()), health.processId > 0 else { return }
        let tree = ProcessTree(root: health.processId, marker: "")
        tree.kill(grace: .zero)
        for pid in ProcessTable.children(of: health.processId) { kill(pid, SIGKILL) }
    }

    private static func open(
        _ client: HTTPClient, _ folder: String, _ arguments: [String], kind: String
    ) throws -> String {
        let made = try client.call(
            Operations.createTerminal,
            .with {
                $0.workspace = "default"
                $0.directory = folder
                $0.arguments = arguments
                $0.agentKind = kind
            })
        return made.terminal?.handle ?? ""
    }

    private static func awaitAll(_ client: HTTPClient, _ state: OrcaV1.Terminal.State, count: Int) throws {
        let deadline = Deadline.after(.seconds(120))
        while true {
            let listed = try client.call(
                Operations.listTerminals,
                .with {
                    $0.workspace = "default"
                    $0.limit = 500
                })
            let reached = listed.terminals.count { $0.state == state }
            if reached >= count { return }
            guard !deadline.hasPassed else { throw Bench.Failure(description: "\(reached) of \(count) are \(state)") }
            _ = Poll.readable([], until: .after(.milliseconds(100)))
        }
    }
}

/// Processor time and memory of the server and of tmux.
private struct Meter {
    let server: BenchServer
    let tmux: Int32

    init(_ server: BenchServer, _ client: HTTPClient) throws {
        self.server = server
        tmux = try client.call(Operations.getTerminalHealth, .init()).processId
    }

    func measure(_ seconds: UInt32) throws -> [Double] {
        // What was begun by opening them comes to rest first.
        sleep(5)
        let before = (server.cpuSeconds, BenchProcess.cpuSeconds(of: tmux))
        sleep(seconds)
        let used = (server.cpuSeconds - before.0, BenchProcess.cpuSeconds(of: tmux) - before.1)
        return [
            used.0 / Double(seconds) * 100, used.1 / Double(seconds) * 100, server.residentMegabytes,
            BenchProcess.residentKiB(of: tmux) / 1_024,
        ]
    }
}
