import OrcaTerminal
import Synchronization

/// Changes that were seen and not yet written: the newest of each terminal counts.
final class PendingTerminals: Sendable {
    private struct State {
        var newest: [String: TerminalStatus] = [:]
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func note(_ change: TerminalChange) {
        switch change.kind {
        case .title, .created: return  // no news by themselves
        case .state, .agentStarted, .agentEnded, .exited, .closed: break
        }
        let waiter = state.withLock { state in
            var status = change.status
            if change.kind == .closed { status.state = .exited }
            state.newest[status.handle] = status
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns when something is pending or the calling task is cancelled.
    func arrival() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if !state.newest.isEmpty || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }?.resume()
        }
    }

    /// What is to be written: everything pending, and how the others are now.
    func take(refreshed: [TerminalStatus]) -> [TerminalStatus] {
        state.withLock { state in
            defer { state.newest = [:] }
            for status in refreshed where state.newest[status.handle] == nil { state.newest[status.handle] = status }
            return Array(state.newest.values)
        }
    }
}
