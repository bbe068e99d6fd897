package import OrcaDomain
package import OrcaStore

/// Sets a task's status by hand. Recorded with the actor; ends a live attempt and kills its token. `pending` and
/// `ready` both reopen the task: which of the two it is, its conditions decide.
package enum OverrideTask: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var status: TaskStatus
        package var reason: String
        package var result: String

        package init(task: WorkTask, status: TaskStatus, reason: String, result: String) {
            self.task = task
            self.status = status
            self.reason = reason
            self.result = result
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> WorkTask {
        try Names.checkLength(input.reason, max: Limits.reasonBytesMax, field: "reason")
        try Names.checkLength(input.result, max: Limits.resultBytesMax, field: "result")
        let ledger = Ledger(tx, context)
        var task = input.task
        // Whoever sets a status by hand has decided what the gates asked.
        try GateKeeper(ledger).cancelOpen(of: &task, why: "the task was set to \(input.status.rawValue) by hand")
        let wanted = try reachable(input.status, task, at: context.now)
        guard try ledger.move(&task, on: .overridden(to: wanted), verb: "set to \(input.status.rawValue)") else {
            return task
        }
        let why = input.reason.isEmpty ? "overridden by \(context.actor.name)" : input.reason
        try AttemptEnd(ledger).endIfHeld(&task, as: .canceled, error: why)
        task.failures = 0
        task.backoffUntil = nil
        try ledger.save(&task, before: input.task)
        if !input.result.isEmpty {
            var body = try Lookup(tx).body(of: task.id)
            body.result = input.result
            try tx.save(body, of: task.id)
        }
        try ledger.record(
            .taskOverridden, task, ["from": .text(input.task.status.rawValue), "reason": .text(why)])
        try Dependents(ledger).follow(task, from: input.task.status)
        return task
    }

    private static func reachable(_ wanted: TaskStatus, _ task: WorkTask, at now: Timestamp) throws -> TaskStatus {
        switch wanted {
        case .pending:
            return task.conditionsHold(at: now) ? .ready : .pending
        case .ready:
            guard task.conditionsHold(at: now) else {
                throw DomainError(
                    .invalidTransition,
                    "\(task.ref) cannot be set to ready: it waits for dependencies, a gate or its start time. Remove "
                        + "those first ('orca explain \(task.ref)'), or set it to pending.",
                    details: ["task": task.ref])
            }
            return .ready
        case .dispatched, .blocked, .completed, .failed, .canceled:
            return wanted
        }
    }
}
