import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addGates() {
        write(Operations.openGate) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            var input = OpenGate.Input(task: task, question: request.question)
            input.options = request.options
            input.audience = try Words.domain(request.audience, or: .coordinator, field: "audience")
            input.timeoutMS = request.timeoutMs == 0 ? nil : request.timeoutMs
            input.fallback = request.defaultResolution
            let gate = try OpenGate.run(input, in: tx, context)
            return .with { $0.gate = OrcaV1.Gate(gate) }
        }
        read(Operations.getGate) { request, store, context in
            let gate = try Self.gate(request.workspace, request.gate, store, context)
            return .with { $0.gate = OrcaV1.Gate(gate) }
        }
        read(Operations.listGates) { request, store, context in
            try Self.list(request, store, context)
        }
        write(Operations.resolveGate) { request, tx, context in
            let gate = try Self.gate(request.workspace, request.gate, tx, context)
            let input = ResolveGate.Input(gate: gate, resolution: request.resolution)
            let resolved = try ResolveGate.run(input, in: tx, context)
            return .with { $0.gate = OrcaV1.Gate(resolved) }
        }
    }

    private static func gate(
        _ workspace: String, _ word: String, _ store: any StoreReader, _ context: CommandContext
    ) throws -> Gate {
        let lookup = Lookup(store)
        return try lookup.gate(word, in: try lookup.workspace(workspace, for: context.actor).id)
    }

    private static func list(
        _ request: OrcaV1.ListGatesRequest, _ store: any StoreReader, _ context: CommandContext
    ) throws -> OrcaV1.ListGatesResponse {
        let workspace = try Lookup(store).workspace(request.workspace, for: context.actor).id
        var filter = GateFilter(workspace: workspace)
        filter.status = try Words.optional(request.status, field: "status")
        filter.audience = try Words.optional(request.audience, field: "audience")
        filter.run = request.run.isEmpty ? nil : RunID(stored: request.run)
        guard request.task.isEmpty else {
            let task = try Lookup(store).task(request.task, in: workspace)
            let gates = try store.gates.all(of: task.id, limit: Limits.pageRowsMax).reversed()
            return .with { $0.gates = gates.filter { filter.admits($0) }.map { OrcaV1.Gate($0) } }
        }
        let page = try store.gates.page(filter, Cursor.page(limit: request.limit, cursor: request.cursor))
        return .with {
            $0.gates = page.rows.map { OrcaV1.Gate($0) }
            $0.nextCursor = Cursor.text(page.next)
        }
    }
}
