import OrcaDomain
import OrcaStore
package import OrcaTerminal
import Synchronization

/// Carries out coordinator runs: one loop for each, for as long as it lives. A run that was begun by an earlier server
/// goes on where it stands.
package struct Coordinator: Sendable {
    /// Between two looks for new runs. While nothing is written, there is none.
    private static let pauseMS: Int64 = 500

    private let runtime: Runtime
    private let host: any TerminalHost
    private let workforce: any Workforce

    package init(_ runtime: Runtime, host: any TerminalHost, workforce: any Workforce) {
        self.runtime = runtime
        self.host = host
        self.workforce = workforce
    }

    /// Works until the calling task is cancelled.
    package func run() async {
        let followed = FollowedRuns()
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let seen = runtime.store.changes.generation
                let found = await live()
                for run in found ?? [] where followed.begin(run.id) {
                    group.addTask {
                        await RunLoop(run.id, runtime: runtime, host: host, workforce: workforce).run()
                        followed.end(run.id)
                    }
                }
                await runtime.clock.sleep(milliseconds: Self.pauseMS)
                if found != nil { await runtime.store.changes.wait(after: seen) }
            }
        }
    }

    /// `nil` when they cannot be read now.
    private func live() async -> [CoordinatorRun]? {
        do {
            return try await runtime.store.read { [node = runtime.node] store in
                try store.runs.allLive(limit: Limits.runsLiveMax).filter { $0.node == node }
            }
        } catch {
            runtime.server.note("cannot look for runs: \(String(reflecting: error))")
            return nil
        }
    }
}

/// Which runs have their loop.
private final class FollowedRuns: Sendable {
    private let runs = Mutex<Set<RunID>>([])

    func begin(_ run: RunID) -> Bool { runs.withLock { $0.insert(run).inserted } }
    func end(_ run: RunID) { runs.withLock { _ = $0.remove(run) } }
}
