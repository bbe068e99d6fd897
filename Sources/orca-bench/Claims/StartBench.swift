import Glibc
import OrcaSupport

/// From starting `orca` to its answer, against a C client over the same socket that does the same call.
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
    }
}
