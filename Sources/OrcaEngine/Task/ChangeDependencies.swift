package import OrcaDomain
package import OrcaStore

/// Makes a task wait for another one. A cycle is refused with its path; a late edge to a completed task holds nothing
/// back.
package enum AddDependency: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var dependsOn: WorkTask
        package var policy: Dependency.Policy

        package init(task: WorkTask, dependsOn: WorkTask, policy: Dependency.Policy) {
            self.task = task
            self.dependsOn = dependsOn
            self.policy = policy
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> WorkTask {
        let edge = Dependency(task: input.task.id, dependsOn: input.dependsOn.id, policy: input.policy)
        let known = try tx.dependencies.find(task: edge.task, dependsOn: edge.dependsOn)
        if known == edge { return input.task }
        guard !input.task.status.isFinished else {
            throw DomainError(
                .taskFinished, "\(input.task.ref) is already \(input.task.status.rawValue); it waits for nothing more.",
                details: ["task": input.task.ref])
        }
        if known == nil { try checkNew(edge, input, in: tx) }
        let wasOpen = known.map { !Dependency.isMet(by: input.dependsOn.status, $0.policy) } ?? false
        let isOpen = !Dependency.isMet(by: input.dependsOn.status, edge.policy)
        if known == nil { try tx.insert(edge) } else { try tx.setPolicy(edge) }
        return try DependencyCount.change(
            input.task, by: (isOpen ? 1 : 0) - (wasOpen ? 1 : 0), in: tx, context,
            ["depends_on": .text(input.dependsOn.ref), "policy": .text(edge.policy.rawValue)])
    }

    private static func checkNew(_ edge: Dependency, _ input: Input, in tx: any StoreTransaction) throws {
        let count = try tx.dependencies.dependencies(of: edge.task).count
        try Names.checkCount(count + 1, max: Limits.dependenciesPerTaskMax, field: "dependencies")
        let waiting = try tx.dependencies.dependents(of: edge.dependsOn, limit: Limits.dependentsPerTaskMax).count
        try Names.checkCount(waiting + 1, max: Limits.dependentsPerTaskMax, field: "dependents")
        let path = try CycleSearch.path(from: edge.dependsOn, to: edge.task) { id in
            try tx.dependencies.dependencies(of: id).map(\.dependsOn)
        }
        guard let path else { return }
        let refs = try ([edge.task] + path).map { try tx.tasks.find($0)?.ref ?? $0.text }
        let text = refs.joined(separator: " → ")
        throw DomainError(
            .dependencyCycle, "That would be a cycle: \(text). Remove one of these dependencies first.",
            details: ["path": text])
    }
}

/// Stops a task from waiting for another one.
package enum RemoveDependency: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var dependsOn: WorkTask

        package init(task: WorkTask, dependsOn: WorkTask) {
            self.task = task
            self.dependsOn = dependsOn
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> WorkTask {
        guard let edge = try tx.dependencies.find(task: input.task.id, dependsOn: input.dependsOn.id) else {
            throw DomainError(
                .dependencyNotFound, "\(input.task.ref) does not depend on \(input.dependsOn.ref).",
                details: ["task": input.task.ref, "depends_on": input.dependsOn.ref])
        }
        try tx.delete(edge)
        let wasOpen = !Dependency.isMet(by: input.dependsOn.status, edge.policy)
        return try DependencyCount.change(
            input.task, by: wasOpen ? -1 : 0, in: tx, context, ["no_longer_depends_on": .text(input.dependsOn.ref)])
    }
}

/// Writes a changed number of open dependencies, and what follows from it.
enum DependencyCount {
    static func change(
        _ task: WorkTask, by delta: Int, in tx: any StoreTransaction, _ context: CommandContext, _ data: EventData
    ) throws -> WorkTask {
        let ledger = Ledger(tx, context)
        var changed = task
        changed.openDependencies += delta
        let event = try ledger.recompute(&changed)
        try ledger.save(&changed, before: task)
        try ledger.record(.taskUpdated, changed, data)
        if let event { try ledger.record(event, changed) }
        return changed
    }
}
