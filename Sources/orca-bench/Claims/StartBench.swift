import Glibc
import OrcaSupport

/// From starting `orca` to its answer, against a C client over the same socket that does the same call; and from starting
/// `orcad` until it listens, without gRPC and with it.
enum StartBench {
    static func run(_ options: BenchOptions) throws {
        let folder = try StoreClaimBench.benchFolder()
        let own = Files.split(try Paths.resolved("/proc/self/exe")).folder
        let environment = ["ORCA_HOME": folder + "/home", "PATH": own + ":/usr/bin:/bin", "HOME": folder]
        let world = try ClaimWorld(tasks: 10_000, in: folder)
        let server = try BenchServer(database: try world.copy("start"), folder: folder)
        defer { server.stop() }
        let peer = folder + "/client"
        let compiled = try Subprocess.run(
            SubprocessCommand("cc", ["-O2", "-o", peer, "scripts/bench.d/client.c"], environment: environment),
            timeout: .seconds(60))
        guard compiled.status.isSuccess else { throw Bench.Failure(description: compiled.errorText) }
        let commands = [
            ("C client", SubprocessCommand(peer, [folder + "/home/run/orca.sock"], environment: environment)),
            ("orca status", SubprocessCommand(own + "/orca", ["status"], environment: environment)),
            ("orca show", SubprocessCommand(own + "/orca", ["show", "BENCH-7"], environment: environment)),
            ("orca ready", SubprocessCommand(own + "/orca", ["ready", "--limit", "5"], environment: environment)),
        ]
        var times = [[Double]](repeating: [], count: commands.count)
        for _ in 0..<(options.rounds * 20) {
            for (index, command) in commands.enumerated() {
                let start = ContinuousClock.now
                let result = try Subprocess.run(command.1, timeout: .seconds(10))
                times[index].append((ContinuousClock.now - start).inSeconds * 1_000)
                guard result.status.isSuccess else { throw Bench.Failure(description: result.errorText) }
            }
        }
        var report = BenchReport("start to answer, running server", columns: ["median ms", "times the C client"])
        for (index, command) in commands.enumerated() {
            report.add(command.0, [times[index].median, times[index].median / times[0].median])
        }
        try report.finish(options)
        server.stop()
        try ofServer(options, world, own: own, folder)
    }

    /// gRPC's library is loaded by servers that serve it, and by no other.
    private static func ofServer(
        _ options: BenchOptions, _ world: ClaimWorld, own: String, _ folder: String
    ) throws {
        let database = try world.copy("start-server")
        defer { ClaimWorld.remove(database) }
        let home = folder + "/start-home"
        let environment = ["ORCA_HOME": home, "PATH": own + ":/usr/bin:/bin", "HOME": folder]
        let ways: [(name: String, arguments: [String])] = [("plain", []), ("with gRPC", ["--grpc-address", "unix"])]
        var times = [[Double]](repeating: [], count: ways.count)
        var memory = [[Double]](repeating: [], count: ways.count)
        // One more than is counted, of each: files are read for the first time.
        for round in 0...(options.rounds * 5) {
            for (index, way) in ways.enumerated() {
                let command = SubprocessCommand(
                    own + "/orcad", ["serve", "--database", database] + way.arguments, environment: environment)
                let found = try untilItListens(command)
                guard round > 0 else { continue }
                times[index].append(found.milliseconds)
                memory[index].append(found.megabytes)
            }
        }
        var report = BenchReport("starting orcad until it listens", columns: ["median ms", "more ms", "MB"])
        for (index, way) in ways.enumerated() {
            report.add(
                way.name, [times[index].median, times[index].median - times[0].median, memory[index].median])
        }
        try report.finish(options)
    }

    private static func untilItListens(
        _ command: SubprocessCommand
    ) throws -> (milliseconds: Double, megabytes: Double) {
        let start = ContinuousClock.now
        let process = try SupervisedProcess(command)
        defer { process.end() }
        var said = ""
        var end: ContinuousClock.Instant?
        let limit = Deadline.after(.seconds(30))
        while end == nil {
            let pause = try process.follow(until: .after(.milliseconds(5))) {
                said += String(decoding: $0, as: UTF8.self)
                if said.contains("listens on") { end = end ?? .now }
            }
            if case .exited = pause { break }
            if limit.hasPassed { break }
        }
        guard let end else { throw Bench.Failure(description: "orcad did not start: \(said)") }
        return ((end - start).inSeconds * 1_000, BenchProcess.residentKiB(of: process.child.pid) / 1_024)
    }
}
