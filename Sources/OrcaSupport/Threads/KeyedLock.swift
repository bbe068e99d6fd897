import Synchronization

/// A lock for each key, for tasks: whoever comes second waits, without a thread, and gets it in the order of asking.
package final class KeyedLock: Sendable {
    private struct State {
        var held: Set<String> = []
        var queues: [String: [CheckedContinuation<Void, Never>]] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Runs `body` while nobody else has the key.
    package func holding<Result, Failure: Error>(
        _ key: String, _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        await lock(key)
        defer { unlock(key) }
        return try await body()
    }

    private func lock(_ key: String) async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.held.insert(key).inserted { return true }
                state.queues[key, default: []].append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func unlock(_ key: String) {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard var queue = state.queues[key], !queue.isEmpty else {
                state.held.remove(key)
                state.queues[key] = nil
                return nil
            }
            let first = queue.removeFirst()
            state.queues[key] = queue
            return first
        }
        next?.resume()
    }
}
