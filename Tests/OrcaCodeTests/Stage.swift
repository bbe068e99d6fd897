import OrcaAPI
import OrcaCode
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Synchronization
import Testing

/// The real sandbox, as it was built, with an Orca behind it that only writes down what it is asked for.
final class Stage: BatchPerformer {
    /// One for all tests: processes are kept ready.
    static let pool = SandboxPool(SandboxProgram(path: program))
    private let seen = Mutex<[(name: String, request: any ProtoMessage, key: String?)]>([])
    private let refusal: APIError?
    /// How many tasks there are.
    private let tasks: Int

    static let program: String = {
        // The tests stand beside the programs.
        let folder = (try? Paths.resolved("/proc/self/exe")).map { Files.split($0).folder } ?? ""
        return (ProcessEnvironment.current["ORCA_BIN"] ?? folder) + "/orca-sandbox"
    }()

    /// Whether calls wait until their script has ended.
    private let holds: Bool

    init(refusing refusal: APIError? = nil, tasks: Int = 0, holding holds: Bool = false) {
        self.refusal = refusal
        self.tasks = tasks
        self.holds = holds
    }

    var calls: [String] { seen.withLock { $0.map(\.name) } }
    var keys: [String?] { seen.withLock { $0.map(\.key) } }

    func run(_ code: String, timeoutMS: Int64 = 10_000, key: String? = nil, pool: SandboxPool = Stage.pool) async
        -> ScriptReport
    {
        var order = ScriptOrder(code: code, caller: .owner(name: "test"), workspace: "home")
        order.timeoutMS = timeoutMS
        order.idempotencyKey = key
        return await ScriptRunner(performer: self, pool: pool).run(order)
    }

    func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ProtoMessage {
        let count = seen.withLock { seen in
            seen.append((operation.name, request, call.idempotencyKey))
            return seen.count
        }
        if let refusal { throw refusal }
        if holds {
            let (ends, keepsOpen) = AsyncStream<Void>.makeStream()
            for await _ in ends {}
            keepsOpen.finish()
        }
        if let list = request as? OrcaV1.ListTasksRequest { return page(list) }
        guard let created = request as? OrcaV1.CreateTaskRequest else { return operation.responseType.init() }
        return OrcaV1.CreateTaskResponse.with {
            $0.task = .with {
                $0.title = created.title
                $0.ref = "API-\(count)"
            }
        }
    }

    /// The cursor is the number of the first task.
    private func page(_ request: OrcaV1.ListTasksRequest) -> OrcaV1.ListTasksResponse {
        let first = Int(request.cursor) ?? 0
        let end = min(tasks, first + Int(request.limit))
        return OrcaV1.ListTasksResponse.with {
            $0.tasks = (first..<max(first, end)).map { number in .with { $0.ref = "API-\(number)" } }
            $0.nextCursor = end < tasks ? String(end) : ""
        }
    }

    func batchTerms() -> BatchTerms { BatchTerms(seed: 1, atMS: 0) }

    func takesInBatch(_ operation: APIOperation) -> Bool { true }

    /// What is only tried is not written down.
    func perform(
        _ calls: [BatchCall], _ terms: BatchTerms, expecting expected: [any ProtoMessage]?
    ) async throws -> [any ProtoMessage] {
        if let refusal { throw BatchRefusal(calls.count - 1, refusal) }
        guard expected != nil else { return calls.map { $0.operation.responseType.init() } }
        var answers: [any ProtoMessage] = []
        for call in calls { answers.append(try await perform(call.operation, call.request, call.context)) }
        return answers
    }

    func open(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ResponseStream {
        throw APIError("unimplemented", .internal, "no streams here")
    }
}
