import OrcaSupport
import Synchronization

/// Runs work that blocks on threads of its own, a bounded number at a time, so that Swift's shared pool stays free.
final class BlockingWork: Sendable {
    /// Threads at once.
    static let threadsMax = 16

    private struct State {
        var running = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
        var held: Set<String> = []
        var queues: [String: [CheckedContinuation<Void, Never>]] = [:]
    }

    private let state = Mutex(State())

    func run<R: Sendable>(_ body: @escaping @Sendable () throws(CheckoutError) -> R) async throws(CheckoutError) -> R {
        await enter()
        let result: Result<R, CheckoutError> = await withCheckedContinuation { continuation in
            do throws(SystemError) {
                // It ends with its body; nobody has to join it.
                _ = try ManagedThread("orca-checkout") {
                    do throws(CheckoutError) {
                        continuation.resume(returning: .success(try body()))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch {
                continuation.resume(
                    returning: .failure(CheckoutError(.unavailable, "\(error.description). Try again in a moment.")))
            }
        }
        leave()
        return try result.get()
    }

    /// The same, one after the other for everybody who names the same key.
    func run<R: Sendable>(
        alone key: String, _ body: @escaping @Sendable () throws(CheckoutError) -> R
    ) async throws(CheckoutError) -> R {
        await lock(key)
        do throws(CheckoutError) {
            let result = try await run(body)
            unlock(key)
            return result
        } catch {
            unlock(key)
            throw error
        }
    }

    private func enter() async {
        await withCheckedContinuation { continuation in
            let mayRun = state.withLock { state in
                if state.running < Self.threadsMax {
                    state.running += 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if mayRun { continuation.resume() }
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
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
