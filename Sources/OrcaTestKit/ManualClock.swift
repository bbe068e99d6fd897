package import OrcaDomain
import OrcaRuntime
import Synchronization

/// Time that passes only when a test says so. Sleepers wake when their time has come.
package final class ManualClock: RuntimeClock {
    private struct State {
        var now: Timestamp
        var nextTicket = 0
        var sleepers: [Int: (until: Timestamp, continuation: CheckedContinuation<Void, Never>)] = [:]
    }

    private let state: Mutex<State>

    package init(_ start: Timestamp = Timestamp(milliseconds: 1_767_225_600_000)) {
        state = Mutex(State(now: start))
    }

    package var now: Timestamp { state.withLock(\.now) }

    /// How many calls wait for time to pass.
    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    package func advance(milliseconds: Int64) {
        let due = state.withLock { state in
            state.now = state.now.adding(milliseconds: milliseconds)
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for ticket in due.keys { state.sleepers[ticket] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    package func sleep(milliseconds: Int64) async {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    let until = state.now.adding(milliseconds: milliseconds)
                    if until <= state.now || Task.isCancelled { return true }
                    state.sleepers[ticket] = (until, continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: ticket) }?.continuation.resume()
        }
    }
}
