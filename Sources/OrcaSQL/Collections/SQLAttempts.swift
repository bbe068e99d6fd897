package import OrcaDomain
import OrcaStore

struct SQLAttempts: AttemptCollection {
    let db: any SQLConnection

    private static let scannedRowsMax = 10_000
    private static let columns = """
        id, workspace_id, task_id, task_ref, token, agent_id, agent_name, session, host, outcome, started_at, ended_at,
        progress, progress_percent, progress_at, adopted, late, branch, commit_id, transcript, artifacts, checks,
        error, result
        """
    static let byID = SQL("SELECT \(columns) FROM attempts WHERE id = ?1")
    static let byToken = SQL("SELECT \(columns) FROM attempts WHERE task_id = ?1 AND token = ?2")
    private static let newest = SQL("SELECT \(columns) FROM attempts WHERE id < ?1 ORDER BY id DESC LIMIT ?2")
    private static let newestOfTask = SQL(
        "SELECT \(columns) FROM attempts WHERE task_id = ?3 AND id < ?1 ORDER BY token DESC LIMIT ?2")

    func find(_ id: AttemptID) throws -> Attempt? {
        try db.first(Self.byID, [.text(id.text)], Self.read)
    }

    func find(task: TaskID, token: Int64) throws -> Attempt? {
        try db.first(Self.byToken, [.text(task.text), .integer(token)], Self.read)
    }

    func page(_ filter: AttemptFilter, _ request: PageRequest) throws -> Page<Attempt> {
        var kept: [Attempt] = []
        var before = request.after ?? "b"  // above every "att_…"
        var scanned = 0
        while true {
            let batch = try rows(filter, before: before, limit: request.limit + 1)
            for attempt in batch {
                if kept.count == request.limit { return Page(rows: kept, next: kept.last?.id.text) }
                scanned += 1
                before = attempt.id.text
                if admits(filter, attempt) { kept.append(attempt) }
            }
            if batch.count <= request.limit { return Page(rows: kept, next: nil) }
            if scanned >= Self.scannedRowsMax { return Page(rows: kept, next: before) }
        }
    }

    private func rows(_ filter: AttemptFilter, before: String, limit: Int) throws -> [Attempt] {
        var parameters: [SQLValue] = [.text(before), .integer(limit)]
        guard let task = filter.task else { return try db.query(Self.newest, parameters, Self.read) }
        parameters.append(.text(task.text))
        return try db.query(Self.newestOfTask, parameters, Self.read)
    }

    private func admits(_ filter: AttemptFilter, _ attempt: Attempt) -> Bool {
        attempt.workspace == filter.workspace && (filter.task == nil || attempt.task == filter.task)
            && (filter.agent == nil || attempt.agent == filter.agent)
            && (filter.outcome == nil || attempt.outcome == filter.outcome)
    }

    private static func read(_ row: any SQLRow) throws -> Attempt {
        var attempt = Attempt(
            id: AttemptID(stored: row.text(0)), workspace: WorkspaceID(stored: row.text(1)),
            task: TaskID(stored: row.text(2)), taskRef: row.text(3), token: row.integer(4),
            agent: AgentID(stored: row.text(5)), agentName: row.text(6), session: row.text(7), host: row.text(8),
            startedAt: Timestamp(milliseconds: row.integer(10)))
        attempt.outcome = try Attempt.Outcome.stored(row.text(9))
        attempt.endedAt = row.optionalInteger(11).map { Timestamp(milliseconds: $0) }
        attempt.progress = row.text(12)
        attempt.progressPercent = row.int(13)
        attempt.progressAt = row.optionalInteger(14).map { Timestamp(milliseconds: $0) }
        attempt.isAdopted = row.flag(15)
        attempt.isLate = row.flag(16)
        attempt.branch = row.text(17)
        attempt.commit = row.text(18)
        attempt.transcript = row.text(19)
        attempt.artifacts = try TextCodec.words(row.text(20))
        attempt.checks = try TextCodec.checks(row.text(21))
        attempt.error = row.text(22)
        attempt.result = row.text(23)
        return attempt
    }
}

extension SQLSession {
    /// A new attempt has nothing to say yet; the other columns have their defaults.
    static let insertAttempt = SQL(
        """
        INSERT INTO attempts (id, workspace_id, task_id, task_ref, token, agent_id, agent_name, session, host, outcome,
            started_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """)
    private static let saveAttempt = SQL(
        """
        UPDATE attempts SET outcome = ?2, ended_at = ?3, progress = ?4, progress_percent = ?5, progress_at = ?6,
            adopted = ?7, late = ?8, branch = ?9, commit_id = ?10, transcript = ?11, artifacts = ?12, checks = ?13,
            error = ?14, result = ?15
        WHERE id = ?1
        """)

    package func insert(_ attempt: Attempt) throws {
        try db.post(
            Self.insertAttempt,
            [
                .text(attempt.id.text), .text(attempt.workspace.text), .text(attempt.task.text),
                .text(attempt.taskRef), .integer(attempt.token), .text(attempt.agent.text), .text(attempt.agentName),
                .text(attempt.session), .text(attempt.host), .text(attempt.outcome.rawValue),
                .integer(attempt.startedAt.milliseconds),
            ])
    }

    package func save(_ attempt: Attempt) throws {
        try updateOne(
            Self.saveAttempt,
            [
                .text(attempt.id.text), .text(attempt.outcome.rawValue), .optional(attempt.endedAt?.milliseconds),
                .text(attempt.progress), .integer(attempt.progressPercent),
                .optional(attempt.progressAt?.milliseconds), .flag(attempt.isAdopted), .flag(attempt.isLate),
                .text(attempt.branch), .text(attempt.commit), .text(attempt.transcript),
                .text(TextCodec.encode(attempt.artifacts)), .text(TextCodec.encode(attempt.checks)),
                .text(attempt.error), .text(attempt.result),
            ], "attempt \(attempt.id)")
    }
}
