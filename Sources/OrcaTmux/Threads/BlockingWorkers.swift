import OrcaSupport
import Synchronization

/// Threads for calls that block: as many as are needed, up to a limit, and none while nothing is to do.
final class BlockingWorkers: Sendable {
    static let threadsMax = 48
    /// How long a thread waits for more.
    private static let idleTime = Duration.seconds(10)

    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var threads = 0
        var idle = 0
    }

    private let name: String
    private let state = Mutex(State())
    private let bell = Wakeup()

    init(_ name: String) { self.name = name }

    /// Runs the body on one of the threads.
    func run<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
        try await withCheckedThrowingContinuation { continuation in
            add { continuation.resume(with: Result(catching: body)) }
        }
    }

    func add(_ job: @escaping @Sendable () -> Void) {
        let needsThread = state.withLock { state in
            state.jobs.append(job)
            guard state.idle < state.jobs.count, state.threads < Self.threadsMax else { return false }
            state.threads += 1
            return true
        }
        if needsThread {
            do {
                _ = try ManagedThread(name) { self.work() }
            } catch {
                // No thread can be had: another one will come round to the job; without any it runs here.
                let isAlone = state.withLock { state in
                    state.threads -= 1
                    return state.threads == 0
                }
                if isAlone { runNext() }
            }
        }
        bell.ring()
    }

    private func work() {
        while true {
            if runNext() { continue }
            state.withLock { $0.idle += 1 }
            let wasRung = bell.hear(until: .after(Self.idleTime))
            let ends = state.withLock { state in
                state.idle -= 1
                guard !wasRung, state.jobs.isEmpty else { return false }
                state.threads -= 1
                return true
            }
            if ends { return }
        }
    }

    @discardableResult
    private func runNext() -> Bool {
        let (job, more) = state.withLock { state in
            let job = state.jobs.isEmpty ? nil : state.jobs.removeFirst()
            return (job, !state.jobs.isEmpty)
        }
        guard let job else { return false }
        // Rings that nobody heard count as one: pass it on.
        if more { bell.ring() }
        job()
        return true
    }
}
