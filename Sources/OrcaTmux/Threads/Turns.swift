import OrcaSupport
import Synchronization

/// One at a time, in the order they came.
final class Turns: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [StopSignal] = []
    }

    private let state = Mutex(State())

    /// Takes the turn; false when it did not come before the deadline. Blocks.
    func take(until deadline: Deadline) -> Bool {
        let signal = StopSignal()
        let isMine = state.withLock { state in
            if !state.isTaken {
                state.isTaken = true
                return true
            }
            state.waiting.append(signal)
            return false
        }
        if isMine || signal.wait(until: deadline) { return true }
        // It may have been given at this very moment.
        return state.withLock { state in
            guard let place = state.waiting.firstIndex(where: { $0 === signal }) else { return true }
            state.waiting.remove(at: place)
            return false
        }
    }

    func give() {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return
            }
            state.waiting.removeFirst().raise()
        }
    }
}
