import Glibc
import Synchronization

/// Runs a test's tasks on a thread of their own, so that its blocking reads take no thread from the pool that all tests share.
final class OwnThread: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isFinished = false
    }

    private let state = Mutex(State())
    private let wake = Wake()

    static func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let executor = OwnThread()
        executor.start()
        defer { executor.finish() }
        try await Task(executorPreference: executor) { try await body() }.value
    }

    /// Starts a task that goes on while the test's own thread blocks, whatever the shared pool is busy with.
    static func start(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        let executor = OwnThread()
        executor.start()
        return Task(executorPreference: executor) {
            await body()
            executor.finish()
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        wake.post()
    }

    private func finish() {
        state.withLock { $0.isFinished = true }
        wake.post()
    }

    private func start() {
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { raw in
                guard let raw else { return nil }
                Unmanaged<OwnThread>.fromOpaque(raw).takeRetainedValue().loop()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        precondition(status == 0)
        pthread_detach(thread)
    }

    private func loop() {
        while true {
            let (jobs, isFinished) = state.withLock { state in
                defer { state.jobs = [] }
                return (state.jobs, state.isFinished)
            }
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
            if jobs.isEmpty {
                if isFinished { return }
                wake.wait()
            }
        }
    }

    private final class Wake: @unchecked Sendable {
        private let raw = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

        init() { sem_init(raw, 0, 0) }

        deinit {
            sem_destroy(raw)
            raw.deallocate()
        }

        func post() { sem_post(raw) }

        func wait() { while sem_wait(raw) != 0 {} }
    }
}
