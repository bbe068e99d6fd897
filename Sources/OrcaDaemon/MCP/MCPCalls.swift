import OrcaMCP
import OrcaSupport
import Synchronization

/// The calls and the questions of sessions that have no answer yet: what other POSTs of the same session can reach. Safe on
/// any thread.
final class MCPCalls: Sendable {
    struct Key: Hashable, Sendable {
        let session: String
        let id: RPCID
    }

    /// Calls of one session at once.
    static let perSessionMax = 16

    private struct State {
        var calls: [Key: Task<JSONValue?, Never>] = [:]
        var perSession: [String: Int] = [:]
        var questions: [Key: CheckedContinuation<JSONValue?, Never>] = [:]
    }

    private let state = Mutex(State())

    /// Runs the body while the call can be cancelled by its key. `nil` when it cannot be taken up; without a key nobody could
    /// cancel it.
    func during(_ key: Key?, _ task: Task<JSONValue?, Never>, _ body: () async -> JSONValue?) async -> JSONValue?? {
        guard let key else { return .some(await body()) }
        let isTaken = state.withLock { state in
            guard state.calls[key] == nil, state.perSession[key.session, default: 0] < Self.perSessionMax else {
                return false
            }
            state.calls[key] = task
            state.perSession[key.session, default: 0] += 1
            return true
        }
        guard isTaken else {
            task.cancel()
            return nil
        }
        let answer = await body()
        state.withLock { state in
            state.calls[key] = nil
            state.perSession[key.session, default: 1] -= 1
            if state.perSession[key.session] == 0 { state.perSession[key.session] = nil }
        }
        return .some(answer)
    }

    /// Unknown ids are those of requests that have their answer.
    func cancel(_ key: Key) { state.withLock { $0.calls[key] }?.cancel() }

    // MARK: Questions

    /// What the client answers to a question; `nil` when it answers with an error, not in time, or not any more. `send` is
    /// called as soon as an answer can be taken.
    func reply(to key: Key, within patience: Duration, _ send: @Sendable () -> Void) async -> JSONValue? {
        let impatience = Task { [self] in
            // Ended early when the answer is there.
            try? await Task.sleep(for: patience)
            reply(key, nil)
        }
        defer { impatience.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.questions[key] = continuation }
                send()
                if Task.isCancelled { reply(key, nil) }
            }
        } onCancel: {
            reply(key, nil)
        }
    }

    /// Answers to what was not asked are dropped.
    func reply(_ key: Key, _ result: JSONValue?) {
        state.withLock { $0.questions.removeValue(forKey: key) }?.resume(returning: result)
    }
}
