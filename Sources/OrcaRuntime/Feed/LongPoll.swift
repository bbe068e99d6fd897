import OrcaDomain
import OrcaStore

/// Asks again after every event that could have changed the answer, until there is one or the time is up. Costs
/// nothing in between.
struct LongPoll: Sendable {
    let runtime: Runtime
    let filter: EventFilter
    let waitMS: Int64

    /// - Parameters:
    ///   - attempt: looks and answers, or answers `nil` to wait for more. Called at least once.
    ///   - next: when the answer can become another one although nothing happens; `nil` for never.
    func answer<Answer: Sendable>(
        next: @Sendable () async throws -> Timestamp? = { nil }, _ attempt: @Sendable () async throws -> Answer?
    ) async throws -> Answer? {
        let deadline = runtime.clock.now.adding(milliseconds: min(waitMS, Limits.waitMaxMS))
        guard waitMS > 0 else { return try await attempt() }
        return try await runtime.feed.withInterest(in: filter.workspace) {
            while true {
                let workspace = filter.workspace
                let seen = try await runtime.store.read { try $0.events.lastSequence(in: workspace) }
                if let answer = try await attempt() { return answer }
                let left = deadline.milliseconds - runtime.clock.now.milliseconds
                if left <= 0 { return nil }
                try Task.checkCancellation()
                let pause = try await next().map { $0.milliseconds - runtime.clock.now.milliseconds + 1 } ?? left
                await waitForEvent(after: seen, atMost: min(left, max(1, pause)))
            }
        }
    }

    private func waitForEvent(after seen: Int64, atMost milliseconds: Int64) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await runtime.feed.wait(filter, after: seen) }
            group.addTask { await runtime.clock.sleep(milliseconds: milliseconds) }
            await group.next()
            group.cancelAll()
        }
    }
}
