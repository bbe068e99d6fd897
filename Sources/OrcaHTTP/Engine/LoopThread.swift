import CHTTPShim
import Glibc
import Synchronization

/// One thread that waits for sockets and runs Swift tasks in between: it is a task executor, so a request's handler and the
/// connection's state live on one thread, need no locks, and cost no switch.
///
/// Everything but `enqueue`, `perform` and `isCurrent` belongs to the thread itself.
final class LoopThread: TaskExecutor, @unchecked Sendable {
    private enum Work {
        case job(UnownedJob)
        case closure(@Sendable () -> Void)
    }

    let poll: Int32
    private let wake: Int32
    private let pending = Mutex<[Work]>([])
    private let isWakePending = Atomic<Bool>(false)
    private let thread = Atomic<UInt>(0)

    // The loop's own.
    private var local: [Work] = []
    private var running: [Work] = []
    var isFinished = false

    init() throws(HTTPServerError) {
        poll = http_poll_new()
        wake = http_wake_new()
        guard poll >= 0, wake >= 0, http_poll_add_listener(poll, wake, LoopThread.wakeKey) >= 0 else {
            throw HTTPServerError(.system, "The server cannot wait for sockets: \(systemMessage(-min(poll, wake))).")
        }
    }

    deinit {
        http_close(poll)
        http_close(wake)
    }

    static let wakeKey: UInt64 = 0

    var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Starts the thread; `body` is called over and over until `isFinished`.
    func start(_ body: @escaping @Sendable () -> Void) {
        let start = Unmanaged.passRetained(Start(loop: self, body: body))
        var handle = pthread_t()
        let status = pthread_create(
            &handle, nil,
            { raw in
                guard let raw else { return nil }
                let start = Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
                start.loop.thread.store(UInt(pthread_self()), ordering: .relaxed)
                while !start.loop.isFinished { start.body() }
                return nil
            }, start.toOpaque())
        precondition(status == 0, "no thread can be started")
        pthread_detach(handle)
    }

    private final class Start {
        let loop: LoopThread
        let body: @Sendable () -> Void

        init(loop: LoopThread, body: @escaping @Sendable () -> Void) {
            self.loop = loop
            self.body = body
        }
    }

    // MARK: From anywhere

    func enqueue(_ job: consuming ExecutorJob) { add(.job(UnownedJob(job))) }

    /// Runs a closure on the thread, soon.
    func perform(_ body: @escaping @Sendable () -> Void) { add(.closure(body)) }

    private func add(_ work: Work) {
        if isCurrent {
            local.append(work)
            return
        }
        pending.withLock { $0.append(work) }
        if !isWakePending.exchange(true, ordering: .acquiringAndReleasing) { http_wake(wake) }
    }

    // MARK: On the thread

    /// Runs what was enqueued, also what that enqueues, for a bounded number of rounds, so that sockets get their turn.
    func runWork() {
        for _ in 0..<64 {
            guard !local.isEmpty else { return }
            swap(&local, &running)
            for work in running {
                switch work {
                case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
                case .closure(let body): body()
                }
            }
            running.removeAll(keepingCapacity: true)
        }
    }

    var hasWork: Bool { !local.isEmpty }

    /// Takes over what other threads enqueued.
    func takePending() {
        http_wake_clear(wake)
        isWakePending.store(false, ordering: .sequentiallyConsistent)
        pending.withLock { work in
            local.append(contentsOf: work)
            work.removeAll(keepingCapacity: true)
        }
    }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String {
    // glibc keeps this text per thread.
    String(cString: strerror(code))
}
