import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addTasks() {
        write(Operations.createTask) { request, tx, context in
            let (workspace, project) = try Self.find(request.workspace, request.project, tx, context)
            let lookup = Lookup(tx)
            let dependencies = try request.dependencies.map { dependency in
                (
                    task: try Self.named(dependency, lookup, workspace.id),
                    policy: try Words.domain(dependency.policy, or: Dependency.Policy.block, field: "policy")
                )
            }
            let input = CreateTask.Input(
                project: project, draft: try request.draft(), dependencies: dependencies,
                parent: try Self.parent(request.parent, lookup, workspace.id))
            let task = try CreateTask.run(input, in: tx, context)
            return try .with { $0.task = try TaskMapping(tx).message(task) }
        }
        write(Operations.updateTask) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            let draft = try request.changed(try UpdateTask.draft(of: task, in: tx))
            let input = UpdateTask.Input(
                task: task, draft: draft, expectedVersion: request.expectedVersion.nonZero)
            let changed = try UpdateTask.run(input, in: tx, context)
            return try .with { $0.task = try TaskMapping(tx).message(changed) }
        }
        write(Operations.deleteTask) { request, tx, context in
            try DeleteTask.run(try Self.task(request.workspace, request.task, tx, context), in: tx, context)
            return OrcaV1.DeleteTaskResponse()
        }
        write(Operations.addDependency) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            let input = AddDependency.Input(
                task: task, dependsOn: try Self.task(request.workspace, request.dependsOn, tx, context),
                policy: try Words.domain(request.policy, or: .block, field: "policy"))
            let changed = try AddDependency.run(input, in: tx, context)
            return try .with { $0.task = try TaskMapping(tx).message(changed) }
        }
        write(Operations.removeDependency) { request, tx, context in
            let task = try Self.task(request.workspace, request.task, tx, context)
            let other = try Self.task(request.workspace, request.dependsOn, tx, context)
            let changed = try RemoveDependency.run(.init(task: task, dependsOn: other), in: tx, context)
            return try .with { $0.task = try TaskMapping(tx).message(changed) }
        }
    }

    static func task(
        _ workspace: String, _ word: String, _ store: any StoreReader, _ context: CommandContext
    ) throws -> WorkTask {
        let lookup = Lookup(store)
        return try lookup.task(word, in: try lookup.workspace(workspace, for: context.actor).id)
    }

    private static func named(
        _ dependency: OrcaV1.Dependency, _ lookup: Lookup, _ workspace: WorkspaceID
    ) throws -> WorkTask {
        let word = dependency.task.isEmpty ? dependency.ref : dependency.task
        do {
            return try lookup.task(word, in: workspace)
        } catch let error as DomainError where error.code == .taskNotFound {
            throw DomainError(
                .unknownDependency, "The dependency '\(word)' is no task of this workspace. See 'orca task list'.",
                details: ["depends_on": word])
        }
    }

    private static func parent(_ word: String, _ lookup: Lookup, _ workspace: WorkspaceID) throws -> WorkTask? {
        if word.isEmpty { return nil }
        do {
            return try lookup.task(word, in: workspace)
        } catch let error as DomainError where error.code == .taskNotFound {
            throw DomainError(
                .unknownParent, "The parent '\(word)' is no task of this workspace. See 'orca task list'.",
                details: ["parent": word])
        }
    }
}

extension OrcaV1.CreateTaskRequest {
    func draft() throws -> TaskDraft {
        var draft = TaskDraft(title: title)
        draft.spec = spec
        draft.priority = Int(priority)
        draft.tags = requiredTags
        draft.capabilities = requiredCapabilities
        draft.assignee = assignee
        draft.labels = labels
        draft.notBefore = notBefore.map { Timestamp($0) }
        draft.retry = retry?.policy(standard: .standard)
        draft.contract = try contract.map { try $0.item() }
        draft.context = context
        return draft
    }
}

extension OrcaV1.UpdateTaskRequest {
    private static let replaceable: Set<String> = [
        "required_tags", "required_capabilities", "labels", "contract", "context",
    ]

    func changed(_ old: TaskDraft) throws -> TaskDraft {
        for name in replace where !Self.replaceable.contains(name) {
            throw DomainError(
                .invalidArgument,
                "'\(name)' cannot be replaced; 'replace' takes \(Self.replaceable.sorted().joined(separator: ", ")).",
                details: ["field": "replace"])
        }
        var draft = old
        draft.title = title ?? old.title
        draft.spec = spec ?? old.spec
        draft.priority = priority.map { Int($0) } ?? old.priority
        draft.assignee = assignee ?? old.assignee
        if replace.contains("required_tags") { draft.tags = requiredTags }
        if replace.contains("required_capabilities") { draft.capabilities = requiredCapabilities }
        if replace.contains("labels") { draft.labels = labels }
        if replace.contains("contract") { draft.contract = try contract.map { try $0.item() } }
        if replace.contains("context") { draft.context = context }
        if let notBefore { draft.notBefore = Timestamp(notBefore) }
        if clearNotBefore { draft.notBefore = nil }
        if let retry { draft.retry = retry.policy(standard: old.retry ?? .standard) }
        return draft
    }
}
