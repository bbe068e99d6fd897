import OrcaSupport
import Synchronization

/// Runs work that blocks on threads of its own, a bounded number at a time, so that Swift's shared pool stays free.
final class BlockingWork: Sendable {
    /// Threads at once.
    static let threadsMax = 16

    private struct State {
        var running = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let locks = KeyedLock()

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
        try await locks.holding(key) { () throws(CheckoutError) in try await run(body) }
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
}
