import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

/// Who carries out which operation. Filled once; a test holds it against the catalogue.
struct HandlerTable: Sendable {
    private(set) var handlers: [String: Handler] = [:]

    static let all: HandlerTable = {
        var table = HandlerTable()
        table.addWorkspaces()
        table.addProjects()
        table.addTasks()
        table.addTaskQueries()
        table.addLifecycle()
        table.addClaims()
        table.addAttemptsAndLeases()
        table.addAgents()
        table.addRepos()
        table.addWorktrees()
        table.addGates()
        table.addDispatches()
        table.addRuns()
        table.addTerminals()
        table.addPlans()
        table.addEvents()
        table.addMessages()
        table.addQuestions()
        table.addServer()
        table.addServers()
        table.addTokens()
        table.addScripts()
        return table
    }()

    /// A query on a snapshot.
    mutating func read<Request, Response>(
        _ operation: TypedOperation<Request, Response>,
        _ body: @escaping @Sendable (Request, any StoreReader, CommandContext) throws -> Response
    ) {
        custom(operation, need: .read, inBatch: { request, tx, _, context in try body(request, tx, context) }) {
            request, invocation in
            try await invocation.runtime.store.read { store in
                try body(request, store, invocation.context())
            }
        }
    }

    /// A command in a transaction, done at most once for an idempotency key.
    mutating func write<Request, Response>(
        _ operation: TypedOperation<Request, Response>, need: Authority.Need = .change,
        _ body: @escaping @Sendable (Request, any StoreTransaction, CommandContext) throws -> Response
    ) {
        writeOrRefuse(operation, need: need) { .answer(try body($0, $1, $2)) }
    }

    mutating func writeOrRefuse<Request, Response>(
        _ operation: TypedOperation<Request, Response>, need: Authority.Need = .change,
        _ body: @escaping @Sendable (Request, any StoreTransaction, CommandContext) throws -> Reply<Response>
    ) {
        let inBatch = {
            @Sendable
            (
                request: Request, tx: any StoreTransaction, invocation: Invocation,
                context: CommandContext
            ) throws -> Response in
            try Self.answer(
                invocation.write(request, in: tx, context) { try body(request, tx, context) })
        }
        custom(operation, need: need, inBatch: inBatch) { request, invocation in
            let reply = try await invocation.write(request) { tx, context in
                try body(request, tx, context)
            }
            return try Self.answer(reply)
        }
    }

    mutating func custom<Request, Response>(
        _ operation: TypedOperation<Request, Response>, need: Authority.Need,
        inBatch: (@Sendable (Request, any StoreTransaction, Invocation, CommandContext) throws -> Response)? = nil,
        _ body: @escaping @Sendable (Request, Invocation) async throws -> Response
    ) {
        let name = operation.erased.name
        precondition(handlers[name] == nil, "\(name) has two handlers")
        @Sendable func typed(_ request: any ProtoMessage) -> Request {
            guard let typed = request as? Request else {
                preconditionFailure("\(name) was called with a \(type(of: request))")
            }
            return typed
        }
        var erased: Handler.InBatch?
        if let inBatch { erased = { try inBatch(typed($0), $1, $2, $3) } }
        handlers[name] = Handler(
            need: need, run: { try await body(typed($0), $1) }, inBatch: erased)
    }

    static func answer<Response>(_ reply: Reply<Response>) throws -> Response {
        switch reply {
        case .answer(let response): return response
        case .refuse(let error): throw error
        }
    }
}
