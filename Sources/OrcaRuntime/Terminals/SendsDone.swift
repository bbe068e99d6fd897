import OrcaTerminal
import Synchronization

/// Remembers what was typed for which request, so that none is typed twice.
final class SendsDone: Sendable {
    /// Requests that are remembered; repetitions come within seconds.
    private static let max = 2_000

    private struct State {
        var tasks: [String: Task<InjectionReceipt, any Error>] = [:]
        var order: [String] = []
    }

    private let state = Mutex(State())
    /// Names this run of the server: what an earlier one typed is not known.
    private let run: String

    init(run: String) { self.run = run }

    func ticket(_ unique: String) -> String { "\(run)/\(unique)" }

    /// Runs the body for the first call with this ticket; others get its outcome.
    func once(
        _ ticket: String, _ body: @escaping @Sendable () async throws -> InjectionReceipt
    ) async throws -> InjectionReceipt {
        guard ticket.hasPrefix(run + "/") else { return InjectionReceipt(.unconfirmed) }
        let task = state.withLock { state in
            if let running = state.tasks[ticket] { return running }
            let task = Task { try await body() }
            state.tasks[ticket] = task
            state.order.append(ticket)
            if state.order.count > Self.max { state.tasks[state.order.removeFirst()] = nil }
            return task
        }
        return try await task.value
    }
}
