import OrcaAPI
import OrcaConnect
import OrcaProtobuf
import OrcaSupport

/// Does the cost of everyday calls stay flat from ten thousand to a million tasks?
enum ScaleBench {
    static func run(_ options: BenchOptions) throws {
        let folder = try StoreClaimBench.benchFolder()
        let sizes = options.isQuick ? [10_000, 100_000] : [10_000, 1_000_000]
        var report = BenchReport(
            "everyday calls by table size (median ms)", columns: sizes.map { "\($0) tasks" } + ["ratio"])
        var figures: [[Double]] = []
        for tasks in sizes {
            let world = try ClaimWorld(tasks: tasks, in: folder)
            let server = try BenchServer(database: try world.copy("scale"), folder: folder)
            defer { server.stop() }
            let client = try server.client()
            figures.append(try calls.map { try median(200, client, $0.call) })
            report.note("server memory with \(tasks) tasks: \(server.residentMegabytes) MB")
        }
        for (index, call) in calls.enumerated() {
            report.add(call.name, [figures[0][index], figures[1][index], figures[1][index] / figures[0][index]])
        }
        try report.finish(options)
    }

    private static var calls: [(name: String, call: (HTTPClient, Int) throws -> Void)] {
        [
            (
                "claim and release",
                { client, _ in
                    let claim = try client.call(
                        Operations.claimTask,
                        .with {
                            $0.workspace = "default"
                            $0.agent = "agent-1"
                        })
                    _ = try client.call(
                        Operations.releaseTask,
                        .with {
                            $0.workspace = "default"
                            $0.task = claim.task?.id ?? ""
                            $0.token = claim.lease?.token ?? 0
                        })
                }
            ),
            (
                "ready",
                { client, _ in
                    _ = try client.call(
                        Operations.listReadyTasks,
                        .with {
                            $0.workspace = "default"
                            $0.limit = 20
                        })
                }
            ),
            (
                "list",
                { client, _ in
                    _ = try client.call(
                        Operations.listTasks,
                        .with {
                            $0.workspace = "default"
                            $0.project = "BENCH"
                            $0.status = [.ready]
                            $0.limit = 20
                        })
                }
            ),
            (
                "show",
                { client, number in
                    _ = try client.call(
                        Operations.getTask,
                        .with {
                            $0.workspace = "default"
                            $0.task = "BENCH-\(number * 37 + 1)"
                        })
                }
            ),
            (
                "explain",
                { client, number in
                    _ = try client.call(
                        Operations.explainTask,
                        .with {
                            $0.workspace = "default"
                            $0.task = "BENCH-\(number * 41 + 1)"
                        })
                }
            ),
        ]
    }

    private static func median(
        _ times: Int, _ client: HTTPClient, _ call: (HTTPClient, Int) throws -> Void
    ) throws -> Double {
        try (0..<times).map { number in
            let start = ContinuousClock.now
            try call(client, number)
            return (ContinuousClock.now - start).inSeconds * 1_000
        }.median
    }
}
