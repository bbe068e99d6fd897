package import OrcaDomain
import OrcaStore

struct SQLRuns: RunCollection {
    let db: any SQLConnection

    private static let scannedRowsMax = 10_000
    private static let columns = """
        id, workspace_id, project_id, spec, status, phase, coordinator, settings, plan_task, approval_task, report,
        created_by, created_at, completed_at, version, node
        """
    private static let byID = SQL("SELECT \(columns) FROM runs WHERE id = ?1")
    private static let newest = SQL(
        """
        SELECT \(columns) FROM runs WHERE workspace_id = ?1 AND (created_at, id) < (?2, ?3)
        ORDER BY created_at DESC, id DESC LIMIT ?4
        """)
    static let liveOfAll = SQL(
        "SELECT \(columns) FROM runs WHERE status = 'running' ORDER BY workspace_id, id LIMIT ?1")
    static let liveOfWorkspace = SQL(
        "SELECT \(columns) FROM runs WHERE workspace_id = ?1 AND status = 'running' ORDER BY id")
    static let scope = SQL(
        """
        SELECT \(TaskRow.columns) FROM tasks
        WHERE id IN (SELECT task_id FROM run_tasks WHERE run_id = ?1 ORDER BY task_id LIMIT ?2) ORDER BY id
        """)
    static let ofTask = SQL("SELECT run_id FROM run_tasks WHERE task_id = ?1")

    func find(_ id: RunID) throws -> CoordinatorRun? {
        try db.first(Self.byID, [.text(id.text)], Self.read)
    }

    func page(
        in workspace: WorkspaceID, status: CoordinatorRun.Status?, _ request: PageRequest
    ) throws -> Page<CoordinatorRun> {
        var key = TimeKey(request.after)
        var kept: [CoordinatorRun] = []
        var scanned = 0
        while true {
            let batch = try db.query(
                Self.newest,
                [.text(workspace.text), .integer(key.time), .text(key.id), .integer(request.limit + 1)], Self.read)
            for run in batch {
                if kept.count == request.limit { return Page(rows: kept, next: key.text) }
                scanned += 1
                if status == nil || run.status == status { kept.append(run) }
                key = TimeKey(time: run.createdAt.milliseconds, id: run.id.text)
            }
            if batch.count <= request.limit { return Page(rows: kept, next: nil) }
            if scanned >= Self.scannedRowsMax { return Page(rows: kept, next: key.text) }
        }
    }

    func allLive(limit: Int) throws -> [CoordinatorRun] {
        try db.query(Self.liveOfAll, [.integer(limit)], Self.read)
    }

    func live(in workspace: WorkspaceID) throws -> [CoordinatorRun] {
        try db.query(Self.liveOfWorkspace, [.text(workspace.text)], Self.read)
    }

    func tasks(of run: RunID, limit: Int) throws -> [WorkTask] {
        try db.query(Self.scope, [.text(run.text), .integer(limit)], TaskRow.read)
    }

    func run(of task: TaskID) throws -> RunID? {
        try db.first(Self.ofTask, [.text(task.text)]) { RunID(stored: $0.text(0)) }
    }

    private static func read(_ row: any SQLRow) throws -> CoordinatorRun {
        var run = CoordinatorRun(
            id: RunID(stored: row.text(0)), workspace: WorkspaceID(stored: row.text(1)),
            project: ProjectID(stored: row.text(2)), spec: row.text(3), coordinator: row.text(6),
            settings: try RunSettingsCodec.decode(row.text(7)), createdBy: row.text(11),
            at: Timestamp(milliseconds: row.integer(12)))
        run.status = try CoordinatorRun.Status.stored(row.text(4))
        run.phase = try CoordinatorRun.Phase.stored(row.text(5))
        run.planTask = row.optionalText(8).map { TaskID(stored: $0) }
        run.approvalTask = row.optionalText(9).map { TaskID(stored: $0) }
        run.report = row.text(10)
        run.completedAt = row.optionalInteger(13).map { Timestamp(milliseconds: $0) }
        run.version = row.int(14)
        run.node = row.text(15)
        return run
    }
}

extension SQLSession {
    private static let insertRun = SQL(
        """
        INSERT INTO runs (id, workspace_id, project_id, spec, status, phase, coordinator, settings, plan_task,
            approval_task, report, created_by, created_at, completed_at, version, node)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        """)
    private static let saveRun = SQL(
        """
        UPDATE runs SET status = ?5, phase = ?6, coordinator = ?7, settings = ?8, plan_task = ?9, approval_task = ?10,
            report = ?11, completed_at = ?14, version = ?15
        WHERE id = ?1 AND workspace_id = ?2 AND project_id = ?3 AND spec = ?4 AND created_by = ?12
            AND created_at = ?13 AND version = ?15 - 1
        """)
    private static let putTask = SQL(
        """
        INSERT INTO run_tasks (task_id, run_id) VALUES (?1, ?2)
        ON CONFLICT (task_id) DO UPDATE SET run_id = excluded.run_id
        """)

    package func insert(_ run: CoordinatorRun) throws {
        try db.post(Self.insertRun, runParameters(run) + [.text(run.node)])
    }

    package func save(_ run: CoordinatorRun) throws {
        try updateOne(Self.saveRun, runParameters(run), "run \(run.id)")
    }

    package func put(_ task: TaskID, into run: RunID) throws {
        try db.post(Self.putTask, [.text(task.text), .text(run.text)])
    }

    private func runParameters(_ run: CoordinatorRun) -> [SQLValue] {
        [
            .text(run.id.text), .text(run.workspace.text), .text(run.project.text), .text(run.spec),
            .text(run.status.rawValue), .text(run.phase.rawValue), .text(run.coordinator),
            .text(RunSettingsCodec.encode(run.settings)), .optional(run.planTask?.text),
            .optional(run.approvalTask?.text), .text(run.report), .text(run.createdBy),
            .integer(run.createdAt.milliseconds), .optional(run.completedAt?.milliseconds), .integer(run.version),
        ]
    }
}
