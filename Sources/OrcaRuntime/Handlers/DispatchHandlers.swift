import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addDispatches() {
        custom(Operations.dispatchTask, need: .change) { request, invocation in
            try await Self.dispatch(request, invocation)
        }
        custom(Operations.previewDispatch, need: .read) { request, invocation in
            let workspace = try await invocation.runtime.store.read {
                try Lookup($0).workspace(request.workspace, for: invocation.actor).id
            }
            let text = try await Dispatcher(runtime: invocation.runtime).preview(
                workspace, task: request.task, terminal: request.terminal, coordinator: request.coordinator)
            return .with { $0.preamble = text }
        }
        read(Operations.getDispatch) { request, store, context in
            let task = try Self.task(request.workspace, request.task, store, context)
            let mapping = DispatchMapping(store)
            let record = try mapping.newest(of: task)
            return try .with { $0.dispatch = try record.map(mapping.message) }
        }
        read(Operations.listDispatches) { request, store, context in
            let workspace = try Lookup(store).workspace(request.workspace, for: context.actor).id
            let live = try store.dispatches.live(limit: Limits.liveTerminalsMax)
            let shown = live.filter {
                $0.workspace == workspace && (request.run.isEmpty || $0.run?.text == request.run)
            }
            return try .with { $0.dispatches = try shown.map(DispatchMapping(store).message) }
        }
    }

    private static func dispatch(
        _ request: OrcaV1.DispatchTaskRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.DispatchTaskResponse {
        let runtime = invocation.runtime
        let dispatcher = Dispatcher(runtime: runtime)
        let workspace = try await runtime.store.read {
            try Lookup($0).workspace(request.workspace, for: invocation.actor).id
        }
        var order = Dispatcher.Request(
            workspace: workspace, task: request.task, terminal: request.terminal,
            coordinator: try coordinator(request.coordinator, for: invocation.actor), injects: request.inject)
        if request.waitMs > 0 { order.waitMS = min(Int64(request.waitMs), Limits.waitMaxMS) }
        order.ttlMS = request.ttlMs == 0 ? nil : Int64(request.ttlMs)
        // A request that has been carried out is answered, not examined again: its task is not ready any more.
        let drift = try await invocation.isDone(request) ? nil : dispatcher.prepare(order)
        let prepared = order
        let reply = try await invocation.write(request) { tx, context in
            let result = try Dispatcher.dispatch(prepared, drift: drift, in: tx, context)
            return .answer(
                try OrcaV1.DispatchTaskResponse.with {
                    $0.dispatch = try DispatchMapping(tx).message(result.output.record)
                    $0.preamble = result.preamble
                })
        }
        guard case .answer(var response) = reply else {
            guard case .refuse(let error) = reply else { return .init() }
            throw error
        }
        guard request.inject, let attempt = response.dispatch.map({ AttemptID(stored: $0.attempt) }) else {
            return response
        }
        guard let record = try await runtime.store.read({ try $0.dispatches.find(attempt) }) else { return response }
        let delivered = try await dispatcher.deliver(record, waitMS: order.waitMS)
        response.dispatch = try await runtime.store.read { try DispatchMapping($0).message(delivered) }
        response.injected = delivered.prompt == .submitted || delivered.prompt == .injected
        response.queued = delivered.prompt == .queued || delivered.prompt == .injecting
        return response
    }

    /// Who gets the mail: who is named, if the caller may speak for it, else the caller's own terminal.
    static func coordinator(_ named: String, for actor: Actor) throws -> String {
        guard let own = actor.terminal?.text else { return named }
        guard named.isEmpty || named == own else {
            throw DomainError(
                .permissionDenied, "This access token speaks for \(own) only, not for \(named.prefix(60)).",
                details: ["from": named])
        }
        return own
    }
}
