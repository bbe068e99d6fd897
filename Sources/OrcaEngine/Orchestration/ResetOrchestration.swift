package import OrcaDomain
package import OrcaStore

/// Clears the board: a workspace's mail, a project's tasks, or both. What is alive is ended first, so that nobody goes
/// on working on what is not there any more: runs are stopped, attempts canceled, gates closed. All of it or nothing.
package enum ResetOrchestration: Command {
    package enum Scope: String, Sendable, Hashable, CaseIterable {
        case all
        case tasks
        case messages
    }

    package struct Input: Sendable {
        package var workspace: WorkspaceID
        /// Whose tasks go; `nil` when there is no such project yet.
        package var project: Project?
        package var scope: Scope

        package init(workspace: WorkspaceID, project: Project?, scope: Scope) {
            self.workspace = workspace
            self.project = project
            self.scope = scope
        }
    }

    package struct Output: Sendable, Hashable {
        package var messages = 0
        package var tasks = 0
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Output {
        guard context.actor.scope != .worker else {
            throw DomainError(.permissionDenied, "A worker may not reset what others work on. Ask its coordinator.")
        }
        var output = Output()
        let ledger = Ledger(tx, context)
        if let project = input.project, input.scope != .messages {
            output.tasks = try clear(project, ledger)
        }
        if input.scope != .tasks { output.messages = try tx.deleteMessages(of: input.workspace) }
        try ledger.record(
            .orchestrationReset, workspace: input.workspace, entity: input.project?.id.text ?? input.workspace.text,
            [
                "scope": .text(input.scope.rawValue), "messages": .number(Int64(output.messages)),
                "tasks": .number(Int64(output.tasks)),
            ])
        return output
    }

    private static func clear(_ project: Project, _ ledger: Ledger) throws -> Int {
        let tx = ledger.tx
        for run in try tx.runs.live(in: project.workspace) where run.project == project.id {
            _ = try EndRun.run(
                EndRun.Input(run: run, trigger: .stopped, report: "Stopped by a reset."), in: tx, ledger.context)
        }
        let tasks = try all(of: project, in: tx)
        for task in tasks where !task.status.isFinished {
            guard let current = try tx.tasks.find(task.id), !current.status.isFinished else { continue }
            _ = try CancelTask.run(CancelTask.Input(task: current, reason: "reset"), in: tx, ledger.context)
        }
        // Children and dependents are younger than what they belong to.
        for task in tasks.reversed() {
            guard let current = try tx.tasks.find(task.id) else { continue }
            try tx.delete(current)
            try ledger.record(.taskDeleted, current, ["title": .text(current.title)])
        }
        return tasks.count
    }

    private static func all(of project: Project, in store: any StoreReader) throws -> [WorkTask] {
        var filter = TaskFilter(workspace: project.workspace)
        filter.project = project.id
        var tasks: [WorkTask] = []
        var after: String?
        repeat {
            let page = try store.tasks.page(filter, PageRequest(limit: Limits.pageRowsMax, after: after))
            tasks += page.rows
            try Names.checkCount(tasks.count, max: Limits.runTasksMax, field: "tasks")
            after = page.next
        } while after != nil
        return tasks
    }
}
