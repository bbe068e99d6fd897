package import OrcaDomain
import OrcaStore

struct SQLWorkspaces: WorkspaceCollection {
    let db: any SQLConnection

    private static let columns = "id, name, about, version, created_at, updated_at"
    private static let byID = SQL("SELECT \(columns) FROM workspaces WHERE id = ?1")
    private static let byName = SQL("SELECT \(columns) FROM workspaces WHERE name = ?1")
    private static let list = SQL("SELECT \(columns) FROM workspaces WHERE name > ?1 ORDER BY name LIMIT ?2")

    func find(_ id: WorkspaceID) throws -> Workspace? {
        let read = { try db.first(Self.byID, [.text(id.text)], Self.read) }
        guard let memory = db.memory else { return try read() }
        return try memory.workspace(.id(id.text), read: read)
    }

    func find(name: String) throws -> Workspace? {
        let read = { try db.first(Self.byName, [.text(name)], Self.read) }
        guard let memory = db.memory else { return try read() }
        return try memory.workspace(.name(name), read: read)
    }

    func page(_ request: PageRequest) throws -> Page<Workspace> {
        let rows = try db.query(
            Self.list, [.text(request.after ?? ""), .integer(request.limit + 1)], Self.read)
        return request.cut(rows, key: \.name)
    }

    private static func read(_ row: any SQLRow) -> Workspace {
        var workspace = Workspace(
            id: WorkspaceID(stored: row.text(0)), name: row.text(1), about: row.text(2),
            at: Timestamp(milliseconds: row.integer(4)))
        workspace.version = row.int(3)
        workspace.updatedAt = Timestamp(milliseconds: row.integer(5))
        return workspace
    }
}

extension SQLSession {
    private static let insertWorkspace = SQL(
        "INSERT INTO workspaces (id, name, about, version, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
    private static let saveWorkspace = SQL(
        "UPDATE workspaces SET about = ?2, version = ?3, updated_at = ?4 WHERE id = ?1 AND version = ?3 - 1")
    private static let deleteWorkspace = SQL("DELETE FROM workspaces WHERE id = ?1")
    private static let deleteAgents = SQL("DELETE FROM agents WHERE workspace_id = ?1")
    private static let deleteEvents = SQL("DELETE FROM events WHERE workspace_id = ?1")

    package func insert(_ workspace: Workspace) throws {
        try db.post(
            Self.insertWorkspace,
            [
                .text(workspace.id.text), .text(workspace.name), .text(workspace.about), .integer(workspace.version),
                .integer(workspace.createdAt.milliseconds), .integer(workspace.updatedAt.milliseconds),
            ])
    }

    package func save(_ workspace: Workspace) throws {
        db.memory?.workspacesChanged()
        try updateOne(
            Self.saveWorkspace,
            [
                .text(workspace.id.text), .text(workspace.about), .integer(workspace.version),
                .integer(workspace.updatedAt.milliseconds),
            ], "workspace \(workspace.name)")
    }

    package func delete(_ id: WorkspaceID) throws {
        _ = try deleteMessages(of: id)
        db.memory?.forget(workspace: id.text)
        for statement in [Self.deleteAgents, Self.deleteEvents, Self.deleteWorkspace] {
            try db.post(statement, [.text(id.text)])
        }
    }
}
