import OrcaDomain
import OrcaStore

struct SQLTasks: TaskCollection {
    let db: any SQLConnection

    private static let columns = TaskRow.columns
    static let byID = SQL("SELECT \(columns) FROM tasks WHERE id = ?1")
    static let byRef = SQL("SELECT \(columns) FROM tasks WHERE workspace_id = ?1 AND ref = ?2")
    static let byPlan = SQL(
        "SELECT \(columns) FROM tasks WHERE project_id = ?1 AND plan = ?2 AND plan_key = ?3 AND plan_key <> ''")
    static let byParent = SQL("SELECT \(columns) FROM tasks WHERE parent_id = ?1 ORDER BY id")
    private static let bodyByID = SQL(
        """
        SELECT spec, labels, contract, context, inherited_context, result, error, branch, commit_id
        FROM task_bodies WHERE task_id = ?1
        """)
    private static let requirementByID = SQL("SELECT tags, capabilities, assignee FROM requirements WHERE id = ?1")

    func find(_ id: TaskID) throws -> WorkTask? {
        try db.first(Self.byID, [.text(id.text)], TaskRow.read)
    }

    func find(ref: String, in workspace: WorkspaceID) throws -> WorkTask? {
        try db.first(Self.byRef, [.text(workspace.text), .text(ref)], TaskRow.read)
    }

    func find(plan: String, key: String, in project: ProjectID) throws -> WorkTask? {
        try db.first(Self.byPlan, [.text(project.text), .text(plan), .text(key)], TaskRow.read)
    }

    func children(of parent: TaskID) throws -> [WorkTask] {
        try db.query(Self.byParent, [.text(parent.text)], TaskRow.read)
    }

    func body(_ id: TaskID) throws -> TaskBody? {
        try db.first(Self.bodyByID, [.text(id.text)]) { row in
            var body = TaskBody(
                spec: row.text(0), labels: try TextCodec.words(row.text(1)),
                contract: try TextCodec.contract(row.text(2)), context: try TextCodec.pairs(row.text(3)),
                inheritedContext: try TextCodec.pairs(row.text(4)))
            body.result = row.text(5)
            body.error = row.text(6)
            body.branch = row.text(7)
            body.commit = row.text(8)
            return body
        }
    }

    func requirement(_ row: Int64) throws -> Requirement? {
        if row == 0 { return Requirement.none }
        return try db.first(Self.requirementByID, [.integer(row)]) { row in
            Requirement(
                tags: try TextCodec.words(row.text(0)),
                capabilities: try TextCodec.words(row.text(1)).compactMap { CapabilityConstraint($0) },
                assignee: row.text(2))
        }
    }
}

// MARK: - The claim queue

extension SQLTasks {
    /// The status stands in the text, never as a parameter, or the partial index could not be used.
    static let nextRequirement = SQL(
        """
        SELECT requirement FROM tasks
        WHERE workspace_id = ?1 AND project_id = ?2 AND requirement > ?3 AND queued = 1
        ORDER BY requirement LIMIT 1
        """)
    static let nextProject = SQL(
        """
        SELECT project_id FROM tasks WHERE workspace_id = ?1 AND project_id > ?2 AND queued = 1
        ORDER BY project_id LIMIT 1
        """)
    static let head = SQL(
        """
        SELECT \(columns) FROM tasks
        WHERE workspace_id = ?1 AND project_id = ?2 AND requirement = ?3 AND queued = 1
        ORDER BY priority DESC, id LIMIT ?4
        """)
    static let headFrom = SQL(
        """
        SELECT \(columns) FROM tasks
        WHERE workspace_id = ?1 AND project_id = ?2 AND requirement = ?3 AND queued = 1 AND priority = ?5 AND id >= ?6
        ORDER BY id LIMIT ?4
        """)
    static let headBelow = SQL(
        """
        SELECT \(columns) FROM tasks
        WHERE workspace_id = ?1 AND project_id = ?2 AND requirement = ?3 AND queued = 1 AND priority < ?5
        ORDER BY priority DESC, id LIMIT ?4
        """)
    static let backoff = SQL(
        """
        SELECT id FROM tasks WHERE backoff_until <= ?1 AND status = 'ready' AND queued = 0
        ORDER BY backoff_until LIMIT ?2
        """)
    static let start = SQL(
        """
        SELECT id FROM tasks
        WHERE not_before <= ?1 AND status = 'pending' AND open_dependencies = 0 AND open_gates = 0
        ORDER BY not_before LIMIT ?2
        """)
    static let nextBackoff = SQL(
        """
        SELECT backoff_until FROM tasks WHERE backoff_until IS NOT NULL AND status = 'ready' AND queued = 0
        ORDER BY backoff_until LIMIT 1
        """)
    static let nextStart = SQL(
        """
        SELECT not_before FROM tasks
        WHERE not_before IS NOT NULL AND status = 'pending' AND open_dependencies = 0 AND open_gates = 0
        ORDER BY not_before LIMIT 1
        """)
    private static let countAll = SQL("SELECT count(*) FROM tasks")

