import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Synchronization

/// A server in memory that knows as much of tasks as workers need, and can be made to misbehave.
final class FakeServer: OrcaClient {
    struct State {
        var tasks: [OrcaV1.Task] = []
        var attempts: [OrcaV1.Attempt] = []
        var leases: [String: OrcaV1.Lease] = [:]
        var replies: [String: any ProtoMessage] = [:]
        var calls: [(operation: String, key: String?)] = []
        /// Every call fails while this is set.
        var outage: APIError?
        var ttlMS: Int32 = 300_000
        var maxAttempts = 3
    }

    let state = Mutex(State())
    private let events = EventChannel()

    // MARK: What tests do

    /// Adds a task; dependencies by ref.
    func add(
        _ ref: String, spec: String = "", after: [String] = [], contract: [OrcaV1.ContractItem] = [],
        context: [String: String] = [:], tags: [String] = []
    ) {
        state.withLock { state in
            var task = OrcaV1.Task()
            task.id = "task_" + ref.lowercased()
            task.ref = ref
            task.project = "T"
            task.title = "Do \(ref)"
            task.spec = spec
            task.contract = contract
            task.context = context
            task.requiredTags = tags
            task.dependencies = after.map { other in
                var dependency = OrcaV1.Dependency()
                dependency.task = "task_" + other.lowercased()
                dependency.ref = other
                return dependency
            }
            task.status = .pending
            state.tasks.append(task)
            Self.promote(&state)
        }
    }

    func task(_ ref: String) -> OrcaV1.Task { state.withLock { state in state.tasks.first { $0.ref == ref }! } }
    func attempts(_ ref: String) -> [OrcaV1.Attempt] {
        state.withLock { state in state.attempts.filter { $0.taskRef == ref } }
    }
    func calls(_ operation: String) -> Int {
        state.withLock { state in state.calls.count { $0.operation == operation } }
    }
    func setOutage(_ error: APIError?) { state.withLock { $0.outage = error } }
    func setTTL(_ ms: Int32) { state.withLock { $0.ttlMS = ms } }

    func cancel(_ ref: String) {
        let id = state.withLock { state in
            let index = state.tasks.firstIndex { $0.ref == ref }!
            state.tasks[index].status = .canceled
            Self.endAttempt(&state, index, .canceled, error: "canceled by test")
            return state.tasks[index].id
        }
        events.send("task.canceled", id)
    }

    // MARK: OrcaClient

    func open(_ operation: APIOperation, _ request: any ProtoMessage) throws(APIError) -> any ClientStream {
        if let outage = state.withLock({ $0.outage }) { throw outage }
        return events.subscribe()
    }

