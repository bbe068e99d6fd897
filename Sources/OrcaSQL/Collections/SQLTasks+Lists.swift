import OrcaDomain
import OrcaStore

extension SQLTasks {
    /// How many rows one call looks at before it answers with what it has and a cursor.
    private static let scannedRowsMax = 10_000

    static let allOfWorkspace = SQL(
        "SELECT \(TaskRow.columns) FROM tasks WHERE workspace_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3")
    static let allOfProject = SQL(
        "SELECT \(TaskRow.columns) FROM tasks WHERE project_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3")
    static let allOfParent = SQL(
        "SELECT \(TaskRow.columns) FROM tasks WHERE parent_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3")
    static let allOfStatus = SQL(
        """
        SELECT \(TaskRow.columns) FROM tasks WHERE project_id = ?4 AND status = ?1 AND id > ?2 ORDER BY id LIMIT ?3
        """)
    private static let labelsOf = SQL("SELECT labels FROM task_bodies WHERE task_id = ?1")

    /// The narrowest index leads; what it does not cover is filtered here, over a bounded number of rows.
    func page(_ filter: TaskFilter, _ request: PageRequest) throws -> Page<WorkTask> {
        var kept: [WorkTask] = []
        var after = request.after ?? ""
        var scanned = 0
        while true {
            let batch = try rows(filter, after: after, limit: request.limit + 1)
            for task in batch {
                if kept.count == request.limit { return Page(rows: kept, next: kept.last?.id.text) }
                scanned += 1
                after = task.id.text
                if try admits(filter, task) { kept.append(task) }
            }
            if batch.count <= request.limit { return Page(rows: kept, next: nil) }
            if scanned >= Self.scannedRowsMax { return Page(rows: kept, next: after) }
        }
    }

    private func rows(_ filter: TaskFilter, after: String, limit: Int) throws -> [WorkTask] {
        if let parent = filter.parent {
            return try db.query(
                Self.allOfParent, [.text(parent.text), .text(after), .integer(limit)], TaskRow.read)
        }
        guard let project = filter.project else {
            return try db.query(
                Self.allOfWorkspace, [.text(filter.workspace.text), .text(after), .integer(limit)], TaskRow.read)
        }
        if filter.statuses.count == 1, let status = filter.statuses.first {
            return try db.query(
                Self.allOfStatus,
                [.text(status.rawValue), .text(after), .integer(limit), .text(project.text)], TaskRow.read)
        }
        return try db.query(
            Self.allOfProject, [.text(project.text), .text(after), .integer(limit)], TaskRow.read)
    }

    private func admits(_ filter: TaskFilter, _ task: WorkTask) throws -> Bool {
        guard task.workspace == filter.workspace else { return false }
        if let project = filter.project, task.project != project { return false }
        if !filter.statuses.isEmpty, !filter.statuses.contains(task.status) { return false }
        if !filter.plan.isEmpty, task.plan != filter.plan { return false }
        guard !filter.label.isEmpty else { return true }
        let labels = try db.first(Self.labelsOf, [.text(task.id.text)]) { try TextCodec.words($0.text(0)) }
        return labels?.contains(filter.label) ?? false
    }
}
