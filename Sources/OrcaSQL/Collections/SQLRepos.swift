package import OrcaDomain
import OrcaStore

struct SQLRepos: RepoCollection {
    let db: any SQLConnection

    private static let columns = "id, workspace_id, path, name, base_ref, created_at, version, node"
    private static let byID = SQL("SELECT \(columns) FROM repos WHERE id = ?1")
    private static let byPath = SQL("SELECT \(columns) FROM repos WHERE workspace_id = ?1 AND path = ?2 AND node = ?3")
    private static let ofWorkspace = SQL(
        "SELECT \(columns) FROM repos WHERE workspace_id = ?1 ORDER BY created_at, id LIMIT ?2")

    func find(_ id: RepoID) throws -> Repo? { try db.first(Self.byID, [.text(id.text)], Self.read) }

    func find(path: String, in workspace: WorkspaceID, on node: String) throws -> Repo? {
        try db.first(Self.byPath, [.text(workspace.text), .text(path), .text(node)], Self.read)
    }

    func list(in workspace: WorkspaceID, limit: Int) throws -> [Repo] {
        try db.query(Self.ofWorkspace, [.text(workspace.text), .integer(limit)], Self.read)
    }

    private static func read(_ row: any SQLRow) -> Repo {
        var repo = Repo(
            id: RepoID(stored: row.text(0)), workspace: WorkspaceID(stored: row.text(1)), path: row.text(2),
            name: row.text(3), at: Timestamp(milliseconds: row.integer(5)))
        repo.baseRef = row.text(4)
        repo.version = row.int(6)
        repo.node = row.text(7)
        return repo
    }
}

extension SQLSession {
    private static let insertRepo = SQL(
        """
        INSERT INTO repos (id, workspace_id, path, name, base_ref, created_at, version, node)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """)
    private static let saveRepo = SQL(
        "UPDATE repos SET name = ?2, base_ref = ?3, version = ?4 WHERE id = ?1 AND version = ?4 - 1")

    package func insert(_ repo: Repo) throws {
        try db.post(
            Self.insertRepo,
            [
                .text(repo.id.text), .text(repo.workspace.text), .text(repo.path), .text(repo.name),
                .text(repo.baseRef), .integer(repo.createdAt.milliseconds), .integer(repo.version),
                .text(repo.node),
            ])
    }

    package func save(_ repo: Repo) throws {
        try updateOne(
            Self.saveRepo, [.text(repo.id.text), .text(repo.name), .text(repo.baseRef), .integer(repo.version)],
            "repository \(repo.name)")
    }
}