    func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, idempotencyKey: String?
    ) throws(APIError) -> any ProtoMessage {
        let answer: Result<any ProtoMessage, APIError> = state.withLock { state in
            state.calls.append((operation.name, idempotencyKey))
            if let outage = state.outage { return .failure(outage) }
            if let key = idempotencyKey, let reply = state.replies[key] { return .success(reply) }
            do throws(APIError) {
                let reply = try Self.answer(request, &state)
                if let key = idempotencyKey { state.replies[key] = reply }
                return .success(reply)
            } catch {
                return .failure(error)
            }
        }
        return try answer.get()
    }

    private static func answer(_ request: any ProtoMessage, _ state: inout State) throws(APIError) -> any ProtoMessage {
        switch request {
        case is OrcaV1.RegisterAgentRequest: return OrcaV1.RegisterAgentResponse()
        case let request as OrcaV1.ClaimTaskRequest: return try claim(request, &state)
        case let request as OrcaV1.RenewLeaseRequest:
            var reply = OrcaV1.RenewLeaseResponse()
            reply.lease = try held(request.task, request.token, state).lease
            return reply
        case let request as OrcaV1.GetAttemptRequest:
            var reply = OrcaV1.GetAttemptResponse()
            reply.attempt = state.attempts.first { $0.id == request.attempt }
            return reply
        case let request as OrcaV1.GetTaskRequest:
            var reply = OrcaV1.GetTaskResponse()
            reply.task = state.tasks.first { $0.id == request.task || $0.ref == request.task }
            return reply
        case let request as OrcaV1.ListTasksRequest:
            var reply = OrcaV1.ListTasksResponse()
            reply.tasks = state.tasks.filter { request.status.contains($0.status) }
            return reply
        case is OrcaV1.GetTaskGraphRequest:
            var reply = OrcaV1.GetTaskGraphResponse()
            reply.tasks = state.tasks
            return reply
        case let request as OrcaV1.CreateTaskRequest:
            var task = OrcaV1.Task()
            task.ref = "T-\(100 + state.tasks.count)"
            task.id = "task_" + task.ref.lowercased()
            (task.title, task.spec, task.status) = (request.title, request.spec, .ready)
            state.tasks.append(task)
            var reply = OrcaV1.CreateTaskResponse()
            reply.task = task
            return reply
        default: return try end(request, &state)
        }
    }

    private static func claim(_ request: OrcaV1.ClaimTaskRequest, _ state: inout State) throws(APIError)
        -> any ProtoMessage
    {
        let found = state.tasks.firstIndex {
            $0.status == .ready && (request.task.isEmpty || request.task == $0.ref || request.task == $0.id)
        }
        guard let index = found else { throw APIError("nothing_ready", .notFound, "Nothing is ready.") }
        var task = state.tasks[index]
        task.status = .dispatched
        task.attempts += 1
        var attempt = OrcaV1.Attempt()
        attempt.id = "att_\(task.ref.lowercased())_\(task.attempts)"
        (attempt.task, attempt.taskRef, attempt.number, attempt.agent) = (
            task.id, task.ref, task.attempts, request.agent
        )
        attempt.token = Int64(task.attempts)
        attempt.outcome = .active
        var lease = OrcaV1.Lease()
        (lease.task, lease.taskRef, lease.attempt, lease.token) = (task.id, task.ref, attempt.id, attempt.token)
        lease.ttlMs = state.ttlMS
        state.tasks[index] = task
        state.attempts.append(attempt)
        state.leases[task.id] = lease
        var reply = OrcaV1.ClaimTaskResponse()
        (reply.task, reply.attempt, reply.lease) = (task, attempt, lease)
        return reply
    }

    private static func end(_ request: any ProtoMessage, _ state: inout State) throws(APIError) -> any ProtoMessage {
        switch request {
        case let request as OrcaV1.CompleteTaskRequest:
            let index = try held(request.task, request.token, state).index
            state.tasks[index].status = .completed
            (state.tasks[index].branch, state.tasks[index].commit) = (request.branch, request.commit)
            state.tasks[index].result = request.result
            state.tasks[index].completedAt = ProtoTimestamp(milliseconds: Int64(state.calls.count))
            endAttempt(&state, index, .succeeded) { $0.artifacts = request.artifacts }
            promote(&state)
            return OrcaV1.CompleteTaskResponse()
        case let request as OrcaV1.FailTaskRequest:
            let index = try held(request.task, request.token, state).index
            state.tasks[index].failures += 1
            state.tasks[index].error = request.error
            state.tasks[index].status = Int(state.tasks[index].failures) < state.maxAttempts ? .ready : .failed
            endAttempt(&state, index, .failed, error: request.error) { $0.branch = request.branch }
            var reply = OrcaV1.FailTaskResponse()
            reply.task = state.tasks[index]
            return reply
        case let request as OrcaV1.ReleaseTaskRequest:
            let index = try held(request.task, request.token, state).index
            state.tasks[index].status = .ready
            endAttempt(&state, index, .released, error: request.reason)
            return OrcaV1.ReleaseTaskResponse()
        default: throw APIError("unimplemented", .internal, "\(type(of: request))")
        }
    }

    private static func held(
        _ task: String, _ token: Int64, _ state: State
    ) throws(APIError) -> (index: Int, lease: OrcaV1.Lease) {
        guard let index = state.tasks.firstIndex(where: { $0.id == task || $0.ref == task }),
            let lease = state.leases[state.tasks[index].id], lease.token == token
        else { throw APIError("lease_lost", .conflict, "token \(token) does not hold \(task)") }
        return (index, lease)
    }

    private static func endAttempt(
        _ state: inout State, _ index: Int, _ outcome: OrcaV1.Attempt.Outcome, error: String = "",
        _ change: (inout OrcaV1.Attempt) -> Void = { _ in }
    ) {
        let id = state.tasks[index].id
        state.leases[id] = nil
        guard let last = state.attempts.lastIndex(where: { $0.task == id }) else { return }
        state.attempts[last].outcome = outcome
        state.attempts[last].error = error
        change(&state.attempts[last])
    }

    private static func promote(_ state: inout State) {
        let done = Set(state.tasks.filter { $0.status == .completed }.map(\.id))
        for index in state.tasks.indices where state.tasks[index].status == .pending {
            if state.tasks[index].dependencies.allSatisfy({ done.contains($0.task) }) {
                state.tasks[index].status = .ready
            }
        }
    }
}

/// Event streams of the fake server.
private final class EventChannel: Sendable {
    private let streams = Mutex<[FakeStream]>([])

    func subscribe() -> FakeStream {
        let stream = FakeStream()
        streams.withLock { $0.append(stream) }
        return stream
    }

    func send(_ type: String, _ entity: String) {
        var event = OrcaV1.Event()
        (event.type, event.entityId) = (type, entity)
        var message = OrcaV1.WatchEventsResponse()
        message.item = .event(event)
        for stream in streams.withLock({ $0 }) { stream.send(message) }
    }
}

private final class FakeStream: ClientStream {
    private let queue = Mutex<[OrcaV1.WatchEventsResponse]>([])
    private let bell = Wakeup()
    private let canceled = StopSignal()

    func send(_ message: OrcaV1.WatchEventsResponse) {
        queue.withLock { $0.append(message) }
        bell.ring()
    }

    func next() throws(APIError) -> (any ProtoMessage)? {
        while !canceled.isRaised {
            if let message = queue.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return message }
            _ = Poll.readable([bell.descriptor, canceled.descriptor], until: .never)
            bell.hear(until: .now)
        }
        return nil
    }

    func cancel() { canceled.raise() }
    var descriptor: Int32? { bell.descriptor }
    var hasBuffered: Bool { queue.withLock { !$0.isEmpty } }
}
