import OrcaDomain
package import OrcaStore
import Synchronization

/// Tells whoever waits that something happened. One reader follows the store for all: after every commit it reads the
/// new events of the workspaces somebody waits for, keeps the last of them in memory, and wakes exactly the waiters
/// whose filter matches. No waiter costs anything while nothing happens.
package final class EventFeed: Sendable {
    /// How many recent events of a workspace are kept for streams that are up to date.
    static let recentMax = 4_096
    private static let batchMax = 500

    private struct Waiter {
        var filter: EventFilter
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct Tail {
        /// Newest sequence that was read.
        var position: Int64
        var recent: [Event] = []
        var waiters: [UInt64: Waiter] = [:]
        /// How many waits and streams are interested; at zero the tail is dropped.
        var interest = 0

        /// Whether an event after `sequence` matches; also true when that cannot be told from memory.
        func hasMatch(_ filter: EventFilter, after sequence: Int64) -> Bool {
            guard let first = recent.first, first.sequence <= sequence + 1 else { return true }
            return recent[Int(sequence + 1 - first.sequence)...].contains { filter.admits($0) }
        }
    }

    private struct State {
        var tails: [WorkspaceID: Tail] = [:]
        var nextTicket: UInt64 = 0
    }

    private let store: any Store
    private let state = Mutex(State())

    init(store: any Store) {
        self.store = store
    }

    /// Follows the store until the calling task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            let seen = store.changes.generation
            for workspace in state.withLock({ Array($0.tails.keys) }) { await follow(workspace) }
            await store.changes.wait(after: seen)
        }
    }

    /// Waits for an event after `sequence` that the filter admits, at most until the task is cancelled. May also return
    /// without one: read again and decide.
    package func wait(_ filter: EventFilter, after sequence: Int64) async {
        await withInterest(in: filter.workspace) {
            let ticket = state.withLock { state in
                state.nextTicket += 1
                return state.nextTicket
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isDone = state.withLock { state in
                        guard !Task.isCancelled, var tail = state.tails[filter.workspace] else { return true }
                        let isBehind = tail.position > sequence
                        if isBehind, tail.hasMatch(filter, after: sequence) { return true }
                        tail.waiters[ticket] = Waiter(filter: filter, continuation: continuation)
                        state.tails[filter.workspace] = tail
                        return false
                    }
                    if isDone { continuation.resume() }
                }
            } onCancel: {
                state.withLock { $0.tails[filter.workspace]?.waiters.removeValue(forKey: ticket) }?
                    .continuation.resume()
            }
        }
    }

    /// The recent events after `sequence`, when all of them are in memory; `nil` means: read them from the store.
    func recent(in workspace: WorkspaceID, after sequence: Int64) -> [Event]? {
        state.withLock { state in
            guard let tail = state.tails[workspace] else { return nil }
            if sequence >= tail.position { return [] }
            guard let first = tail.recent.first, first.sequence <= sequence + 1 else { return nil }
            return Array(tail.recent[Int(sequence + 1 - first.sequence)...])
        }
    }

    /// Keeps a workspace's tail alive while somebody reads it.
    func withInterest<Result>(in workspace: WorkspaceID, _ body: () async throws -> Result) async rethrows -> Result {
        await enter(workspace)
        defer { leave(workspace) }
        return try await body()
    }

    func enter(_ workspace: WorkspaceID) async {
        let isNew = state.withLock { state in
            guard state.tails[workspace] == nil else {
                state.tails[workspace]?.interest += 1
                return false
            }
            return true
        }
        guard isNew else { return }
        // A failing store answers the caller's own next read with its error; the tail begins at zero then.
        let last = (try? await store.read { try $0.events.lastSequence(in: workspace) }) ?? 0
        state.withLock { state in
            state.tails[workspace, default: Tail(position: last)].interest += 1
        }
        await follow(workspace)
    }

    func leave(_ workspace: WorkspaceID) {
        state.withLock { state in
            state.tails[workspace]?.interest -= 1
            if state.tails[workspace]?.interest == 0 { state.tails[workspace] = nil }
        }
    }

    private func follow(_ workspace: WorkspaceID) async {
        while let position = state.withLock({ $0.tails[workspace]?.position }) {
            let filter = EventFilter(workspace: workspace)
            // A store that cannot be read now is read again after its next commit.
            let batch = try? await store.read { store in
                try store.events.page(filter, after: position, limit: Self.batchMax)
            }
            guard let batch, !batch.isEmpty else { return }
            publish(batch, in: workspace)
            if batch.count < Self.batchMax { return }
        }
    }

    private func publish(_ batch: [Event], in workspace: WorkspaceID) {
        let woken = state.withLock { state -> [Waiter] in
            guard var tail = state.tails[workspace] else { return [] }
            let fresh = batch.filter { $0.sequence > tail.position }
            guard let last = fresh.last else { return [] }
            tail.position = last.sequence
            tail.recent += fresh
            if tail.recent.count > Self.recentMax * 2 {
                tail.recent.removeFirst(tail.recent.count - Self.recentMax)
            }
            let matching = tail.waiters.filter { _, waiter in fresh.contains { waiter.filter.admits($0) } }
            for ticket in matching.keys { tail.waiters[ticket] = nil }
            state.tails[workspace] = tail
            return Array(matching.values)
        }
        for waiter in woken { waiter.continuation.resume() }
    }
}
