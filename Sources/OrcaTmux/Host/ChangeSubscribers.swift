import OrcaTerminal
import Synchronization

/// Hands every change to everybody who listens.
final class ChangeSubscribers: Sendable {
    private struct State {
        var next = 0
        var continuations: [Int: AsyncStream<TerminalChange>.Continuation] = [:]
        var isFinished = false
    }

    private let state = Mutex(State())

    func subscribe() -> AsyncStream<TerminalChange> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: TerminalChange.self, bufferingPolicy: .bufferingNewest(TerminalLimits.changesMax))
        let ticket: Int? = state.withLock { state in
            guard !state.isFinished else { return nil }
            state.next += 1
            state.continuations[state.next] = continuation
            return state.next
        }
        guard let ticket else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.continuations[ticket] = nil }
        }
        return stream
    }

    func publish(_ changes: [TerminalChange]) {
        let listeners = state.withLock { Array($0.continuations.values) }
        for change in changes {
            for listener in listeners { listener.yield(change) }
        }
    }

    func finish() {
        let listeners = state.withLock { state in
            state.isFinished = true
            defer { state.continuations = [:] }
            return Array(state.continuations.values)
        }
        for listener in listeners { listener.finish() }
    }
}
