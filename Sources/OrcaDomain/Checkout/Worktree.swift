/// What Orca knows about a worktree beyond what git does.
///
/// Its id is made of its repository and its path. A path can be used again: `instance` tells one worktree from the next
/// one there, and a parent is named with its instance, so that a new worktree does not inherit an old one's children.
package struct Worktree: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// Its directory is being filled. A server that starts and finds it so takes it away.
        case creating
        case ready
    }

    /// Where the knowledge about the parent came from.
    package enum Capture: String, Sendable, Hashable, CaseIterable {
        case none
        /// `--parent-worktree`.
        case flag
        /// The environment of the terminal it was asked for in.
        case environment
        /// The work that this terminal was given.
        case dispatch
        /// A task that the comment names.
        case comment
        /// The terminal it was asked for in.
        case terminal
        /// The directory it was asked for in.
        case directory

        /// Whether somebody said so, or it was only likely.
        package var confidence: String { self == .flag ? "explicit" : "inferred" }
    }

    package struct Parent: Sendable, Hashable {
        package var worktree: WorktreeID
        package var instance: String

        package init(worktree: WorktreeID, instance: String) {
            self.worktree = worktree
            self.instance = instance
        }
    }

    package var id: WorktreeID
    package var workspace: WorkspaceID
    package var repo: RepoID
    package var instance: String
    package var path: String
    package var state: State
    package var displayName: String
    package var comment: String
    /// The branch it was made with, without `refs/heads/`; empty when Orca did not make it.
    package var branch: String
    package var baseRef: String
    package var baseCommit: String
    package var linkedIssue: Int?
    package var linkedLinearIssue: String
    package var workspaceStatus: String
    package var parent: Parent?
    package var capture: Capture
    /// `cli`, or `orchestration` when a dispatched worker or a coordinator asked.
    package var origin: String
    package var task: String
    package var run: String
    package var coordinator: String
    /// Paths below it that were copied or linked there.
    package var placed: [String]
    package var createdBy: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    /// The server on whose machine it is; empty where there is only one.
    package var node = ""
    package var version: Int

    package static let workspaceStatusDefault = "in-progress"

    package init(
        id: WorktreeID, instance: String, repo: RepoID, workspace: WorkspaceID, path: String, createdBy: String,
        at now: Timestamp
    ) {
        self.id = id
        self.instance = instance
        self.repo = repo
        self.workspace = workspace
        self.path = path
        self.createdBy = createdBy
        state = .ready
        displayName = String(path.split(separator: "/").last ?? "")
        comment = ""
        branch = ""
        baseRef = ""
        baseCommit = ""
        linkedLinearIssue = ""
        workspaceStatus = Self.workspaceStatusDefault
        capture = .none
        origin = "cli"
        task = ""
        run = ""
        coordinator = ""
        placed = []
        createdAt = now
        updatedAt = now
        version = 1
    }

    package static func id(repo: RepoID, path: String) -> WorktreeID {
        WorktreeID(stored: repo.text + "::" + path)
    }
}
