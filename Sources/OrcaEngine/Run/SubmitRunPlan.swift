package import OrcaDomain
package import OrcaStore

/// Takes the plan that a run waits for: makes its tasks, puts them into the run's scope, and has them wait for an
/// approval unless the run's starter gave it beforehand. Handing in the same plan again changes what changed.
package enum SubmitRunPlan: Command {
    package struct Input: Sendable {
        package var run: CoordinatorRun
        package var plan: PlanSpec

        package init(run: CoordinatorRun, plan: PlanSpec) {
            self.run = run
            self.plan = plan
        }
    }

    package static let approve = "approve"
    package static let reject = "reject"

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> CoordinatorRun {
        var run = input.run
        guard run.status == .running, run.planTask != nil, run.phase == .decomposing else {
            throw DomainError(
                .invalidTransition,
                "The run \(run.id) waits for no plan: it is \(run.status.rawValue) (\(run.phase.rawValue)).",
                details: ["run": run.id.text, "status": run.status.rawValue])
        }
        guard !input.plan.items.isEmpty else {
            throw DomainError(.planInvalid, "The plan has no tasks.", details: ["run": run.id.text])
        }
        guard let project = try tx.projects.find(run.project) else {
            throw StoreError.corrupt("the project of the run \(run.id) is missing")
        }
        let entries = try ImportPlan.run(ImportPlan.Input(project: project, plan: input.plan), in: tx, context)
        for entry in entries { try tx.put(entry.task.id, into: run.id) }
        if run.settings.approvesPlan {
            run.phase = .dispatching
        } else {
            let approval = try approvalTask(of: &run, input.plan, project, in: tx, context)
            try hold(entries, until: approval, in: tx, context)
        }
        run.version += 1
        try tx.save(run)
        try Ledger(tx, context).record(
            .runChanged, workspace: run.workspace, entity: run.id.text,
            [
                "phase": .text(run.phase.rawValue), "plan": .text(input.plan.name),
                "tasks": .number(Int64(entries.count)),
            ])
        return run
    }

    private static func approvalTask(
        of run: inout CoordinatorRun, _ plan: PlanSpec, _ project: Project, in tx: any StoreTransaction,
        _ context: CommandContext
    ) throws -> WorkTask {
        if let known = run.approvalTask, let task = try tx.tasks.find(known) {
            // Handed in once more: what is to be decided is the new plan.
            for var gate in try tx.gates.all(of: known, limit: 1) where gate.status == .pending {
                gate.question = question(about: plan)
                try tx.save(gate)
            }
            return task
        }
        var draft = TaskDraft(title: "Approve the plan '\(plan.name.prefix(100))'")
        draft.spec = "The tasks of the plan wait for this decision."
        draft.assignee = run.id.text  // nobody but the run itself may take it
        let task = try CreateTask.run(CreateTask.Input(project: project, draft: draft), in: tx, context)
        try tx.put(task.id, into: run.id)
        var gate = OpenGate.Input(task: task, question: question(about: plan))
        gate.options = [approve, reject]
        gate.audience = .user
        gate.run = run.id
        _ = try OpenGate.run(gate, in: tx, context)
        run.approvalTask = task.id
        return try tx.tasks.find(task.id) ?? task
    }

    private static let titlesMax = 20

    private static func question(about plan: PlanSpec) -> String {
        let shown = plan.items.prefix(titlesMax).map { item in
            let before = item.dependencies.map(\.key).joined(separator: ", ")
            return item.draft.title + (before.isEmpty ? "" : " (after \(before))")
        }
        let rest = plan.items.count > titlesMax ? "; and \(plan.items.count - titlesMax) more" : ""
        return "Carry out the plan '\(plan.name)' with its \(plan.items.count) tasks? "
            + shown.joined(separator: "; ") + rest + ". 'orca graph' draws them."
    }

    /// What could begin at once waits for the approval; the rest waits for that anyway.
    private static func hold(
        _ entries: [ImportPlan.Entry], until approval: WorkTask, in tx: any StoreTransaction,
        _ context: CommandContext
    ) throws {
        for entry in entries {
            guard let task = try tx.tasks.find(entry.task.id), !task.status.isFinished else { continue }
            guard try tx.dependencies.dependencies(of: task.id).isEmpty else { continue }
            _ = try AddDependency.run(
                AddDependency.Input(task: task, dependsOn: approval, policy: .block), in: tx, context)
        }
    }
}
