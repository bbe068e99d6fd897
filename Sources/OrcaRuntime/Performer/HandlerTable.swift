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
        table.addTokens()
        table.addScripts()
        return table
    }()

    /// A query on a snapshot.
    mutating func read<Request, Response>(
        _ operation: TypedOperation<Request, Response>,
        _ body: @escaping @Sendable (Request, any StoreReader, CommandContext) throws -> Response
    ) {
        custom(operation, need: .read) { request, invocation in
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
        custom(operation, need: need) { request, invocation in
            let reply = try await invocation.write(request) { tx, context in
                try body(request, tx, context)
            }
            switch reply {
            case .answer(let response): return response
            case .refuse(let error): throw error
            }
        }
    }

    mutating func custom<Request, Response>(
        _ operation: TypedOperation<Request, Response>, need: Authority.Need,
        _ body: @escaping @Sendable (Request, Invocation) async throws -> Response
    ) {
        let name = operation.erased.name
        precondition(handlers[name] == nil, "\(name) has two handlers")
        handlers[name] = Handler(need: need) { request, invocation in
            guard let typed = request as? Request else {
                preconditionFailure("\(name) was called with a \(type(of: request))")
            }
            return try await body(typed, invocation)
        }
    }
}
