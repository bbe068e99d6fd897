import OrcaDomain
import OrcaStore

/// Opens and closes gates together with what they do to their task. The only place that writes `openGates`.
struct GateKeeper {
    let ledger: Ledger

    init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    /// Blocks the task; a live attempt ends as `gated`.
    func open(_ gate: Gate, on before: WorkTask) throws -> WorkTask {
        var task = before
        guard task.openGates < Limits.openGatesPerTaskMax else {
            throw DomainError(
                .limitExceeded,
                "\(task.ref) already has \(task.openGates) open gates, the most there can be. Resolve one first: "
                    + "'orca gates'.",
                details: ["task": task.ref, "limit": String(Limits.openGatesPerTaskMax)])
        }
        if task.status == .dispatched {
            try AttemptEnd(ledger).endIfHeld(
                &task, as: .gated, error: "waits for a decision: \(gate.question.prefix(200))")
        }
        _ = try ledger.move(&task, on: .gateOpened, verb: "blocked")
        task.openGates += 1
        task.backoffUntil = nil
        try ledger.save(&task, before: before)
        try ledger.tx.insert(gate)
        try ledger.record(
            .gateOpened, task,
            [
                "gate": .text(gate.id.text), "question": .text(String(gate.question.prefix(500))),
                "options": .texts(gate.options), "audience": .text(gate.audience.rawValue),
            ])
        return task
    }

    /// Closes one gate; with the last one the task goes on.
    func close(_ open: Gate, on trigger: GateTrigger, resolution: String, by: String) throws -> Gate {
        var gate = open
        switch gate.status.on(trigger) {
        case .to(let status): gate.status = status
        case .unchanged: return gate
        case .rejected(let why):
            throw DomainError(
                .gateClosed,
                "The gate \(gate.id) cannot be resolved: \(why)"
                    + (gate.resolution.isEmpty ? "." : " with '\(gate.resolution.prefix(100))'."),
                details: ["gate": gate.id.text, "status": gate.status.rawValue, "resolution": gate.resolution])
        }
        gate.resolution = resolution
        gate.resolvedBy = by
        gate.resolvedAt = ledger.context.now
        try ledger.tx.save(gate)
        guard let before = try ledger.tx.tasks.find(gate.task) else {
            throw StoreError.corrupt("the task of the gate \(gate.id) is missing")
        }
        var task = before
        task.openGates -= 1
        if task.openGates == 0 {
            _ = try ledger.move(
                &task, on: .lastGateClosed(conditionsHold: task.conditionsHold(at: ledger.context.now)),
                verb: "unblocked")
        }
        try ledger.save(&task, before: before)
        try ledger.record(
            trigger == .timedOut ? .gateTimedOut : .gateResolved, task,
            [
                "gate": .text(gate.id.text), "resolution": .text(String(resolution.prefix(500))), "by": .text(by),
            ])
        try Dependents(ledger).follow(task, from: before.status)
        try answerMail(gate)
        return gate
    }

    /// Whoever asked by mail is answered by mail, in the same thread.
    private func answerMail(_ gate: Gate) throws {
        guard let id = gate.message, let asked = try ledger.tx.messages.find(id) else { return }
        var answer = Notify.Input(
            workspace: gate.workspace, from: asked.to, to: asked.from, subject: "Re: \(asked.subject)")
        answer.body = gate.resolution
        answer.thread = asked.thread.isEmpty ? asked.id.text : asked.thread
        _ = try Notify.run(answer, in: ledger.tx, ledger.context)
    }

    /// What is left to decide when the task is finished or changed by hand: nothing. The caller moves and saves it.
    func cancelOpen(of task: inout WorkTask, why: String) throws {
        guard task.openGates > 0 else { return }
        for open in try ledger.tx.gates.all(of: task.id, limit: .max) where open.status == .pending {
            var gate = open
            guard case .to(let status) = gate.status.on(.taskLeft) else { continue }
            gate.status = status
            gate.resolvedBy = ledger.context.actor.name
            gate.resolvedAt = ledger.context.now
            try ledger.tx.save(gate)
            try ledger.record(
                .gateCanceled, workspace: task.workspace, entity: task.id.text,
                ["ref": .text(task.ref), "gate": .text(gate.id.text), "reason": .text(why)])
        }
        task.openGates = 0
    }
}
