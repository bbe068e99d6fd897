package import OrcaDomain
import OrcaStore

struct SQLTerminals: TerminalCollection {
    let db: any SQLConnection

    private static let columns = """
        id, workspace_id, agent_id, kind, name, title, command, directory, worktree, state, state_since,
        blocked_reason, agent_alive, pane, process_id, exit_code, created_by, created_at, last_output_at, ended_at,
        version, node
        """
    static let byID = SQL("SELECT \(columns) FROM terminals WHERE id = ?1")
    static let liveOfWorkspace = SQL(
        """
        SELECT \(columns) FROM terminals WHERE workspace_id = ?1 AND state <> 'exited' ORDER BY created_at, id LIMIT ?2
        """)
    private static let liveOfAll = SQL(
        "SELECT \(columns) FROM terminals WHERE state <> 'exited' ORDER BY workspace_id, created_at, id LIMIT ?1")

    func find(_ id: TerminalID) throws -> Terminal? {
        try db.first(Self.byID, [.text(id.text)], Self.read)
    }

    func live(in workspace: WorkspaceID, limit: Int) throws -> [Terminal] {
        try db.query(Self.liveOfWorkspace, [.text(workspace.text), .integer(limit)], Self.read)
    }

    func allLive(limit: Int) throws -> [Terminal] {
        try db.query(Self.liveOfAll, [.integer(limit)], Self.read)
    }

    private static func read(_ row: any SQLRow) throws -> Terminal {
        var terminal = Terminal(
            id: TerminalID(stored: row.text(0)), workspace: WorkspaceID(stored: row.text(1)), directory: row.text(7),
            createdBy: row.text(16), at: Timestamp(milliseconds: row.integer(17)))
        terminal.agent = row.optionalText(2).map { AgentID(stored: $0) }
        terminal.kind = row.text(3)
        terminal.name = row.text(4)
        terminal.title = row.text(5)
        terminal.command = row.text(6)
        terminal.worktree = row.text(8)
        terminal.state = try Terminal.State.stored(row.text(9))
        terminal.stateSince = Timestamp(milliseconds: row.integer(10))
        terminal.blockedReason = row.text(11)
        terminal.isAgentAlive = row.flag(12)
        terminal.pane = row.text(13)
        terminal.processID = row.int(14)
        terminal.exitCode = row.optionalInteger(15).map { Int($0) }
        terminal.lastOutputAt = row.optionalInteger(18).map { Timestamp(milliseconds: $0) }
        terminal.endedAt = row.optionalInteger(19).map { Timestamp(milliseconds: $0) }
        terminal.version = row.int(20)
        terminal.node = row.text(21)
        return terminal
    }
}

extension SQLSession {
    private static let insertTerminal = SQL(
        """
        INSERT INTO terminals (id, workspace_id, agent_id, kind, name, title, command, directory, worktree, state,
            state_since, blocked_reason, agent_alive, pane, process_id, exit_code, created_by, created_at,
            last_output_at, ended_at, version, node)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
        """)
    private static let saveTerminal = SQL(
        """
        UPDATE terminals SET agent_id = ?3, kind = ?4, name = ?5, title = ?6, command = ?7, directory = ?8,
            worktree = ?9, state = ?10, state_since = ?11, blocked_reason = ?12, agent_alive = ?13, pane = ?14,
            process_id = ?15, exit_code = ?16, last_output_at = ?19, ended_at = ?20, version = ?21
        WHERE id = ?1 AND workspace_id = ?2 AND created_by = ?17 AND created_at = ?18 AND version = ?21 - 1
        """)
    private static let forgetTerminals = SQL(
        """
        DELETE FROM terminals WHERE id IN (
            SELECT id FROM terminals WHERE state = 'exited' AND ended_at < ?1 ORDER BY ended_at LIMIT ?2)
        """)

    package func insert(_ terminal: Terminal) throws {
        try db.post(Self.insertTerminal, terminalParameters(terminal) + [.text(terminal.node)])
    }

    package func save(_ terminal: Terminal) throws {
        try updateOne(Self.saveTerminal, terminalParameters(terminal), "terminal \(terminal.id)")
    }

    package func forgetTerminals(endedBefore time: Timestamp, limit: Int) throws -> Int {
        try db.execute(Self.forgetTerminals, [.integer(time.milliseconds), .integer(limit)])
    }

    private func terminalParameters(_ terminal: Terminal) -> [SQLValue] {
        [
            .text(terminal.id.text), .text(terminal.workspace.text), .optional(terminal.agent?.text),
            .text(terminal.kind), .text(terminal.name), .text(terminal.title), .text(terminal.command),
            .text(terminal.directory), .text(terminal.worktree), .text(terminal.state.rawValue),
            .integer(terminal.stateSince.milliseconds), .text(terminal.blockedReason), .flag(terminal.isAgentAlive),
            .text(terminal.pane), .integer(terminal.processID), .optional(terminal.exitCode.map { Int64($0) }),
            .text(terminal.createdBy), .integer(terminal.createdAt.milliseconds),
            .optional(terminal.lastOutputAt?.milliseconds), .optional(terminal.endedAt?.milliseconds),
            .integer(terminal.version),
        ]
    }
}
