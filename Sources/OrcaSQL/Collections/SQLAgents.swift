package import OrcaDomain
import OrcaStore

struct SQLAgents: AgentCollection {
    let db: any SQLConnection

    private static let columns = """
        id, workspace_id, name, kind, tool, tags, capabilities, capacity, host, draining, active_leases, last_seen_at,
        version, created_at
        """
    static let byID = SQL("SELECT \(columns) FROM agents WHERE id = ?1")
    static let byName = SQL("SELECT \(columns) FROM agents WHERE workspace_id = ?1 AND name = ?2")
    private static let list = SQL(
        "SELECT \(columns) FROM agents WHERE workspace_id = ?1 AND name > ?2 ORDER BY name LIMIT ?3")
    private static let presentNow = SQL(
        """
        SELECT \(columns) FROM agents WHERE workspace_id = ?1 AND last_seen_at >= ?2 AND draining = 0
        ORDER BY name LIMIT ?3
        """)

    func find(_ id: AgentID) throws -> Agent? {
        try db.first(Self.byID, [.text(id.text)], Self.read)
    }

    func find(name: String, in workspace: WorkspaceID) throws -> Agent? {
        try db.first(Self.byName, [.text(workspace.text), .text(name)], Self.read)
    }

    func page(in workspace: WorkspaceID, _ request: PageRequest) throws -> Page<Agent> {
        let rows = try db.query(
            Self.list, [.text(workspace.text), .text(request.after ?? ""), .integer(request.limit + 1)], Self.read)
        return request.cut(rows, key: \.name)
    }

    func present(in workspace: WorkspaceID, since: Timestamp, limit: Int) throws -> [Agent] {
        try db.query(
            Self.presentNow, [.text(workspace.text), .integer(since.milliseconds), .integer(limit)], Self.read)
    }

    private static func read(_ row: any SQLRow) throws -> Agent {
        var agent = Agent(
            id: AgentID(stored: row.text(0)), workspace: WorkspaceID(stored: row.text(1)), name: row.text(2),
            at: Timestamp(milliseconds: row.integer(13)))
        agent.kind = try Agent.Kind.stored(row.text(3))
        agent.tool = row.text(4)
        agent.tags = try TextCodec.words(row.text(5))
        agent.capabilities = try TextCodec.pairs(row.text(6))
        agent.capacity = row.int(7)
        agent.host = row.text(8)
        agent.isDraining = row.flag(9)
        agent.activeLeases = row.int(10)
        agent.lastSeenAt = Timestamp(milliseconds: row.integer(11))
        agent.version = row.int(12)
        return agent
    }
}

extension SQLSession {
    private static let insertAgent = SQL(
        """
        INSERT INTO agents (id, workspace_id, name, kind, tool, tags, capabilities, capacity, host, draining,
            active_leases, last_seen_at, version, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        """)
    private static let saveAgent = SQL(
        """
        UPDATE agents SET kind = ?4, tool = ?5, tags = ?6, capabilities = ?7, capacity = ?8, host = ?9, draining = ?10,
            active_leases = ?11, last_seen_at = ?12, version = ?13
        WHERE id = ?1 AND workspace_id = ?2 AND name = ?3 AND version = ?13 - 1 AND created_at = ?14
        """)
    static let touchAgent = SQL(
        """
        UPDATE agents SET last_seen_at = CASE WHEN last_seen_at < ?2 THEN ?2 ELSE last_seen_at END,
            active_leases = active_leases + ?3
        WHERE id = ?1
        """)
    private static let deleteAgent = SQL("DELETE FROM agents WHERE id = ?1")

    package func insert(_ agent: Agent) throws {
        try db.post(Self.insertAgent, agentParameters(agent))
    }

    package func save(_ agent: Agent) throws {
        try updateOne(Self.saveAgent, agentParameters(agent), "agent \(agent.name)")
    }

    package func touch(_ agent: AgentID, at now: Timestamp, leases delta: Int) throws {
        try updateOne(
            Self.touchAgent, [.text(agent.text), .integer(now.milliseconds), .integer(delta)], "agent \(agent)")
    }

    package func delete(_ id: AgentID) throws {
        try db.post(Self.deleteAgent, [.text(id.text)])
    }

    private func agentParameters(_ agent: Agent) -> [SQLValue] {
        [
            .text(agent.id.text), .text(agent.workspace.text), .text(agent.name), .text(agent.kind.rawValue),
            .text(agent.tool), .text(TextCodec.encode(agent.tags)), .text(TextCodec.encode(agent.capabilities)),
            .integer(agent.capacity), .text(agent.host), .flag(agent.isDraining), .integer(agent.activeLeases),
            .integer(agent.lastSeenAt.milliseconds), .integer(agent.version), .integer(agent.createdAt.milliseconds),
        ]
    }
}
