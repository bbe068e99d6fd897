import OrcaDomain

/// How a task stands in its row: one list of columns for every query that reads tasks.
enum TaskRow {
    static let columns = """
        id, workspace_id, project_id, ref, number, title, status, priority, requirement, parent_id, not_before,
        backoff_until, queued, open_dependencies, open_gates, last_token, failures, retry, attempt_id, holder, plan,
        plan_key, created_by, version, created_at, updated_at, finished_at
        """

    static func read(_ row: any SQLRow) throws -> WorkTask {
        var task = WorkTask(
            id: TaskID(stored: row.text(0)), workspace: WorkspaceID(stored: row.text(1)),
            project: ProjectID(stored: row.text(2)), ref: row.text(3), number: row.int(4), title: row.text(5),
            createdBy: row.text(22), at: Timestamp(milliseconds: row.integer(24)))
        task.status = try TaskStatus.stored(row.text(6))
        task.priority = row.int(7)
        task.requirement = row.integer(8)
        task.parent = row.optionalText(9).map { TaskID(stored: $0) }
        task.notBefore = row.optionalInteger(10).map { Timestamp(milliseconds: $0) }
        task.backoffUntil = row.optionalInteger(11).map { Timestamp(milliseconds: $0) }
        task.isQueued = row.flag(12)
        task.openDependencies = row.int(13)
        task.openGates = row.int(14)
        task.lastToken = row.integer(15)
        task.failures = row.int(16)
        task.retry = TextCodec.retry(row.optionalText(17))
        task.attempt = row.optionalText(18).map { AttemptID(stored: $0) }
        task.holder = row.text(19)
        task.plan = row.text(20)
        task.planKey = row.text(21)
        task.version = row.int(23)
        task.updatedAt = Timestamp(milliseconds: row.integer(25))
        task.finishedAt = row.optionalInteger(26).map { Timestamp(milliseconds: $0) }
        return task
    }

    static func insertParameters(_ task: WorkTask) -> [SQLValue] {
        [
            .text(task.id.text), .text(task.workspace.text), .text(task.project.text), .text(task.ref),
            .integer(task.number), .text(task.title), .text(task.status.rawValue), .integer(task.priority),
            .integer(task.requirement), .optional(task.parent?.text), .optional(task.notBefore?.milliseconds),
            .optional(task.backoffUntil?.milliseconds), .flag(task.isQueued), .integer(task.openDependencies),
            .integer(task.openGates), .integer(task.lastToken), .integer(task.failures), TextCodec.encode(task.retry),
            .optional(task.attempt?.text), .text(task.holder), .text(task.plan), .text(task.planKey),
            .text(task.createdBy), .integer(task.version), .integer(task.createdAt.milliseconds),
            .integer(task.updatedAt.milliseconds), .optional(task.finishedAt?.milliseconds),
        ]
    }

    /// What changes while a task is worked on; the first 13 parameters of both updates.
    static func lifecycleParameters(_ task: WorkTask) -> [SQLValue] {
        [
            .text(task.id.text), .text(task.status.rawValue), .optional(task.backoffUntil?.milliseconds),
            .flag(task.isQueued), .integer(task.openDependencies), .integer(task.openGates),
            .integer(task.lastToken), .integer(task.failures), .optional(task.attempt?.text), .text(task.holder),
            .integer(task.version), .integer(task.updatedAt.milliseconds), .optional(task.finishedAt?.milliseconds),
        ]
    }

    static func wordingParameters(_ task: WorkTask) -> [SQLValue] {
        [
            .text(task.title), .integer(task.priority), .integer(task.requirement), .optional(task.parent?.text),
            .optional(task.notBefore?.milliseconds), TextCodec.encode(task.retry), .text(task.plan),
            .text(task.planKey),
        ]
    }

    /// Whether only lifecycle columns differ, so that the cheaper update will do.
    static func isLifecycleChange(_ task: WorkTask, _ before: WorkTask) -> Bool {
        task.title == before.title && task.priority == before.priority && task.requirement == before.requirement
            && task.parent == before.parent && task.notBefore == before.notBefore && task.retry == before.retry
            && task.plan == before.plan && task.planKey == before.planKey
    }
}