    func queuedRequirements(in project: Project) throws -> [Int64] {
        let read = {
            var found: [Int64] = []
            var last: Int64 = -1
            while let next = try db.first(
                Self.nextRequirement, [.text(project.workspace.text), .text(project.id.text), .integer(last)],
                { $0.integer(0) })
            {
                found.append(next)
                last = next
            }
            return found
        }
        return try db.memory?.queue.requirements(of: project.id.text, read: read) ?? read()
    }

    func queuedProjects(in workspace: WorkspaceID) throws -> [ProjectID] {
        let read = {
            var found: [ProjectID] = []
            while let next = try db.first(
                Self.nextProject, [.text(workspace.text), .text(found.last?.text ?? "")],
                { ProjectID(stored: $0.text(0)) })
            {
                found.append(next)
            }
            return found
        }
        return try db.memory?.queue.projects(of: workspace.text, read: read) ?? read()
    }

    func queueHead(project: Project, requirement: Int64, limit: Int) throws -> [WorkTask] {
        guard let memory = db.memory else { return try queueHead(project, requirement, from: nil, limit) }
        let key = QueueMemory.Key(project: project.id.text, requirement: requirement)
        let known = memory.queue.window(key)
        if let known, known.isWhole || known.rest.count >= limit { return Array(known.rest.prefix(limit)) }
        // Whoever asks once wants one; whoever asks again will go on asking.
        let size = max(limit, known.map { min($0.size * 8, QueueMemory.windowMax) } ?? 1)
        let found = try queueHead(project, requirement, from: known?.place, size)
        memory.queue.setWindow(key, QueueMemory.Window(tasks: found, isWhole: found.count < size, size: size))
        return Array(found.prefix(limit))
    }

    /// Nothing stands before the place any more, but what is left of it would have to be walked past.
    private func queueHead(
        _ project: Project, _ requirement: Int64, from place: QueueMemory.Place?, _ limit: Int
    ) throws -> [WorkTask] {
        let queue: [SQLValue] = [.text(project.workspace.text), .text(project.id.text), .integer(requirement)]
        guard let place else { return try db.query(Self.head, queue + [.integer(limit)], TaskRow.read) }
        var found = try db.query(
            Self.headFrom, queue + [.integer(limit), .integer(place.priority), .text(place.id)], TaskRow.read)
        if found.count < limit {
            found += try db.query(
                Self.headBelow, queue + [.integer(limit - found.count), .integer(place.priority)], TaskRow.read)
        }
        return found
    }

    func backoffEnded(at now: Timestamp, limit: Int) throws -> [TaskID] {
        try db.query(Self.backoff, [.integer(now.milliseconds), .integer(limit)]) { TaskID(stored: $0.text(0)) }
    }

    func startDue(at now: Timestamp, limit: Int) throws -> [TaskID] {
        try db.query(Self.start, [.integer(now.milliseconds), .integer(limit)]) { TaskID(stored: $0.text(0)) }
    }

    func nextDue() throws -> Timestamp? {
        let times = try [Self.nextBackoff, Self.nextStart].compactMap { try db.first($0, []) { $0.integer(0) } }
        return times.min().map { Timestamp(milliseconds: $0) }
    }

    func count() throws -> Int64 {
        try db.first(Self.countAll, []) { $0.integer(0) } ?? 0
    }
}
