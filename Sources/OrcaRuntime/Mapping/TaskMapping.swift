import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

/// Puts a task together for the API from the rows it is spread over.
struct TaskMapping {
    let store: any StoreReader

    init(_ store: any StoreReader) {
        self.store = store
    }

    func message(_ task: WorkTask) throws -> OrcaV1.Task {
        var message = OrcaV1.Task()
        message.id = task.id.text
        message.ref = task.ref
        message.workspace = task.workspace.text
        message.project = String(task.ref.prefix { $0 != "-" })
        message.title = task.title
        message.status = Words.api(task.status)
        message.priority = Int32(task.priority)
        message.notBefore = task.notBefore.map { ProtoTimestamp($0) }
        message.retry = task.retry.map { OrcaV1.RetryPolicy($0) }
        message.failures = Int32(clamping: task.failures)
        message.attempts = Int32(clamping: task.lastToken)
        message.attempt = task.attempt?.text ?? ""
        message.holder = task.holder
        message.plan = task.plan
        message.planKey = task.planKey
        message.createdBy = task.createdBy
        message.version = Int32(clamping: task.version)
        message.createdAt = ProtoTimestamp(task.createdAt)
        message.updatedAt = ProtoTimestamp(task.updatedAt)
        message.completedAt = task.status == .completed ? task.finishedAt.map { ProtoTimestamp($0) } : nil
        try fillRelations(&message, task)
        try fillBody(&message, task)
        return message
    }

    private func fillRelations(_ message: inout OrcaV1.Task, _ task: WorkTask) throws {
        if let parent = task.parent { message.parent = try store.tasks.find(parent)?.ref ?? parent.text }
        message.dependencies = try store.dependencies.dependencies(of: task.id).map { edge in
            try OrcaV1.Dependency.with {
                $0.task = edge.dependsOn.text
                $0.ref = try store.tasks.find(edge.dependsOn)?.ref ?? ""
                $0.policy = Words.api(edge.policy)
            }
        }
        guard task.requirement != 0, let requirement = try store.tasks.requirement(task.requirement) else { return }
        message.requiredTags = requirement.tags
        message.requiredCapabilities = requirement.capabilities.map(\.text)
        message.assignee = requirement.assignee
    }

    private func fillBody(_ message: inout OrcaV1.Task, _ task: WorkTask) throws {
        guard let body = try store.tasks.body(task.id) else { return }
        message.spec = body.spec
        message.labels = body.labels
        message.contract = body.contract.map { OrcaV1.ContractItem($0) }
        message.context = body.context
        message.inheritedContext = body.inheritedContext
        message.result = body.result
        message.error = body.error
        message.branch = body.branch
        message.commit = body.commit
    }
}
