import OrcaDomain
import OrcaEngine
import OrcaPostgres
import OrcaStore
import OrcaSupport

/// How soon the other servers know of an event that one of them has committed.
enum SignalBench {
    private static let events = 500

    static func run(_ uri: String, _ options: BenchOptions) throws {
        let address = try PostgresAddress(uri)
        let stores = try (0..<3).map { _ in try PostgresStore(address, now: 0) }
        let result = Blocking.run {
            let home = try await stores[0].read { try Lookup($0).workspace("", for: .system).id }
            var times: [Double] = []
            for number in 0..<events {
                let seen = stores.map(\.changes.generation)
                let start = ContinuousClock.now
                async let heard: Void = withTaskGroup(of: Void.self) { group in
                    for other in 1..<3 { group.addTask { await stores[other].changes.wait(after: seen[other]) } }
                    await group.waitForAll()
                }
                try await stores[0].write { tx in
                    try tx.append(
                        EventDraft(
                            workspace: home, type: .taskCreated, entityID: "e", at: ClaimWorld.now, actor: "a",
                            operation: "o", requestID: "", idempotencyKey: "", data: ["n": .number(Int64(number))]))
                }
                await heard
                times.append((ContinuousClock.now - start).inSeconds * 1_000)
            }
            for store in stores { await store.close() }
            return times.sorted()
        }
        let times = try result.get()
        var report = BenchReport(
            "from the begin of a write to two other servers knowing of it", columns: ["p50 ms", "p99 ms"])
        report.add("3 servers", [times[times.count / 2], times[times.count * 99 / 100]])
        try report.finish(options)
    }
}
