/// A git repository on this machine that worktrees are made of.
package struct Repo: Sendable, Hashable {
    package var id: RepoID
    package var workspace: WorkspaceID
    /// Top of its main worktree; absolute, links resolved.
    package var path: String
    package var name: String
    /// What new worktrees start from; empty means the repository's default branch.
    package var baseRef: String
    package var createdAt: Timestamp
    /// The server on whose machine it is; empty where there is only one.
    package var node = ""
    package var version: Int

    package init(id: RepoID, workspace: WorkspaceID, path: String, name: String, at now: Timestamp) {
        self.id = id
        self.workspace = workspace
        self.path = path
        self.name = name
        baseRef = ""
        createdAt = now
        version = 1
    }
}
