package import OrcaDomain
import OrcaStore

struct SQLGates: GateCollection {
    let db: any SQLConnection

    private static let scannedRowsMax = 10_000
    private static let columns = """
        id, workspace_id, task_id, task_ref, run_id, question, options, audience, status, resolution, fallback,
        timeout_at, message_id, created_by, resolved_by, created_at, resolved_at
        """
    static let byID = SQL("SELECT \(columns) FROM gates WHERE id = ?1")
    static let ofTask = SQL("SELECT \(columns) FROM gates WHERE task_id = ?1 ORDER BY created_at, id LIMIT ?2")
    static let newestOpen = SQL(
        """
        SELECT \(columns) FROM gates WHERE workspace_id = ?1 AND status = 'pending' AND (created_at, id) < (?2, ?3)
        ORDER BY created_at DESC, id DESC LIMIT ?4
        """)
    private static let newest = SQL(
        """
        SELECT \(columns) FROM gates WHERE workspace_id = ?1 AND (created_at, id) < (?2, ?3)
        ORDER BY created_at DESC, id DESC LIMIT ?4
        """)
    static let due = SQL(
        """
        SELECT \(columns) FROM gates WHERE status = 'pending' AND timeout_at IS NOT NULL AND timeout_at <= ?1
        ORDER BY timeout_at LIMIT ?2
        """)
    static let firstDue = SQL(
        """
        SELECT timeout_at FROM gates WHERE status = 'pending' AND timeout_at IS NOT NULL ORDER BY timeout_at LIMIT 1
        """)

    func find(_ id: GateID) throws -> Gate? {
        try db.first(Self.byID, [.text(id.text)], Self.read)
    }

    func all(of task: TaskID, limit: Int) throws -> [Gate] {
        try db.query(Self.ofTask, [.text(task.text), .integer(limit)], Self.read)
    }

    func page(_ filter: GateFilter, _ request: PageRequest) throws -> Page<Gate> {
        var key = TimeKey(request.after)
        var kept: [Gate] = []
        var scanned = 0
        let statement = filter.status == .pending ? Self.newestOpen : Self.newest
        while true {
            let batch = try db.query(
                statement,
                [.text(filter.workspace.text), .integer(key.time), .text(key.id), .integer(request.limit + 1)],
                Self.read)
            for gate in batch {
                if kept.count == request.limit { return Page(rows: kept, next: key.text) }
                scanned += 1
                if filter.admits(gate) { kept.append(gate) }
                key = TimeKey(time: gate.createdAt.milliseconds, id: gate.id.text)
            }
            if batch.count <= request.limit { return Page(rows: kept, next: nil) }
            if scanned >= Self.scannedRowsMax { return Page(rows: kept, next: key.text) }
        }
    }

    func overdue(at now: Timestamp, limit: Int) throws -> [Gate] {
        try db.query(Self.due, [.integer(now.milliseconds), .integer(limit)], Self.read)
    }

    func nextTimeout() throws -> Timestamp? {
        try db.first(Self.firstDue, []) { Timestamp(milliseconds: $0.integer(0)) }
    }

    private static func read(_ row: any SQLRow) throws -> Gate {
        let now = Timestamp(milliseconds: row.integer(15))
        var task = WorkTask(
            id: TaskID(stored: row.text(2)), workspace: WorkspaceID(stored: row.text(1)),
            project: ProjectID(stored: ""), ref: row.text(3), number: 0, title: "", createdBy: "", at: now)
        task.ref = row.text(3)
        var gate = Gate(
            id: GateID(stored: row.text(0)), task: task, question: row.text(5), createdBy: row.text(13), at: now)
        gate.run = row.optionalText(4).map { RunID(stored: $0) }
        gate.options = try TextCodec.words(row.text(6))
        gate.audience = try Gate.Audience.stored(row.text(7))
        gate.status = try Gate.Status.stored(row.text(8))
        gate.resolution = row.text(9)
        gate.fallback = row.text(10)
        gate.timeoutAt = row.optionalInteger(11).map { Timestamp(milliseconds: $0) }
        gate.message = row.optionalText(12).map { MessageID(stored: $0) }
        gate.resolvedBy = row.text(14)
        gate.resolvedAt = row.optionalInteger(16).map { Timestamp(milliseconds: $0) }
        return gate
    }
}

/// A place in a list that is ordered by time, newest first, ties by id.
struct TimeKey {
    var time: Int64
    var id: String

    init(time: Int64, id: String) {
        self.time = time
        self.id = id
    }

    /// Reads what `text` wrote; the beginning of the list for `nil`.
    init(_ text: String?) {
        let parts = (text ?? "").split(separator: "/", maxSplits: 1)
        time = parts.first.flatMap { Int64($0) } ?? .max
        id = parts.count == 2 ? String(parts[1]) : ""
    }

    var text: String { "\(time)/\(id)" }
}

extension SQLSession {
    private static let insertGate = SQL(
        """
        INSERT INTO gates (id, workspace_id, task_id, task_ref, run_id, question, options, audience, status, resolution,
            fallback, timeout_at, message_id, created_by, resolved_by, created_at, resolved_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
        """)
    private static let saveGate = SQL(
        """
        UPDATE gates SET status = ?2, resolution = ?3, resolved_by = ?4, resolved_at = ?5
        WHERE id = ?1 AND status = 'pending'
        """)

    package func insert(_ gate: Gate) throws {
        try db.post(
            Self.insertGate,
            [
                .text(gate.id.text), .text(gate.workspace.text), .text(gate.task.text), .text(gate.taskRef),
                .optional(gate.run?.text), .text(gate.question), .text(TextCodec.encode(gate.options)),
                .text(gate.audience.rawValue), .text(gate.status.rawValue), .text(gate.resolution),
                .text(gate.fallback), .optional(gate.timeoutAt?.milliseconds), .optional(gate.message?.text),
                .text(gate.createdBy), .text(gate.resolvedBy), .integer(gate.createdAt.milliseconds),
                .optional(gate.resolvedAt?.milliseconds),
            ])
    }

    package func save(_ gate: Gate) throws {
        try updateOne(
            Self.saveGate,
            [
                .text(gate.id.text), .text(gate.status.rawValue), .text(gate.resolution), .text(gate.resolvedBy),
                .optional(gate.resolvedAt?.milliseconds),
            ], "gate \(gate.id)")
    }
}
