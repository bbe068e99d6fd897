package import OrcaDomain
package import OrcaStore

/// Changes what a task says. Its status follows from that; nobody sets it here.
package enum UpdateTask: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        /// The task as it shall read.
        package var draft: TaskDraft
        package var expectedVersion: Int?

        package init(task: WorkTask, draft: TaskDraft, expectedVersion: Int? = nil) {
            self.task = task
            self.draft = draft
            self.expectedVersion = expectedVersion
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> WorkTask {
        try VersionCheck.check(input.task.version, expected: input.expectedVersion, what: input.task.ref)
        try input.draft.check()
        let ledger = Ledger(tx, context)
        var task = input.task
        task.title = input.draft.title
        task.priority = input.draft.priority
        task.requirement = try tx.requirementRow(for: try input.draft.requirement())
        task.notBefore = input.draft.notBefore
        task.retry = input.draft.retry
        let before = try Lookup(tx).body(of: task.id)
        var body = before
        body.spec = input.draft.spec
        body.labels = Set(input.draft.labels).sorted()
        body.contract = input.draft.contract
        body.context = input.draft.context
        guard task != input.task || body != before else { return task }
        // A change of the texts alone is a new version too.
        if task == input.task { task.updatedAt = context.now.adding(milliseconds: 1) }
        let event = try ledger.recompute(&task)
        try ledger.save(&task, before: input.task)
        if body != before { try tx.save(body, of: task.id) }
        if body.context != before.context { try Family(tx).spreadContext(from: task, in: tx) }
        try ledger.record(.taskUpdated, task, ["title": .text(task.title)])
        if let event { try ledger.record(event, task) }
        return task
    }

    /// What the task says now, as the draft to change.
    package static func draft(of task: WorkTask, in store: any StoreReader) throws -> TaskDraft {
        let lookup = Lookup(store)
        let body = try lookup.body(of: task.id)
        let requirement = try lookup.requirement(of: task)
        var draft = TaskDraft(title: task.title)
        draft.spec = body.spec
        draft.priority = task.priority
        draft.tags = requirement.tags
        draft.capabilities = requirement.capabilities.map(\.text)
        draft.assignee = requirement.assignee
        draft.labels = body.labels
        draft.notBefore = task.notBefore
        draft.retry = task.retry
        draft.contract = body.contract
        draft.context = body.context
        return draft
    }
}
