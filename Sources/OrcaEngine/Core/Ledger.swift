import OrcaDomain
import OrcaStore

/// The pen that use cases write tasks with: keeps version, times and queue right, and tells the event log.
struct Ledger {
    let tx: any StoreTransaction
    let context: CommandContext

    init(_ tx: any StoreTransaction, _ context: CommandContext) {
        self.tx = tx
        self.context = context
    }

    /// Applies a trigger. False when there was nothing to do; throws `invalid_transition` when it is refused.
    func move(_ task: inout WorkTask, on trigger: TaskTrigger, verb: String) throws -> Bool {
        switch task.status.on(trigger) {
        case .to(let status):
            task.status = status
            task.finishedAt = status.isFinished ? context.now : nil
            return true
        case .unchanged:
            return false
        case .rejected(let why):
            throw DomainError(
                .invalidTransition,
                "\(task.ref) cannot be \(verb): \(why). 'orca explain \(task.ref)' tells more.",
                details: ["task": task.ref, "status": task.status.rawValue])
        }
    }

    /// Brings `pending` and `ready` in line with the conditions. Answers the event that says so, if it moved.
    func recompute(_ task: inout WorkTask) throws -> EventType? {
        let holds = task.conditionsHold(at: context.now)
        if holds, task.status == .pending, try move(&task, on: .conditionsMet, verb: "made ready") {
            return .taskReady
        }
        if !holds, task.status == .ready, try move(&task, on: .conditionsLost, verb: "made to wait") {
            return .taskWaiting
        }
        return nil
    }

    /// Saves what differs, under the next version; a task that did not change is not written.
    func save(_ task: inout WorkTask, before: WorkTask) throws {
        task.isQueued = task.isClaimable(at: context.now)
        guard task != before else { return }
        task.version = before.version + 1
        task.updatedAt = context.now
        try tx.save(task, before: before)
    }

    func record(_ type: EventType, _ task: WorkTask, _ data: EventData = [:]) throws {
        try record(type, workspace: task.workspace, entity: task.id.text, Self.image(of: task).with(data))
    }

    func record(_ type: EventType, workspace: WorkspaceID, entity: String, _ data: EventData) throws {
        try tx.append(
            EventDraft(
                workspace: workspace, type: type, entityID: entity, at: context.now, actor: context.actor.name,
                operation: context.operation, requestID: context.requestID,
                idempotencyKey: context.idempotencyKey, data: data))
    }

    /// What every task event carries: enough to rebuild where all tasks stand by replaying the log.
    private static func image(of task: WorkTask) -> EventData {
        [
            "ref": .text(task.ref), "status": .text(task.status.rawValue), "version": .number(Int64(task.version)),
            "token": .number(task.lastToken), "failures": .number(Int64(task.failures)),
            "holder": .text(task.holder),
        ]
    }
}

extension EventData {
    fileprivate func with(_ other: EventData) -> EventData { EventData(fields + other.fields) }
}
