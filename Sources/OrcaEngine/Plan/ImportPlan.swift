package import OrcaDomain
package import OrcaStore

/// Makes a project's tasks as a plan says, all or nothing. Tasks are recognised by plan name and key, so that importing
/// the same plan again changes only what changed; tasks that are missing from the plan are left alone.
package enum ImportPlan: Command {
    package struct Input: Sendable {
        package var project: Project
        package var plan: PlanSpec

        package init(project: Project, plan: PlanSpec) {
            self.project = project
            self.plan = plan
        }
    }

    package enum Action: String, Sendable {
        case created
        case updated
        case unchanged
    }

    package struct Entry: Sendable {
        package var key: String
        package var action: Action
        package var task: WorkTask
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> [Entry] {
        var tasks: [String: WorkTask] = [:]
        var entries: [String: Entry] = [:]
        for item in try input.plan.ordered() {
            do {
                let entry = try place(item, input, tasks, in: tx, context)
                tasks[item.key] = entry.task
                entries[item.key] = entry
            } catch let error as DomainError {
                // Which of many tasks it was, is what the person needs to know.
                throw DomainError(
                    error.code, "Task '\(item.key)' of the plan: \(error.message)",
                    details: error.details.merging(["key": item.key]) { first, _ in first })
            }
        }
        return input.plan.items.compactMap { entries[$0.key] }
    }

    private static func place(
        _ item: PlanSpec.Item, _ input: Input, _ tasks: [String: WorkTask], in tx: any StoreTransaction,
        _ context: CommandContext
    ) throws -> Entry {
        let dependencies = item.dependencies.compactMap { dependency in
            tasks[dependency.key].map { (task: $0, policy: dependency.policy) }
        }
        guard let known = try tx.tasks.find(plan: input.plan.name, key: item.key, in: input.project.id) else {
            var create = CreateTask.Input(
                project: input.project, draft: item.draft, dependencies: dependencies, parent: tasks[item.parent])
            create.plan = input.plan.name
            create.planKey = item.key
            return Entry(key: item.key, action: .created, task: try CreateTask.run(create, in: tx, context))
        }
        var task = known
        if !known.status.isFinished {
            task = try reconcile(task, dependencies, in: tx, context)
        }
        task = try UpdateTask.run(UpdateTask.Input(task: task, draft: item.draft), in: tx, context)
        return Entry(key: item.key, action: task == known ? .unchanged : .updated, task: task)
    }

    /// Adds the edges that the plan has and the task has not, and the other way round.
    private static func reconcile(
        _ start: WorkTask, _ wanted: [(task: WorkTask, policy: Dependency.Policy)], in tx: any StoreTransaction,
        _ context: CommandContext
    ) throws -> WorkTask {
        var task = start
        let had = try tx.dependencies.dependencies(of: task.id)
        for edge in had where !wanted.contains(where: { $0.task.id == edge.dependsOn }) {
            guard let other = try tx.tasks.find(edge.dependsOn) else { continue }
            task = try RemoveDependency.run(
                RemoveDependency.Input(task: task, dependsOn: other), in: tx, context)
        }
        for (other, policy) in wanted {
            task = try AddDependency.run(
                AddDependency.Input(task: task, dependsOn: other, policy: policy), in: tx, context)
        }
        return task
    }
}
