package import OrcaDomain
import OrcaStore

struct SQLDispatches: DispatchCollection {
    let db: any SQLConnection

    private static let columns = """
        attempt_id, workspace_id, task_id, terminal_id, coordinator, run_id, failures_before, prompt, prompt_text,
        prompt_at, heartbeat_at
        """
    private static let ofLease = """
        dispatches.attempt_id, dispatches.workspace_id, dispatches.task_id, dispatches.terminal_id,
        dispatches.coordinator, dispatches.run_id, dispatches.failures_before, dispatches.prompt,
        dispatches.prompt_text, dispatches.prompt_at, dispatches.heartbeat_at
        """
    static let byAttempt = SQL("SELECT \(columns) FROM dispatches WHERE attempt_id = ?1")
    static let waitingForTerminal = SQL(
        """
        SELECT \(columns) FROM dispatches
        WHERE terminal_id = ?1 AND prompt IN ('queued', 'injecting', 'injected') ORDER BY attempt_id
        """)
    private static let waitingForAny = SQL(
        """
        SELECT \(columns) FROM dispatches WHERE prompt IN ('queued', 'injecting', 'injected')
        ORDER BY terminal_id LIMIT ?1
        """)
    // Live attempts are few: the leases lead.
    static let leased = SQL(
        """
        SELECT \(ofLease) FROM leases CROSS JOIN dispatches
        WHERE dispatches.attempt_id = leases.attempt_id LIMIT ?1
        """)
    static let leasedInTerminal = SQL(
        """
        SELECT \(ofLease) FROM leases CROSS JOIN dispatches
        WHERE dispatches.attempt_id = leases.attempt_id
            AND leases.agent_id = (SELECT agent_id FROM terminals WHERE id = ?1) AND dispatches.terminal_id = ?1 LIMIT 1
        """)

    func find(_ attempt: AttemptID) throws -> DispatchRecord? {
        try db.first(Self.byAttempt, [.text(attempt.text)], Self.read)
    }

    func undelivered(to terminal: TerminalID) throws -> [DispatchRecord] {
        try db.query(Self.waitingForTerminal, [.text(terminal.text)], Self.read)
    }

    func allUndelivered(limit: Int) throws -> [DispatchRecord] {
        try db.query(Self.waitingForAny, [.integer(limit)], Self.read)
    }

    func live(limit: Int) throws -> [DispatchRecord] {
        try db.query(Self.leased, [.integer(limit)], Self.read)
    }

    func live(in terminal: TerminalID) throws -> DispatchRecord? {
        try db.first(Self.leasedInTerminal, [.text(terminal.text)], Self.read)
    }

    private static func read(_ row: any SQLRow) throws -> DispatchRecord {
        let attempt = Attempt(
            id: AttemptID(stored: row.text(0)), workspace: WorkspaceID(stored: row.text(1)),
            task: TaskID(stored: row.text(2)), taskRef: "", token: 0, agent: AgentID(stored: ""), agentName: "",
            session: "", host: "", startedAt: Timestamp(milliseconds: row.integer(9)))
        var record = DispatchRecord(
            attempt: attempt, terminal: TerminalID(stored: row.text(3)), coordinator: row.text(4),
            run: row.optionalText(5).map { RunID(stored: $0) }, failuresBefore: row.int(6))
        record.prompt = try DispatchRecord.Prompt.stored(row.text(7))
        record.promptText = row.text(8)
        record.heartbeatAt = row.optionalInteger(10).map { Timestamp(milliseconds: $0) }
        return record
    }
}

extension SQLSession {
    private static let insertDispatch = SQL(
        """
        INSERT INTO dispatches (attempt_id, workspace_id, task_id, terminal_id, coordinator, run_id, failures_before,
            prompt, prompt_text, prompt_at, heartbeat_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """)
    private static let saveDispatch = SQL(
        "UPDATE dispatches SET prompt = ?2, prompt_text = ?3, prompt_at = ?4, heartbeat_at = ?5 WHERE attempt_id = ?1")

    package func insert(_ record: DispatchRecord) throws {
        try db.post(
            Self.insertDispatch,
            [
                .text(record.attempt.text), .text(record.workspace.text), .text(record.task.text),
                .text(record.terminal.text), .text(record.coordinator), .optional(record.run?.text),
                .integer(record.failuresBefore), .text(record.prompt.rawValue), .text(record.promptText),
                .integer(record.promptAt.milliseconds), .optional(record.heartbeatAt?.milliseconds),
            ])
    }

    package func save(_ record: DispatchRecord) throws {
        try updateOne(
            Self.saveDispatch,
            [
                .text(record.attempt.text), .text(record.prompt.rawValue), .text(record.promptText),
                .integer(record.promptAt.milliseconds), .optional(record.heartbeatAt?.milliseconds),
            ], "dispatch \(DispatchRecord.shownID(of: record.attempt))")
    }
}
