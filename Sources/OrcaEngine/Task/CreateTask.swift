package import OrcaDomain
package import OrcaStore

/// Creates a task. Whether it is ready, the engine computes.
package enum CreateTask: Command {
    package struct Input: Sendable {
        package var project: Project
        package var draft: TaskDraft
        /// Tasks of the same workspace that must be completed first.
        package var dependencies: [(task: WorkTask, policy: Dependency.Policy)]
        package var parent: WorkTask?
        /// Name of the plan it comes from, and its key in there.
        package var plan = ""
        package var planKey = ""

        package init(
            project: Project, draft: TaskDraft, dependencies: [(task: WorkTask, policy: Dependency.Policy)] = [],
            parent: WorkTask? = nil
        ) {
            self.project = project
            self.draft = draft
            self.dependencies = dependencies
            self.parent = parent
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> WorkTask {
        try input.draft.check()
        try Names.checkCount(
            input.dependencies.count, max: Limits.dependenciesPerTaskMax, field: "dependencies")
        let inherited = try input.parent.map { try Family(tx).contextForChildren(of: $0) } ?? [:]
        var task = try blank(input, in: tx, context)
        try arrange(&task, dependencies: input.dependencies)
        task.status = task.conditionsHold(at: context.now) ? .ready : .pending
        task.isQueued = task.isClaimable(at: context.now)
        try tx.insert(task, input.draft.body(inheriting: inherited))
        for dependency in input.dependencies {
            try tx.insert(Dependency(task: task.id, dependsOn: dependency.task.id, policy: dependency.policy))
        }
        try Ledger(tx, context).record(
            .taskCreated, task,
            [
                "title": .text(task.title), "project": .text(input.project.key),
                "depends_on": .texts(input.dependencies.map(\.task.ref)),
            ])
        return task
    }

    private static func blank(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> WorkTask {
        let number = try tx.takeNumber(in: input.project.id)
        var task = WorkTask(
            id: context.newID(), workspace: input.project.workspace, project: input.project.id,
            ref: "\(input.project.key)-\(number)", number: number, title: input.draft.title,
            createdBy: context.actor.name, at: context.now)
        task.priority = input.draft.priority
        task.requirement = try tx.requirementRow(for: try input.draft.requirement())
        task.parent = input.parent?.id
        task.notBefore = input.draft.notBefore
        task.retry = input.draft.retry
        task.plan = input.plan
        task.planKey = input.planKey
        return task
    }

    private static func arrange(
        _ task: inout WorkTask, dependencies: [(task: WorkTask, policy: Dependency.Policy)]
    ) throws {
        var seen: Set<TaskID> = []
        for dependency in dependencies {
            guard seen.insert(dependency.task.id).inserted else {
                throw DomainError(
                    .invalidArgument, "\(dependency.task.ref) is named twice among the dependencies.",
                    details: ["field": "dependencies"])
            }
            let status = dependency.task.status
            if dependency.policy == .cancel, status == .failed || status == .canceled {
                throw DomainError(
                    .invalidTransition,
                    "\(dependency.task.ref) is already \(status.rawValue); with the policy 'cancel' the new task would be "
                        + "canceled at once. Use another policy or another dependency.",
                    details: ["task": dependency.task.ref])
            }
            if !Dependency.isMet(by: status, dependency.policy) { task.openDependencies += 1 }
        }
    }
}
