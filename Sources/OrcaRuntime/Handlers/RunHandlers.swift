import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addRuns() {
        write(Operations.startRun) { request, tx, context in
            let (_, project) = try Self.find(request.workspace, request.project, tx, context)
            var input = StartRun.Input(
                project: project, spec: request.spec,
                coordinator: try Self.coordinator(request.coordinator, for: context.actor),
                settings: (request.settings ?? OrcaV1.RunSettings()).settings())
            input.plan = request.plan
            let run = try StartRun.run(input, in: tx, context)
            return try .with { $0.run = try OrcaV1.Run(run, in: tx, context) }
        }
        write(Operations.stopRun) { request, tx, context in
            let run = try Self.run(request.workspace, request.run, tx, context)
            var input = EndRun.Input(run: run, trigger: .stopped, report: "Stopped by \(context.actor.name).")
            input.cancelsWork = request.cancelWork
            let ended = try EndRun.run(input, in: tx, context)
            return try .with { $0.run = try OrcaV1.Run(ended, in: tx, context) }
        }
        read(Operations.getRun) { request, store, context in
            let run = try Self.run(request.workspace, request.run, store, context)
            return try .with { $0.run = try OrcaV1.Run(run, in: store, context) }
        }
        read(Operations.listRuns) { request, store, context in
            let workspace = try Lookup(store).workspace(request.workspace, for: context.actor).id
            let page = try store.runs.page(
                in: workspace, status: try Words.optional(request.status, field: "status"),
                Cursor.page(limit: request.limit, cursor: request.cursor))
            return try .with {
                $0.runs = try page.rows.map { try OrcaV1.Run($0, in: store, context) }
                $0.nextCursor = Cursor.text(page.next)
            }
        }
        write(Operations.submitRunPlan) { request, tx, context in
            let run = try Self.run(request.workspace, request.run, tx, context)
            guard let plan = request.plan else {
                throw DomainError(.invalidArgument, "The request has no plan.", details: ["field": "plan"])
            }
            let input = SubmitRunPlan.Input(run: run, plan: try plan.spec())
            let changed = try SubmitRunPlan.run(input, in: tx, context)
            return try .with { $0.run = try OrcaV1.Run(changed, in: tx, context) }
        }
    }

    private static func run(
        _ workspace: String, _ word: String, _ store: any StoreReader, _ context: CommandContext
    ) throws -> CoordinatorRun {
        let lookup = Lookup(store)
        return try lookup.run(word, in: try lookup.workspace(workspace, for: context.actor).id)
    }
}
