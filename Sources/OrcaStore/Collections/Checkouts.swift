package import OrcaDomain

package protocol RepoCollection {
    func find(_ id: RepoID) throws -> Repo?
    /// On one machine: another may have its own at the same path.
    func find(path: String, in workspace: WorkspaceID, on node: String) throws -> Repo?
    /// By creation.
    func list(in workspace: WorkspaceID, limit: Int) throws -> [Repo]
}

package protocol RepoWriting {
    func insert(_ repo: Repo) throws
    /// Saves the row under its next version.
    func save(_ repo: Repo) throws
}

package protocol WorktreeCollection {
    func find(_ id: WorktreeID) throws -> Worktree?
    /// Those Orca knows something about, by creation.
    func list(in workspace: WorkspaceID, limit: Int) throws -> [Worktree]
    /// Those whose creation has not come to its end, of every workspace.
    func halfMade(limit: Int) throws -> [Worktree]
}

package protocol WorktreeWriting {
    func insert(_ worktree: Worktree) throws
    /// Saves the row under its next version.
    func save(_ worktree: Worktree) throws
    func delete(_ worktree: Worktree) throws
}
