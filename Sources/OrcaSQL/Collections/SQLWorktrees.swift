package import OrcaDomain
import OrcaStore

struct SQLWorktrees: WorktreeCollection {
    let db: any SQLConnection

    private static let columns = """
        id, instance, workspace_id, repo_id, path, state, display_name, comment, branch, base_ref, base_commit,
        linked_issue, linked_linear_issue, workspace_status, parent_id, parent_instance, capture, origin, task, run,
        coordinator, placed, created_by, created_at, updated_at, version, node
        """
    private static let byID = SQL("SELECT \(columns) FROM worktrees WHERE id = ?1")
    private static let ofWorkspace = SQL(
        "SELECT \(columns) FROM worktrees WHERE workspace_id = ?1 ORDER BY created_at, id LIMIT ?2")
    private static let creating = SQL(
        "SELECT \(columns) FROM worktrees WHERE state = 'creating' ORDER BY created_at LIMIT ?1")

    func find(_ id: WorktreeID) throws -> Worktree? { try db.first(Self.byID, [.text(id.text)], Self.read) }

    func list(in workspace: WorkspaceID, limit: Int) throws -> [Worktree] {
        try db.query(Self.ofWorkspace, [.text(workspace.text), .integer(limit)], Self.read)
    }

    func halfMade(limit: Int) throws -> [Worktree] { try db.query(Self.creating, [.integer(limit)], Self.read) }

    private static func read(_ row: any SQLRow) throws -> Worktree {
        var tree = Worktree(
            id: WorktreeID(stored: row.text(0)), instance: row.text(1), repo: RepoID(stored: row.text(3)),
            workspace: WorkspaceID(stored: row.text(2)), path: row.text(4), createdBy: row.text(22),
            at: Timestamp(milliseconds: row.integer(23)))
        tree.state = try Worktree.State.stored(row.text(5))
        tree.displayName = row.text(6)
        tree.comment = row.text(7)
        tree.branch = row.text(8)
        tree.baseRef = row.text(9)
        tree.baseCommit = row.text(10)
        tree.linkedIssue = row.optionalInteger(11).map { Int($0) }
        tree.linkedLinearIssue = row.text(12)
        tree.workspaceStatus = row.text(13)
        if let parent = row.optionalText(14) {
            tree.parent = Worktree.Parent(worktree: WorktreeID(stored: parent), instance: row.text(15))
        }
        tree.capture = try Worktree.Capture.stored(row.text(16))
        tree.origin = row.text(17)
        tree.task = row.text(18)
        tree.run = row.text(19)
        tree.coordinator = row.text(20)
        tree.placed = try TextCodec.words(row.text(21))
        tree.updatedAt = Timestamp(milliseconds: row.integer(24))
        tree.version = row.int(25)
        tree.node = row.text(26)
        return tree
    }
}

extension SQLSession {
    private static let insertWorktree = SQL(
        """
        INSERT INTO worktrees (id, instance, workspace_id, repo_id, path, state, display_name, comment, branch, base_ref,
            base_commit, linked_issue, linked_linear_issue, workspace_status, parent_id, parent_instance, capture, origin,
            task, run, coordinator, placed, created_by, created_at, updated_at, version, node)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
            ?24, ?25, ?26, ?27)
        """)
    private static let saveWorktree = SQL(
        """
        UPDATE worktrees SET state = ?6, display_name = ?7, comment = ?8, branch = ?9, base_ref = ?10, base_commit = ?11,
            linked_issue = ?12, linked_linear_issue = ?13, workspace_status = ?14, parent_id = ?15, parent_instance = ?16,
            capture = ?17, origin = ?18, task = ?19, run = ?20, coordinator = ?21, placed = ?22, updated_at = ?25,
            version = ?26
        WHERE id = ?1 AND instance = ?2 AND workspace_id = ?3 AND repo_id = ?4 AND path = ?5 AND created_by = ?23
            AND created_at = ?24 AND version = ?26 - 1
        """)
    private static let deleteWorktree = SQL("DELETE FROM worktrees WHERE id = ?1 AND instance = ?2")

    package func insert(_ worktree: Worktree) throws {
        try db.post(Self.insertWorktree, worktreeParameters(worktree) + [.text(worktree.node)])
    }

    package func save(_ worktree: Worktree) throws {
        try updateOne(Self.saveWorktree, worktreeParameters(worktree), "worktree \(worktree.path)")
    }

    package func delete(_ worktree: Worktree) throws {
        try db.post(Self.deleteWorktree, [.text(worktree.id.text), .text(worktree.instance)])
    }

    private func worktreeParameters(_ tree: Worktree) -> [SQLValue] {
        [
            .text(tree.id.text), .text(tree.instance), .text(tree.workspace.text), .text(tree.repo.text),
            .text(tree.path), .text(tree.state.rawValue), .text(tree.displayName), .text(tree.comment),
            .text(tree.branch), .text(tree.baseRef), .text(tree.baseCommit),
            .optional(tree.linkedIssue.map { Int64($0) }), .text(tree.linkedLinearIssue), .text(tree.workspaceStatus),
            .optional(tree.parent?.worktree.text), .optional(tree.parent?.instance), .text(tree.capture.rawValue),
            .text(tree.origin), .text(tree.task), .text(tree.run), .text(tree.coordinator),
            .text(TextCodec.encode(tree.placed)), .text(tree.createdBy), .integer(tree.createdAt.milliseconds),
            .integer(tree.updatedAt.milliseconds), .integer(tree.version),
        ]
    }
}
