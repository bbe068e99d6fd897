import OrcaAPI
import OrcaDomain
import OrcaSupport
import Synchronization

/// Threads that wait for tasks.
final class LiveCalls: Sendable {
    private struct State {
        var next = 0
        var tasks: [Int: Task<Void, Never>] = [:]
        /// Whose callers do not want the answer any more.
        var givenUp: Set<Int> = []
    }

    private let state = Mutex(State())

    /// Runs the body as a task and blocks until it has ended. When the time is over the task is cancelled, and the call fails
    /// with `deadline_exceeded` at once: a body that does not heed that goes on without anybody waiting.
    func wait<Answer: Sendable>(
        milliseconds: Int?, _ body: @escaping @Sendable () async throws -> Answer
    ) throws(APIError) -> Answer {
        let box = Outcome<Answer>()
        let task = Task.detached {
            do { box.put(.success(try await body())) } catch { box.put(.failure(error)) }
        }
        let ticket = state.withLock { state in
            state.next += 1
            state.tasks[state.next] = task
            return state.next
        }
        defer { end(ticket) }
        guard box.done.wait(until: milliseconds.map { .after(.milliseconds($0)) } ?? .never) else {
            task.cancel()
            throw APIError(
                "deadline_exceeded", .deadlineExceeded, "The server did not answer in time. Give the call longer.")
        }
        guard !state.withLock({ $0.givenUp.contains(ticket) }) else { throw Self.givenUp }
        switch box.taken {
        case .success(let answer): return answer
        case .failure(let error as APIError): throw error
        case .failure(is CancellationError): throw Self.givenUp
        case .failure: throw APIError("internal", .internal, "The call failed for a reason of its own.")
        }
    }

    private func end(_ ticket: Int) {
        state.withLock { state in
            state.tasks[ticket] = nil
            state.givenUp.remove(ticket)
        }
    }

    private static let givenUp = APIError(
        "canceled", .unavailable, "The call was given up before its answer came.")

    func cancelAll() {
        let tasks = state.withLock { state in
            state.givenUp.formUnion(state.tasks.keys)
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
    }
}

/// Where a task leaves what a thread waits for.
private final class Outcome<Answer: Sendable>: Sendable {
    let done = StopSignal()
    private let result = Mutex<Result<Answer, any Error>?>(nil)

    func put(_ result: Result<Answer, any Error>) {
        self.result.withLock { $0 = result }
        done.raise()
    }

    /// After `done`.
    var taken: Result<Answer, any Error> { result.withLock { $0 } ?? .failure(CancellationError()) }
}
