import Synchronization

/// The streams that are open, so that a stop can end them properly.
final class OpenStreams: Sendable {
    private struct State {
        var next = 0
        var ends: [Int: @Sendable () -> Void] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Remembers how a stream is ended; `nil` when none may be opened any more.
    func add(_ end: @escaping @Sendable () -> Void) -> Int? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            state.next += 1
            state.ends[state.next] = end
            return state.next
        }
    }

    func remove(_ ticket: Int) { state.withLock { $0.ends[ticket] = nil } }

    var isClosed: Bool { state.withLock(\.isClosed) }

    /// Ends all, and takes no more.
    func close() {
        let ends = state.withLock { state in
            state.isClosed = true
            defer { state.ends = [:] }
            return Array(state.ends.values)
        }
        for end in ends { end() }
    }
}
