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
        private var waiters: [UInt64: Waiter] = [:]
        /// Their tickets by what they want to see mentioned, so that an event costs nothing for those it does not name.
        private var ticketsByMention: [String: Set<UInt64>] = [:]
        /// How many waits and streams are interested; at zero the tail is dropped.
        var interest = 0

        init(position: Int64) {
            self.position = position
        }

        mutating func add(_ waiter: Waiter, _ ticket: UInt64) {
            waiters[ticket] = waiter
            ticketsByMention[waiter.filter.mention, default: []].insert(ticket)
        }

        @discardableResult
        mutating func remove(_ ticket: UInt64) -> Waiter? {
            guard let waiter = waiters.removeValue(forKey: ticket) else { return nil }
            let mention = waiter.filter.mention
            ticketsByMention[mention]?.remove(ticket)
            if ticketsByMention[mention]?.isEmpty == true { ticketsByMention[mention] = nil }
            return waiter
        }

        /// Takes in new events; answers those who waited for one of them.
        mutating func take(_ batch: [Event]) -> [Waiter] {
            let fresh = batch.filter { $0.sequence > position }
            guard let last = fresh.last else { return [] }
            position = last.sequence
            recent += fresh
            if recent.count > EventFeed.recentMax * 2 { recent.removeFirst(recent.count - EventFeed.recentMax) }
            return takeMatching(fresh)
        }

        /// Takes out those whose filter admits one of the events.
        private mutating func takeMatching(_ events: [Event]) -> [Waiter] {
            var found: Set<UInt64> = []
            for event in events where !waiters.isEmpty {
                for ticket in candidates(event) where waiters[ticket]?.filter.admits(event) == true {
                    found.insert(ticket)
                }
            }
            return found.compactMap { remove($0) }
        }

        private func candidates(_ event: Event) -> Set<UInt64> {
            if event.type == .orchestrationReset { return Set(waiters.keys) }
            var tickets = ticketsByMention[""] ?? []
            guard ticketsByMention.count > (tickets.isEmpty ? 0 : 1) else { return tickets }
            for text in JSONTexts(event.data) {
                if let named = ticketsByMention[text] { tickets.formUnion(named) }
            }
            return tickets
        }

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
                        guard !Task.isCancelled, let position = state.tails[filter.workspace]?.position else {
                            return true
                        }
                        let isBehind = position > sequence
                        if isBehind, state.tails[filter.workspace]?.hasMatch(filter, after: sequence) != false {
                            return true
                        }
                        state.tails[filter.workspace]?.add(Waiter(filter: filter, continuation: continuation), ticket)
                        return false
                    }
                    if isDone { continuation.resume() }
                }
            } onCancel: {
                state.withLock { $0.tails[filter.workspace]?.remove(ticket) }?.continuation.resume()
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
        // In place: a copy of thousands of events for each new one would cost more than everything else.
        let woken = state.withLock { $0.tails[workspace]?.take(batch) ?? [] }
        for waiter in woken { waiter.continuation.resume() }
    }
}
