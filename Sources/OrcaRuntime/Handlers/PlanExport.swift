import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

/// Writes a project's tasks as a plan. Tasks that came from no plan get their ref as key.
struct PlanExport {
    let store: any StoreReader
    let project: Project

    func plan(named name: String) throws -> OrcaV1.Plan {
        var filter = TaskFilter(workspace: project.workspace)
        filter.project = project.id
        filter.plan = name
        let page = try store.tasks.page(filter, PageRequest(limit: Limits.planTasksMax))
        guard page.next == nil else {
            throw DomainError(.limitExceeded, "A plan has at most \(Limits.planTasksMax) tasks.")
        }
        guard name.isEmpty || !page.rows.isEmpty else {
            throw DomainError(
                .taskNotFound, "No task of \(project.key) comes from a plan named '\(name)'.", details: ["plan": name])
        }
        let keys = Dictionary(page.rows.map { ($0.id, $0.planKey.isEmpty ? $0.ref : $0.planKey) }) { one, _ in one }
        return try .with {
            $0.name = name.isEmpty ? project.key : name
            $0.tasks = try page.rows.map { try task($0, keys) }
        }
    }

    private func task(_ task: WorkTask, _ keys: [TaskID: String]) throws -> OrcaV1.PlanTask {
        let draft = try UpdateTask.draft(of: task, in: store)
        var item = OrcaV1.PlanTask()
        item.key = keys[task.id] ?? task.ref
        item.title = draft.title
        item.spec = draft.spec
        item.priority = Int32(draft.priority)
        item.parent = task.parent.flatMap { keys[$0] } ?? ""
        item.tags = draft.tags
        item.labels = draft.labels
        item.capabilities = draft.capabilities
        item.notBefore = draft.notBefore.map { ProtoTimestamp($0) }
        item.retry = draft.retry.map { OrcaV1.RetryPolicy($0) }
        item.contract = draft.contract.map { OrcaV1.ContractItem($0) }
        item.context = draft.context
        item.assignee = draft.assignee
        // A dependency outside of the exported tasks has no key here; the plan would not be valid with it.
        item.dependsOn = try store.dependencies.dependencies(of: task.id).compactMap { edge in
            keys[edge.dependsOn].map { key in
                .with {
                    $0.key = key
                    $0.policy = Words.api(edge.policy)
                }
            }
        }
        return item
    }
}
