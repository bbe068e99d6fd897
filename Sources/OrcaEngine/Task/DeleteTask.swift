package import OrcaDomain
package import OrcaStore

/// Deletes a task that nothing depends on, that has no children and that nobody works on.
package enum DeleteTask: Command {
    package static func run(_ task: WorkTask, in tx: any StoreTransaction, _ context: CommandContext) throws {
        if task.status == .dispatched {
            throw DomainError(
                .inUse, "\(task.ref) is held by \(task.holder). Cancel it first: 'orca cancel \(task.ref)'.",
                details: ["task": task.ref, "holder": task.holder])
        }
        let waiting = try tx.dependencies.dependents(of: task.id, limit: 3).compactMap {
            try tx.tasks.find($0.task)?.ref
        }
        guard waiting.isEmpty else {
            throw DomainError(
                .inUse,
                "\(waiting.joined(separator: ", ")) depend\(waiting.count == 1 ? "s" : "") on \(task.ref). Remove the "
                    + "dependency first, or cancel \(task.ref) instead of deleting it.",
                details: ["task": task.ref, "dependents": waiting.joined(separator: ", ")])
        }
        if let child = try tx.tasks.children(of: task.id).first {
            throw DomainError(
                .inUse, "\(task.ref) is the parent of \(child.ref). Delete its children first.",
                details: ["task": task.ref, "child": child.ref])
        }
        try tx.delete(task)
        try Ledger(tx, context).record(.taskDeleted, task, ["title": .text(task.title)])
    }
}
