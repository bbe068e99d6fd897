package import OrcaDomain
import OrcaStore

extension SQLSession {
    private static let insertTask = SQL(
        """
        INSERT INTO tasks (\(TaskRow.columns))
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
            ?23, ?24, ?25, ?26, ?27)
        """)
    private static let lifecycle = """
        status = ?2, backoff_until = ?3, queued = ?4, open_dependencies = ?5, open_gates = ?6, last_token = ?7,
        failures = ?8, attempt_id = ?9, holder = ?10, version = ?11, updated_at = ?12, finished_at = ?13
        """
    static let saveLifecycle = SQL("UPDATE tasks SET \(lifecycle) WHERE id = ?1 AND version = ?11 - 1")
    private static let saveAll = SQL(
        """
        UPDATE tasks SET \(lifecycle), title = ?14, priority = ?15, requirement = ?16, parent_id = ?17,
            not_before = ?18, retry = ?19, plan = ?20, plan_key = ?21
        WHERE id = ?1 AND version = ?11 - 1
        """)
    private static let insertBody = SQL(
        """
        INSERT INTO task_bodies (task_id, spec, labels, contract, context, inherited_context, result, error, branch,
            commit_id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """)
    private static let saveBody = SQL(
        """
        UPDATE task_bodies SET spec = ?2, labels = ?3, contract = ?4, context = ?5, inherited_context = ?6,
            result = ?7, error = ?8, branch = ?9, commit_id = ?10
        WHERE task_id = ?1
        """)
    private static let deleteParts = [
        SQL("DELETE FROM dependencies WHERE task_id = ?1"),
        SQL("DELETE FROM attempts WHERE task_id = ?1"),
        SQL("DELETE FROM task_bodies WHERE task_id = ?1"),
        SQL("DELETE FROM gates WHERE task_id = ?1"),
        SQL("DELETE FROM dispatches WHERE task_id = ?1"),
        SQL("DELETE FROM run_tasks WHERE task_id = ?1"),
        SQL("DELETE FROM tasks WHERE id = ?1"),
    ]

    package func insert(_ task: WorkTask, _ body: TaskBody) throws {
        if task.isQueued { db.memory?.queue.grew() }
        try db.post(Self.insertTask, TaskRow.insertParameters(task))
        try db.post(Self.insertBody, bodyParameters(body, task.id))
        try count(task.project, from: nil, to: task.status)
    }

    package func save(_ task: WorkTask, before: WorkTask) throws {
        if task.isQueued {
            db.memory?.queue.grew()
        } else if before.isQueued {
            db.memory?.queue.left(task)
        }
        if TaskRow.isLifecycleChange(task, before) {
            try updateOne(Self.saveLifecycle, TaskRow.lifecycleParameters(task), "task \(task.ref)")
        } else {
            try updateOne(
                Self.saveAll, TaskRow.lifecycleParameters(task) + TaskRow.wordingParameters(task), "task \(task.ref)")
        }
        if task.status != before.status { try count(task.project, from: before.status, to: task.status) }
    }

    package func save(_ body: TaskBody, of task: TaskID) throws {
        try updateOne(Self.saveBody, bodyParameters(body, task), "task \(task)")
    }

    package func delete(_ task: WorkTask) throws {
        db.memory?.queue.left(task)
        for statement in Self.deleteParts { try db.post(statement, [.text(task.id.text)]) }
        try count(task.project, from: task.status, to: nil)
    }

    private func bodyParameters(_ body: TaskBody, _ task: TaskID) -> [SQLValue] {
        [
            .text(task.text), .text(body.spec), .text(TextCodec.encode(body.labels)),
            .text(TextCodec.encode(body.contract)), .text(TextCodec.encode(body.context)),
            .text(TextCodec.encode(body.inheritedContext)), .text(body.result), .text(body.error),
            .text(body.branch), .text(body.commit),
        ]
    }
}

// MARK: - Counts and requirements

extension SQLSession {
    private static let addCounts = SQL(
        """
        UPDATE project_counts SET pending = pending + ?2, ready = ready + ?3, dispatched = dispatched + ?4,
            blocked = blocked + ?5, completed = completed + ?6, failed = failed + ?7, canceled = canceled + ?8
        WHERE project_id = ?1
        """)
    private static let findRequirement = SQL("SELECT id FROM requirements WHERE canonical = ?1")
    private static let insertRequirement = SQL(
        """
        INSERT INTO requirements (canonical, tags, capabilities, assignee) VALUES (?1, ?2, ?3, ?4) RETURNING id
        """)

    /// Counts are kept in a row of their own: a limit check or a summary never counts a table.
    private func count(_ project: ProjectID, from: TaskStatus?, to: TaskStatus?) throws {
        if let memory = db.memory {
            guard var counts = try SQLProjects.numbers(of: project, in: db) else {
                throw StoreError.staleWrite("counts of project \(project)")
            }
            for (index, status) in TaskStatus.allCases.enumerated() {
                counts[index] += (status == to ? 1 : 0) - (status == from ? 1 : 0)
            }
            return memory.setCounts(of: project.text, to: counts)
        }
        var parameters: [SQLValue] = [.text(project.text)]
        for status in TaskStatus.allCases {
            parameters.append(.integer((status == to ? 1 : 0) - (status == from ? 1 : 0)))
        }
        try updateOne(Self.addCounts, parameters, "counts of project \(project)")
    }

    package func requirementRow(for requirement: Requirement) throws -> Int64 {
        // Most tasks ask for nothing: row 0 stands for that and need not be stored.
        if requirement == .none { return 0 }
        let tags = TextCodec.encode(requirement.tags)
        let capabilities = TextCodec.encode(requirement.capabilities.map(\.text))
        let canonical = TextCodec.encode([tags, capabilities, requirement.assignee])
        if let found = try db.first(Self.findRequirement, [.text(canonical)], { $0.integer(0) }) { return found }
        let made = try db.first(
            Self.insertRequirement,
            [.text(canonical), .text(tags), .text(capabilities), .text(requirement.assignee)]
        ) { $0.integer(0) }
        guard let made else { throw StoreError.failed("a requirement row could not be made") }
        return made
    }
}
