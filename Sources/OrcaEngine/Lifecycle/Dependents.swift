import OrcaDomain
import OrcaStore

/// Carries a change of status to the tasks that wait for it, in the same transaction.
struct Dependents {
    let ledger: Ledger

    init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    /// One task whose status has changed and was saved.
    private struct Change {
        var id: TaskID
        var ref: String
        var from: TaskStatus
        var to: TaskStatus
    }

    func follow(_ task: WorkTask, from old: TaskStatus) throws {
        guard task.status != old else { return }
        var changes = [Change(id: task.id, ref: task.ref, from: old, to: task.status)]
        // A cancellation can run down a chain; every task is canceled at most once, so this ends.
        while let change = changes.popLast() {
            let waiting = try ledger.tx.dependencies.dependents(of: change.id, limit: Limits.dependentsPerTaskMax)
            for edge in waiting {
                if let next = try apply(change, to: edge) { changes.append(next) }
            }
        }
    }

    private func apply(_ change: Change, to edge: Dependency) throws -> Change? {
        let wasMet = Dependency.isMet(by: change.from, edge.policy)
        let isMet = Dependency.isMet(by: change.to, edge.policy)
        let cancels = edge.policy == .cancel && (change.to == .failed || change.to == .canceled)
        guard wasMet != isMet || cancels, let before = try ledger.tx.tasks.find(edge.task) else { return nil }
        var task = before
        if wasMet != isMet { task.openDependencies += isMet ? -1 : 1 }
        if cancels, !task.status.isFinished {
            return try cancel(task, before: before, because: change)
        }
        let event = try ledger.recompute(&task)
        try ledger.save(&task, before: before)
        if let event { try ledger.record(event, task, ["because": .text(change.ref)]) }
        return nil
    }

    private func cancel(_ waiting: WorkTask, before: WorkTask, because change: Change) throws -> Change {
        var task = waiting
        let why = "\(change.ref), which it depends on, was \(change.to.rawValue)"
        try AttemptEnd(ledger).endIfHeld(&task, as: .canceled, error: why)
        try GateKeeper(ledger).cancelOpen(of: &task, why: why)
        _ = try ledger.move(&task, on: .canceled, verb: "canceled")
        try ledger.save(&task, before: before)
        try ledger.record(.taskCanceled, task, ["reason": .text(why), "because": .text(change.ref)])
        return Change(id: task.id, ref: task.ref, from: before.status, to: task.status)
    }
}
