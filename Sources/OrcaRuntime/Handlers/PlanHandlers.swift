import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addPlans() {
        custom(Operations.importPlan, need: .change) { request, invocation in
            try await Self.importPlan(request, invocation)
        }
        read(Operations.exportPlan) { request, store, context in
            let (_, project) = try Self.find(request.workspace, request.project, store, context)
            return try .with { $0.plan = try PlanExport(store: store, project: project).plan(named: request.name) }
        }
    }

    /// A dry run does everything, and is undone by an error that carries its answer out of the transaction.
    private static func importPlan(
        _ request: OrcaV1.ImportPlanRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.ImportPlanResponse {
        do {
            let reply = try await invocation.write(request) { tx, context in
                try importInTransaction(request, tx, context)
            }
            switch reply {
            case .answer(let response): return response
            case .refuse(let error): throw error
            }
        } catch let undone as DryRun {
            return undone.response
        }
    }

    private static func importInTransaction(
        _ request: OrcaV1.ImportPlanRequest, _ tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Reply<OrcaV1.ImportPlanResponse> {
        let (_, project) = try find(request.workspace, request.project, tx, context)
        guard let plan = request.plan else {
            throw DomainError(.invalidArgument, "The request has no plan.", details: ["field": "plan"])
        }
        let entries = try ImportPlan.run(ImportPlan.Input(project: project, plan: try plan.spec()), in: tx, context)
        if request.dryRun { throw DryRun(response: response(entries, isDryRun: true)) }
        return .answer(response(entries, isDryRun: false))
    }

    private static func response(_ entries: [ImportPlan.Entry], isDryRun: Bool) -> OrcaV1.ImportPlanResponse {
        .with {
            $0.entries = entries.map { entry in
                .with {
                    $0.key = entry.key
                    $0.action = entry.action.rawValue
                    // The ids of a dry run were made up and undone; only those that exist are told.
                    if !isDryRun || entry.action != .created {
                        $0.task = entry.task.id.text
                        $0.ref = entry.task.ref
                    }
                }
            }
            $0.created = Int32(entries.count { $0.action == .created })
            $0.updated = Int32(entries.count { $0.action == .updated })
            $0.unchanged = Int32(entries.count { $0.action == .unchanged })
        }
    }
}

extension OrcaV1.Plan {
    func spec() throws -> PlanSpec {
        PlanSpec(name: name, items: try tasks.map { try $0.item() })
    }
}

extension OrcaV1.PlanTask {
    func item() throws -> PlanSpec.Item {
        var draft = TaskDraft(title: title.isEmpty ? key : title)
        draft.spec = spec
        draft.priority = Int(priority)
        draft.tags = tags
        draft.capabilities = capabilities
        draft.assignee = assignee
        draft.labels = labels
        draft.notBefore = notBefore.map { Timestamp($0) }
        draft.retry = retry?.policy(standard: .standard)
        draft.contract = try contract.map { try $0.item() }
        draft.context = context
        let dependencies = try dependsOn.map { dependency in
            (
                key: dependency.key,
                policy: try Words.domain(dependency.policy, or: Dependency.Policy.block, field: "policy")
            )
        }
        return PlanSpec.Item(key: key, draft: draft, dependencies: dependencies, parent: parent)
    }
}
