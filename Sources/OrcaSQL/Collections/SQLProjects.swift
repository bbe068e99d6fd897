package import OrcaDomain
import OrcaStore

struct SQLProjects: ProjectCollection {
    let db: any SQLConnection

    private static let columns = """
        id, workspace_id, key, name, repository, base_branch, settings, last_number, offer_pointer, version,
        created_at, updated_at
        """
    private static let byID = SQL("SELECT \(columns) FROM projects WHERE id = ?1")
    private static let byKey = SQL("SELECT \(columns) FROM projects WHERE workspace_id = ?1 AND key = ?2")
    private static let list = SQL(
        "SELECT \(columns) FROM projects WHERE workspace_id = ?1 AND key > ?2 ORDER BY key LIMIT ?3")
    private static let counts = SQL(
        """
        SELECT pending, ready, dispatched, blocked, completed, failed, canceled
        FROM project_counts WHERE project_id = ?1
        """)
    private static let offering = SQL(
        """
        SELECT \(columns) FROM projects
        WHERE offers = 1 AND EXISTS (
            SELECT 1 FROM tasks WHERE tasks.workspace_id = projects.workspace_id
                AND tasks.project_id = projects.id AND queued = 1)
        ORDER BY id LIMIT ?1
        """)

    func find(_ id: ProjectID) throws -> Project? {
        let read = { try db.first(Self.byID, [.text(id.text)], Self.read) }
        guard let memory = db.memory else { return try read() }
        return try memory.project(.id(id.text), read: read)
    }

    func find(key: String, in workspace: WorkspaceID) throws -> Project? {
        let read = { try db.first(Self.byKey, [.text(workspace.text), .text(key)], Self.read) }
        guard let memory = db.memory else { return try read() }
        return try memory.project(.key(key, workspace: workspace.text), read: read)
    }

    func page(in workspace: WorkspaceID, _ request: PageRequest) throws -> Page<Project> {
        let rows = try db.query(
            Self.list, [.text(workspace.text), .text(request.after ?? ""), .integer(request.limit + 1)], Self.read)
        return request.cut(rows, key: \.key)
    }

    func counts(_ id: ProjectID) throws -> TaskCounts {
        guard let found = try Self.numbers(of: id, in: db) else { return TaskCounts() }
        var counts: [TaskStatus: Int] = [:]
        for (number, status) in zip(found, TaskStatus.allCases) where number != 0 { counts[status] = Int(number) }
        return TaskCounts(counts)
    }

    /// In the order of `TaskStatus.allCases`.
    static func numbers(of project: ProjectID, in db: any SQLConnection) throws -> [Int64]? {
        let read = {
            try db.first(Self.counts, [.text(project.text)]) { row in
                TaskStatus.allCases.indices.map { row.integer($0) }
            }
        }
        guard let memory = db.memory else { return try read() }
        return try memory.counts(of: project.text, read: read)
    }

    func withOffersToMake(limit: Int) throws -> [Project] {
        try db.query(Self.offering, [.integer(limit)], Self.read)
    }

    private static func read(_ row: any SQLRow) throws -> Project {
        var project = Project(
            id: ProjectID(stored: row.text(0)), workspace: WorkspaceID(stored: row.text(1)), key: row.text(2),
            name: row.text(3), at: Timestamp(milliseconds: row.integer(10)))
        project.repository = row.text(4)
        project.baseBranch = row.text(5)
        project.settings = try ProjectSettingsCodec.decode(row.text(6))
        project.lastNumber = row.int(7)
        project.offerPointer = row.optionalText(8).map { AgentID(stored: $0) }
        project.version = row.int(9)
        project.updatedAt = Timestamp(milliseconds: row.integer(11))
        return project
    }
}

extension SQLSession {
    private static let insertProject = SQL(
        """
        INSERT INTO projects (id, workspace_id, key, name, repository, base_branch, settings, offers, version,
            created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """)
    private static let insertCounts = SQL("INSERT INTO project_counts (project_id) VALUES (?1)")
    private static let saveProject = SQL(
        """
        UPDATE projects SET name = ?2, repository = ?3, base_branch = ?4, settings = ?5, offers = ?6, version = ?7,
            updated_at = ?8
        WHERE id = ?1 AND version = ?7 - 1
        """)
    private static let lastNumber = SQL("SELECT last_number FROM projects WHERE id = ?1")
    private static let takeNumber = SQL(
        "UPDATE projects SET last_number = last_number + 1 WHERE id = ?1 RETURNING last_number")
    private static let setPointer = SQL("UPDATE projects SET offer_pointer = ?2 WHERE id = ?1")
    private static let deleteParts = [
        SQL("DELETE FROM dependencies WHERE task_id IN (SELECT id FROM tasks WHERE project_id = ?1)"),
        SQL("DELETE FROM task_bodies WHERE task_id IN (SELECT id FROM tasks WHERE project_id = ?1)"),
        SQL("DELETE FROM attempts WHERE task_id IN (SELECT id FROM tasks WHERE project_id = ?1)"),
        SQL("DELETE FROM leases WHERE task_id IN (SELECT id FROM tasks WHERE project_id = ?1)"),
        SQL("DELETE FROM gates WHERE task_id IN (SELECT id FROM tasks WHERE project_id = ?1)"),
        SQL("DELETE FROM dispatches WHERE task_id IN (SELECT id FROM tasks WHERE project_id = ?1)"),
        SQL("DELETE FROM run_tasks WHERE task_id IN (SELECT id FROM tasks WHERE project_id = ?1)"),
        SQL("DELETE FROM runs WHERE project_id = ?1"),
        SQL("DELETE FROM tasks WHERE project_id = ?1"),
        SQL("DELETE FROM project_counts WHERE project_id = ?1"),
        SQL("DELETE FROM projects WHERE id = ?1"),
    ]

    package func insert(_ project: Project) throws {
        try db.post(
            Self.insertProject,
            [
                .text(project.id.text), .text(project.workspace.text), .text(project.key), .text(project.name),
                .text(project.repository), .text(project.baseBranch),
                .text(ProjectSettingsCodec.encode(project.settings)), .flag(project.settings.distribution != .pull),
                .integer(project.version), .integer(project.createdAt.milliseconds),
                .integer(project.updatedAt.milliseconds),
            ])
        try db.post(Self.insertCounts, [.text(project.id.text)])
    }

    package func save(_ project: Project) throws {
        db.memory?.projectsChanged()
        try updateOne(
            Self.saveProject,
            [
                .text(project.id.text), .text(project.name), .text(project.repository), .text(project.baseBranch),
                .text(ProjectSettingsCodec.encode(project.settings)), .flag(project.settings.distribution != .pull),
                .integer(project.version), .integer(project.updatedAt.milliseconds),
            ], "project \(project.key)")
    }

    package func takeNumber(in project: ProjectID) throws -> Int {
        let number =
            if let memory = db.memory {
                try memory.nextNumber(of: project.text) {
                    try db.first(Self.lastNumber, [.text(project.text)]) { $0.integer(0) }
                }
            } else {
                try db.first(Self.takeNumber, [.text(project.text)]) { $0.integer(0) }
            }
        guard let number else { throw StoreError.staleWrite("project \(project)") }
        return Int(number)
    }

    package func setOfferPointer(_ agent: AgentID, of project: ProjectID) throws {
        db.memory?.projectsChanged()
        try db.post(Self.setPointer, [.text(project.text), .text(agent.text)])
    }

    package func delete(_ id: ProjectID) throws {
        db.memory?.forget(project: id.text)
        for statement in Self.deleteParts { try db.post(statement, [.text(id.text)]) }
    }
}
