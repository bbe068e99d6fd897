import OrcaAPI
import OrcaDomain
import OrcaSupport
import Synchronization

/// Threads that wait for tasks.
final class LiveCalls: Sendable {
    private let tasks = Mutex<(next: Int, all: [Int: Task<Void, Never>])>((0, [:]))

    /// Runs the body as a task and blocks until it has ended. When the time is over the task is cancelled, and the call fails
    /// with `deadline_exceeded` at once: a body that does not heed that goes on without anybody waiting.
    func wait<Answer: Sendable>(
        milliseconds: Int?, _ body: @escaping @Sendable () async throws -> Answer
    ) throws(APIError) -> Answer {
        let box = Outcome<Answer>()
        let task = Task.detached {
            do { box.put(.success(try await body())) } catch { box.put(.failure(error)) }
        }
        let ticket = tasks.withLock { tasks in
            tasks.next += 1
            tasks.all[tasks.next] = task
            return tasks.next
        }
        defer { tasks.withLock { _ = $0.all.removeValue(forKey: ticket) } }
        guard box.done.wait(until: milliseconds.map { .after(.milliseconds($0)) } ?? .never) else {
            task.cancel()
            throw APIError(
                "deadline_exceeded", .deadlineExceeded, "The server did not answer in time. Give the call longer.")
        }
        switch box.taken {
        case .success(let answer): return answer
        case .failure(let error as APIError): throw error
        case .failure(is CancellationError):
            throw APIError("cancelled", .unavailable, "The request was cancelled.")
        case .failure: throw APIError("internal", .internal, "The call failed for a reason of its own.")
        }
    }

    func cancelAll() {
        for task in tasks.withLock({ Array($0.all.values) }) { task.cancel() }
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
