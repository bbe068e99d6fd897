import OrcaTerminal
import Synchronization

/// Wakes one waiter when something about one terminal changes.
final class ChangeSignalOfOne: Sendable {
    private struct State {
        var hasNews = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let handle: String
    private let state = Mutex(State())

    init(_ handle: String) { self.handle = handle }

    func note(_ change: TerminalChange) {
        guard change.status.handle == handle else { return }
        wake()
    }

    private func wake() {
        state.withLock { state in
            state.hasNews = true
            defer { state.waiter = nil }
            return state.waiter
        }?.resume()
    }

    /// Returns after a change, the time, or cancellation.
    func wait(_ clock: any RuntimeClock, atMost milliseconds: Int64) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in await news() }
            group.addTask { await clock.sleep(milliseconds: milliseconds) }
            await group.next()
            group.cancelAll()
        }
    }

    private func news() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.hasNews || Task.isCancelled {
                        state.hasNews = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
    }
}
