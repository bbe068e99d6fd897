package import OrcaCheckout
package import OrcaDomain

/// Where a coordinator gets its workers, and what happens to what they made. Slow work outside of transactions; every
/// call may be repeated after a crash.
package protocol Workforce: Sendable {
    /// Kinds of agents that can be started on this machine, best first.
    func installedAgents() async -> [String]
    /// A fresh worktree for one attempt: the base as it is now, with the work of `inputs` in it.
    func prepare(_ order: WorkplaceOrder) async throws -> Workplace
    /// The worktree that already exists under an id; throws when it does not.
    func workplace(_ worktree: String, in workspace: WorkspaceID) async throws -> Workplace
    /// Starts an agent in a workplace, and answers its terminal once it is up.
    /// - Parameter isFresh: the workplace was prepared for it, so that it need not ask whether to trust it.
    func launch(
        _ kind: String, in place: Workplace, title: String, workspace: WorkspaceID, isFresh: Bool
    ) async throws -> TerminalID
    /// Commits what an agent left uncommitted in a workplace that was prepared for it.
    func collect(_ place: Workplace, message: String) async throws -> Harvest
    /// Ends a worker that is not needed any more.
    func dismiss(_ terminal: TerminalID) async
    /// Takes away a workplace that was prepared for an attempt, when nothing in it would be lost; its branch stays.
    func clear(_ worktree: String, in workspace: WorkspaceID) async
    /// Merges the branches of a project's finished tasks.
    func merge(
        _ project: String, in workspace: WorkspaceID, repository: String, base: String
    ) async throws -> MergeReport
}

package struct WorkplaceOrder: Sendable, Hashable {
    package var workspace: WorkspaceID
    /// Id or path; empty for the project's.
    package var repository: String
    package var project: ProjectID
    /// Empty for the repository's.
    package var baseBranch: String
    /// Readable; becomes the name of directory and branch.
    package var name: String
    /// Work that has to be in it.
    package var inputs: [FinishedWork]
    /// For the worktree's lineage: the task it is for, its run, and the handle of whoever coordinates.
    package var task: TaskID?
    package var run: RunID?
    package var coordinator: String

    package init(workspace: WorkspaceID, project: ProjectID, repository: String, baseBranch: String, name: String) {
        self.workspace = workspace
        self.project = project
        self.repository = repository
        self.baseBranch = baseBranch
        self.name = name
        inputs = []
        coordinator = ""
    }
}

/// A directory that a worker works in.
package struct Workplace: Sendable, Hashable {
    /// Id of the worktree.
    package var worktree: String
    package var path: String
    package var branch: String

    package init(worktree: String, path: String, branch: String) {
        self.worktree = worktree
        self.path = path
        self.branch = branch
    }
}

/// What came out of a workplace.
package struct Harvest: Sendable, Hashable {
    package var branch: String
    package var commit: String

    package init(branch: String, commit: String) {
        self.branch = branch
        self.commit = commit
    }
}

package struct MergeReport: Sendable, Hashable {
    package var isComplete: Bool
    /// For people: what was merged into what, and what was not.
    package var text: String
    /// References of the tasks that were made of conflicts.
    package var resolutions: [String]

    package init(isComplete: Bool, text: String, resolutions: [String] = []) {
        self.isComplete = isComplete
        self.text = text
        self.resolutions = resolutions
    }
}
