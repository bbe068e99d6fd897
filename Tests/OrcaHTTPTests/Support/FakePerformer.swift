import Glibc
import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import Synchronization

/// A performer that does what a test says.
final class FakePerformer: Performer {
    typealias Perform = @Sendable (APIOperation, any ProtoMessage, CallContext) async throws -> any ProtoMessage

    struct Seen: Sendable {
        let operation: String
        let request: any ProtoMessage
        let call: CallContext
    }

    private let body: Perform
    private let stream: @Sendable (any ProtoMessage) throws -> FakeStream
    private let log = Mutex<[Seen]>([])

    /// Performs as `perform` says; streams yield nothing.
    init(_ perform: @escaping Perform = FakePerformer.echo) {
        body = perform
        stream = { _ in FakeStream() }
    }

    /// Opens streams as `stream` says.
    init(stream: @escaping @Sendable (any ProtoMessage) throws -> FakeStream) {
        body = FakePerformer.echo
        self.stream = stream
    }

    var seen: [Seen] { log.withLock { $0 } }

    func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ProtoMessage {
        log.withLock { $0.append(Seen(operation: operation.name, request: request, call: call)) }
        return try await body(operation, request, call)
    }

    func open(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ResponseStream {
        log.withLock { $0.append(Seen(operation: operation.name, request: request, call: call)) }
        return try stream(request)
    }

    /// Answers GetTask with the ref that was asked for, everything else with an empty response.
    static let echo: Perform = { operation, request, _ in
        guard let get = request as? OrcaV1.GetTaskRequest else { return operation.responseType.init() }
        return OrcaV1.GetTaskResponse.with { $0.task = .with { $0.ref = get.task } }
    }
}

/// A stream whose messages come from the test.
final class FakeStream: ResponseStream {
    private struct State {
        var waiting: [[any ProtoMessage]] = []
        var isEnded = false
        var isCancelled = false
        var error: APIError?
        var continuation: CheckedContinuation<Void, Never>?
        var pulls = 0
    }

    private let state = Mutex(State())
    let cancelled = Signal()
    /// Fires whenever the transport asks for more.
    let pulled = Signal()

    func push(_ messages: [any ProtoMessage]) { change { $0.waiting.append(messages) } }
    func end() { change { $0.isEnded = true } }
    func fail(_ error: APIError) { change { $0.error = error } }

    var pulls: Int { state.withLock(\.pulls) }

    func next() async throws -> [any ProtoMessage]? {
        state.withLock { $0.pulls += 1 }
        pulled.fire()
        while true {
            let answer: Result<[any ProtoMessage]?, APIError>? = state.withLock { state in
                if state.isCancelled { return .success(nil) }
                if !state.waiting.isEmpty { return .success(state.waiting.removeFirst()) }
                if let error = state.error { return .failure(error) }
                return state.isEnded ? .success(nil) : nil
            }
            if let answer { return try answer.get() }
            await withCheckedContinuation { continuation in
                let isLate = state.withLock { state in
                    if state.isCancelled || !state.waiting.isEmpty || state.error != nil || state.isEnded {
                        return true
                    }
                    state.continuation = continuation
                    return false
                }
                if isLate { continuation.resume() }
            }
        }
    }

    func cancel() {
        change { $0.isCancelled = true }
        cancelled.fire()
    }

    private func change(_ body: (inout State) -> Void) {
        let continuation = state.withLock { state in
            body(&state)
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume()
    }

    /// An event of that sequence.
    static func event(_ sequence: Int64) -> OrcaV1.WatchEventsResponse {
        .with { $0.item = .event(.with { ($0.sequence, $0.workspace, $0.type) = (sequence, "w", "task.created") }) }
    }
}

/// Something that happens, counted; waited for without sleeping, from a thread or from a task.
final class Signal: Sendable {
    private struct Waiter {
        let count: Int
        let resume: @Sendable () -> Void
    }

    private let state = Mutex<(count: Int, waiters: [Waiter])>((0, []))

    func fire() {
        let ready = state.withLock { state in
            state.count += 1
            let ready = state.waiters.filter { $0.count <= state.count }
            state.waiters.removeAll { $0.count <= state.count }
            return ready
        }
        for waiter in ready { waiter.resume() }
    }

    var count: Int { state.withLock(\.count) }

    private func onCount(_ count: Int, _ resume: @escaping @Sendable () -> Void) {
        let isDone = state.withLock { state in
            if state.count >= count { return true }
            state.waiters.append(Waiter(count: count, resume: resume))
            return false
        }
        if isDone { resume() }
    }

    /// Blocks the thread until it has fired that often; false after ten seconds.
    func wait(for count: Int = 1) -> Bool {
        let semaphore = Semaphore()
        onCount(count) { semaphore.post() }
        return semaphore.wait()
    }

    /// Waits in a task.
    func reached(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in onCount(count) { continuation.resume() } }
    }
}

private final class Semaphore: @unchecked Sendable {
    private let raw = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(raw, 0, 0) }

    deinit {
        sem_destroy(raw)
        raw.deallocate()
    }

    func post() { sem_post(raw) }

    func wait() -> Bool {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        time.tv_sec += 10
        while sem_timedwait(raw, &time) != 0 {
            if errno != EINTR { return false }
        }
        return true
    }
}
