package import OrcaDomain
import OrcaStore

struct SQLLeases: LeaseCollection {
    let db: any SQLConnection

    private static let scannedRowsMax = 10_000
    private static let columns = """
        task_id, id, workspace_id, project_id, task_ref, attempt_id, agent_id, agent_name, token, ttl_ms, acquired_at,
        renewed_at, expires_at, offered
        """
    static let ofTask = SQL("SELECT \(columns) FROM leases WHERE task_id = ?1")
    private static let ofAttempt = SQL(
        """
        SELECT \(columns) FROM leases WHERE id = ?1 AND task_id = (SELECT task_id FROM attempts WHERE id = ?2)
        """)
    static let ofAgent = SQL("SELECT \(columns) FROM leases WHERE agent_id = ?1 ORDER BY task_id LIMIT ?2")
    static let overdueFirst = SQL(
        "SELECT \(columns) FROM leases WHERE expires_at <= ?1 ORDER BY expires_at, task_id LIMIT ?2")
    private static let byExpiry = SQL(
        """
        SELECT \(columns) FROM leases WHERE (expires_at, task_id) > (?1, ?2) ORDER BY expires_at, task_id LIMIT ?3
        """)
    private static let firstExpiry = SQL("SELECT expires_at FROM leases ORDER BY expires_at LIMIT 1")

    func live(_ task: TaskID) throws -> Lease? {
        try db.first(Self.ofTask, [.text(task.text)], Self.read)
    }

    /// A lease and its attempt share the suffix of their ids, so the attempt's key leads to the lease.
    func find(_ id: LeaseID) throws -> Lease? {
        let suffix = id.text.dropFirst(LeaseKind.prefix.count)
        return try db.first(
            Self.ofAttempt, [.text(id.text), .text(AttemptKind.prefix + suffix)], Self.read)
    }

    func held(by agent: AgentID, limit: Int) throws -> [Lease] {
        try db.query(Self.ofAgent, [.text(agent.text), .integer(limit)], Self.read)
    }

    func overdue(at now: Timestamp, limit: Int) throws -> [Lease] {
        try db.query(Self.overdueFirst, [.integer(now.milliseconds), .integer(limit)], Self.read)
    }

    func nextExpiry() throws -> Timestamp? {
        try db.first(Self.firstExpiry, []) { Timestamp(milliseconds: $0.integer(0)) }
    }

    /// The key of a page is `expiry/task`.
    func page(_ filter: LeaseFilter, _ request: PageRequest) throws -> Page<Lease> {
        let parts = (request.after ?? "").split(separator: "/", maxSplits: 1)
        var time = parts.first.flatMap { Int64($0) } ?? .min
        var task = parts.count == 2 ? String(parts[1]) : ""
        var kept: [Lease] = []
        var scanned = 0
        while true {
            let batch = try db.query(
                Self.byExpiry, [.integer(time), .text(task), .integer(request.limit + 1)], Self.read)
            for lease in batch {
                if kept.count == request.limit { return Page(rows: kept, next: "\(time)/\(task)") }
                scanned += 1
                (time, task) = (lease.expiresAt.milliseconds, lease.task.text)
                if admits(filter, lease) { kept.append(lease) }
            }
            if batch.count <= request.limit { return Page(rows: kept, next: nil) }
            if scanned >= Self.scannedRowsMax { return Page(rows: kept, next: "\(time)/\(task)") }
        }
    }

    private func admits(_ filter: LeaseFilter, _ lease: Lease) -> Bool {
        lease.workspace == filter.workspace && (filter.agent == nil || lease.agent == filter.agent)
            && (filter.project == nil || lease.project == filter.project) && (!filter.onlyOffers || lease.isOffer)
    }

    private static func read(_ row: any SQLRow) -> Lease {
        var lease = Lease(
            id: LeaseID(stored: row.text(1)), workspace: WorkspaceID(stored: row.text(2)),
            project: ProjectID(stored: row.text(3)), task: TaskID(stored: row.text(0)), taskRef: row.text(4),
            attempt: AttemptID(stored: row.text(5)), agent: AgentID(stored: row.text(6)), agentName: row.text(7),
            token: row.integer(8), ttlMS: row.integer(9), at: Timestamp(milliseconds: row.integer(10)),
            isOffer: row.flag(13))
        lease.renewedAt = Timestamp(milliseconds: row.integer(11))
        lease.expiresAt = Timestamp(milliseconds: row.integer(12))
        return lease
    }
}

extension SQLSession {
    static let insertLease = SQL(
        """
        INSERT INTO leases (task_id, id, workspace_id, project_id, task_ref, attempt_id, agent_id, agent_name, token,
            ttl_ms, acquired_at, renewed_at, expires_at, offered)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        """)
    static let saveLease = SQL(
        """
        UPDATE leases SET ttl_ms = ?3, renewed_at = ?4, expires_at = ?5, offered = ?6 WHERE task_id = ?1 AND token = ?2
        """)
    static let deleteLease = SQL("DELETE FROM leases WHERE task_id = ?1 AND token = ?2")
    private static let extendLeases = SQL(
        """
        UPDATE leases SET expires_at = CASE WHEN expires_at < ?1 + ttl_ms THEN ?1 + ttl_ms ELSE expires_at END,
            renewed_at = CASE WHEN renewed_at < ?1 THEN ?1 ELSE renewed_at END
        """)

    package func insert(_ lease: Lease) throws {
        try db.post(
            Self.insertLease,
            [
                .text(lease.task.text), .text(lease.id.text), .text(lease.workspace.text), .text(lease.project.text),
                .text(lease.taskRef), .text(lease.attempt.text), .text(lease.agent.text), .text(lease.agentName),
                .integer(lease.token), .integer(lease.ttlMS), .integer(lease.acquiredAt.milliseconds),
                .integer(lease.renewedAt.milliseconds), .integer(lease.expiresAt.milliseconds), .flag(lease.isOffer),
            ])
    }

    package func save(_ lease: Lease) throws {
        try updateOne(
            Self.saveLease,
            [
                .text(lease.task.text), .integer(lease.token), .integer(lease.ttlMS),
                .integer(lease.renewedAt.milliseconds), .integer(lease.expiresAt.milliseconds), .flag(lease.isOffer),
            ], "lease of \(lease.taskRef)")
    }

    package func delete(_ lease: Lease) throws {
        try updateOne(Self.deleteLease, [.text(lease.task.text), .integer(lease.token)], "lease of \(lease.taskRef)")
    }

    package func extendAll(from now: Timestamp) throws -> Int {
        try db.execute(Self.extendLeases, [.integer(now.milliseconds)])
    }
}
