package import OrcaDomain
package import OrcaStore

/// Moves a live run to another phase. Nothing happens when it is there already, or has ended.
package enum MoveRun: Command {
    package struct Input: Sendable {
        package var run: RunID
        package var phase: CoordinatorRun.Phase

        package init(run: RunID, phase: CoordinatorRun.Phase) {
            self.run = run
            self.phase = phase
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> CoordinatorRun? {
        guard var run = try tx.runs.find(input.run), run.status == .running else { return nil }
        guard run.phase != input.phase else { return run }
        run.phase = input.phase
        run.version += 1
        try tx.save(run)
        try Ledger(tx, context).record(
            .runChanged, workspace: run.workspace, entity: run.id.text, ["phase": .text(run.phase.rawValue)])
        return run
    }
}

/// Ends a run. Ending twice is the same as once. What its workers do goes on: their attempts are theirs.
package enum EndRun: Command {
    package struct Input: Sendable {
        package var run: CoordinatorRun
        package var trigger: RunTrigger
        package var report: String
        /// Cancel the live attempts' tasks as well.
        package var cancelsWork = false

        package init(run: CoordinatorRun, trigger: RunTrigger, report: String) {
            self.run = run
            self.trigger = trigger
            self.report = report
        }
    }

    private static let reportBytesMax = 64 << 10

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> CoordinatorRun {
        guard case .to(let status) = input.run.status.on(input.trigger) else { return input.run }
        var run = input.run
        run.status = status
        if status == .completed { run.phase = .done }
        run.report =
            input.report.utf8.count <= reportBytesMax ? input.report : String(input.report.prefix(reportBytesMax / 4))
        run.completedAt = context.now
        run.version += 1
        try tx.save(run)
        try Ledger(tx, context).record(
            .runEnded, workspace: run.workspace, entity: run.id.text,
            ["status": .text(run.status.rawValue), "report": .text(String(run.report.prefix(2_000)))])
        guard input.cancelsWork else { return run }
        for task in try tx.runs.tasks(of: run.id, limit: Limits.runTasksMax) where task.status == .dispatched {
            guard let current = try tx.tasks.find(task.id) else { continue }
            _ = try CancelTask.run(
                CancelTask.Input(task: current, reason: "the run \(run.id) was stopped"), in: tx, context)
        }
        return run
    }
}

/// Takes tasks into a run that came up while it works: children of its tasks, what depends on them, and what its
/// coordinator made. Answers how many there were.
package enum GrowRun: Command {
    package struct Input: Sendable {
        package var run: CoordinatorRun
        /// Only tasks made after this one are looked at.
        package var after: TaskID?

        package init(run: CoordinatorRun, after: TaskID?) {
            self.run = run
            self.after = after
        }
    }

    package struct Output: Sendable {
        package var taken: Int
        /// The newest task that was looked at.
        package var last: TaskID?
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Output {
        var filter = TaskFilter(workspace: input.run.workspace)
        filter.project = input.run.project
        let page = try tx.tasks.page(filter, PageRequest(limit: Limits.pageRowsMax, after: input.after?.text))
        var output = Output(taken: 0, last: page.rows.last?.id ?? input.after)
        for task in page.rows where !task.status.isFinished {
            guard try tx.runs.run(of: task.id) == nil, try belongs(task, to: input.run, in: tx) else { continue }
            try tx.put(task.id, into: input.run.id)
            output.taken += 1
        }
        if page.next != nil { output.last = page.rows.last?.id }
        return output
    }

    private static func belongs(_ task: WorkTask, to run: CoordinatorRun, in tx: any StoreTransaction) throws -> Bool {
        if let parent = task.parent, try tx.runs.run(of: parent) == run.id { return true }
        if !run.coordinator.isEmpty, task.createdBy == run.coordinator { return true }
        return try tx.dependencies.dependencies(of: task.id).contains { try tx.runs.run(of: $0.dependsOn) == run.id }
    }
}
