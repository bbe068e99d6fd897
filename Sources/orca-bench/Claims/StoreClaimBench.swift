import CClaimReplay
import OrcaDomain
import OrcaEngine
import OrcaSQL
import OrcaSQLite
import OrcaStore
import OrcaSupport
import Synchronization

/// Durable claims a second through the store, against a bare C loop with the same statements and the same grouping.
enum StoreClaimBench {
    static func run(_ options: BenchOptions) throws {
        let folder = try benchFolder()
        var report = BenchReport(
            "claims through the store (synchronous=FULL)", columns: ["claims/s", "C loop/s", "ratio", "group"])
        for tasks in options.isQuick ? [10_000] : [10_000, 1_000_000] {
            let world = try ClaimWorld(tasks: tasks, in: folder)
            for callers in [1, 16, 256] {
                let claims = min(callers == 1 ? 3_000 : 8_000, tasks - 1_000)
                var ours: [Double] = []
                var bare: [Double] = []
                var groups: [Double] = []
                for round in 0..<options.rounds {
                    let (rate, group) = try throughStore(world, callers: callers, claims: claims, "ours-\(round)")
                    ours.append(rate)
                    groups.append(group)
                    bare.append(try bareLoop(world, claims: claims, group: max(1, Int(group.rounded()))))
                }
                report.add(
                    "\(tasks) tasks, \(callers) callers",
                    [ours.median, bare.median, zip(ours, bare).map { $0 / $1 }.median, groups.median])
            }
        }
        let fsync = orca_fsync_median(folder + "/fsync", 200)
        report.note("one write of 4 KB with fdatasync on this disk: \(fsync / 1_000) µs (median)")
        try report.finish(options)
    }

    static func benchFolder() throws -> String {
        let folder = Paths.absolute("bench-results/work")
        try Files.makeDirectories(folder)
        return folder
    }

    private static func throughStore(
        _ world: ClaimWorld, callers: Int, claims: Int, _ name: String
    ) throws -> (rate: Double, group: Double) {
        let path = try world.copy(name)
        defer { ClaimWorld.remove(path) }
        let store = try SQLiteStore(.file(path), now: 0)
        let result = Blocking.run {
            let measured = try await ClaimRace.run(on: store, callers: callers, claims: claims)
            await store.close()
            return measured
        }
        return try result.get()
    }

    private static func bareLoop(_ world: ClaimWorld, claims: Int, group: Int) throws -> Double {
        let recorded = try world.copy("record")
        let replayed = try world.copy("replay")
        defer {
            ClaimWorld.remove(recorded)
            ClaimWorld.remove(replayed)
        }
        let connection = try SQLiteConnection(.readWrite(path: recorded))
        let trace = ClaimTrace(connection)
        let home = try Lookup(SQLSession(connection)).workspace("", for: .system).id
        let project = try Lookup(SQLSession(connection)).project("BENCH", in: home)
        let chance = Chance(seed: 3)
        try connection.run(script: "PRAGMA synchronous = OFF; BEGIN")
        for index in 0..<claims {
            if group > 1, index % group == 0 { trace.memory = TransactionMemory() }
            try trace.claim(endsGroup: index % group == group - 1) {
                try ClaimRace.claim(for: index % ClaimWorld.agents, home, project, in: $0, chance)
            }
        }
        try connection.run(script: "COMMIT")
        return Double(claims) / (try trace.replay(on: replayed, group: group))
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

/// Waits for asynchronous work from a synchronous place; only for programs that do nothing else meanwhile.
enum Blocking {
    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Result<Value, any Error>?>(nil)
    }

    static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) -> Result<Value, any Error> {
        let box = Box<Value>()
        let done = StopSignal()
        Task.detached {
            do {
                let value = try await body()
                box.value.withLock { $0 = .success(value) }
            } catch {
                box.value.withLock { $0 = .failure(error) }
            }
            done.raise()
        }
        done.wait()
        return box.value.withLock { $0 } ?? .failure(Bench.Failure(description: "nothing was answered"))
    }
}
