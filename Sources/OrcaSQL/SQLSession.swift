package import OrcaStore

/// A transaction (or snapshot) over one connection: the collections and verbs of the store, written once in SQL.
package struct SQLSession: StoreTransaction {
    package let db: any SQLConnection

    package init(_ connection: any SQLConnection) {
        db = connection
    }

    package var workspaces: any WorkspaceCollection { SQLWorkspaces(db: db) }
    package var projects: any ProjectCollection { SQLProjects(db: db) }
    package var tasks: any TaskCollection { SQLTasks(db: db) }
    package var dependencies: any DependencyCollection { SQLDependencies(db: db) }
    package var attempts: any AttemptCollection { SQLAttempts(db: db) }
    package var leases: any LeaseCollection { SQLLeases(db: db) }
    package var agents: any AgentCollection { SQLAgents(db: db) }
    package var events: any EventCollection { SQLEvents(db: db) }
    package var tokens: any TokenCollection { SQLTokens(db: db) }
    package var terminals: any TerminalCollection { SQLTerminals(db: db) }
    package var repos: any RepoCollection { SQLRepos(db: db) }
    package var worktrees: any WorktreeCollection { SQLWorktrees(db: db) }
    package var gates: any GateCollection { SQLGates(db: db) }
    package var dispatches: any DispatchCollection { SQLDispatches(db: db) }
    package var runs: any RunCollection { SQLRuns(db: db) }
    package var messages: any MessageCollection { SQLMessages(db: db) }
    package var replies: any ReplyCollection { SQLReplies(db: db) }
    package var servers: any ServerCollection { SQLServers(db: db) }

    /// Runs an update that must hit exactly one row; otherwise somebody else changed it meanwhile.
    func updateOne(_ statement: SQL, _ parameters: [SQLValue], _ what: String) throws {
        try db.post(statement, parameters, RowClaim(rows: 1, what: what))
    }
}

extension PageRequest {
    /// Turns `limit + 1` fetched rows into a page.
    func cut<Row>(_ rows: [Row], key: (Row) -> String) -> Page<Row> {
        guard rows.count > limit else { return Page(rows: rows, next: nil) }
        let kept = Array(rows.prefix(limit))
        return Page(rows: kept, next: kept.last.map(key))
    }
}
