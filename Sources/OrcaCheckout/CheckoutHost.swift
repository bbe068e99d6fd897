/// The port to working copies: repositories and their worktrees on one machine. Everything may take as long as a remote
/// does; nothing blocks the caller's thread.
package protocol CheckoutHost: Sendable {
    /// What is at a path. Throws `not_a_repository` when it is in none.
    func inspect(_ path: String) async throws(CheckoutError) -> RepositoryFacts
    /// Branches and tags whose name has the text in it, the latest changed first.
    func searchRefs(_ repository: String, query: String, limit: Int) async throws(CheckoutError) -> RefSearch
    /// The base as it is now: fetched first where it has a remote. Without a name, the repository's default branch.
    func freshBase(_ repository: String, name: String?) async throws(CheckoutError) -> ResolvedBase
    /// The base with finished work merged into it, without a checkout. Throws `merge_conflict` when it does not fit
    /// together.
    func combine(
        _ work: [FinishedWork], onto base: ResolvedBase, of repository: String
    ) async throws(CheckoutError) -> ResolvedBase
    /// Finds a free name, and takes its directory so that nobody else gets it.
    func reserve(_ order: WorktreeOrder) async throws(CheckoutError) -> WorktreePlace
    /// Makes the worktree at the place that was reserved; nothing is left of it when that fails.
    func build(
        _ place: WorktreePlace, at base: ResolvedBase, of repository: String
    ) async throws(CheckoutError) -> BuiltWorktree
    /// Runs what the repository's `orca.yaml` wants run in a new worktree.
    func setUp(_ order: HookOrder) async -> HookOutcome
    /// All worktrees that git knows, the main one first.
    func worktrees(of repository: String) async throws(CheckoutError) -> [WorktreeFacts]
    /// What is checked out at a path, what is not committed, and how it stands to a base.
    func status(of path: String, base: String?) async throws(CheckoutError) -> WorktreeStatus
    /// How far a worktree is behind its base, as the base is known here now. `nil` when it cannot be told.
    func drift(of path: String, base: String) async throws(CheckoutError) -> BaseDrift?
    /// Commits what was left uncommitted in a worktree, and answers what is checked out there now.
    func collect(_ path: String, message: String) async throws(CheckoutError) -> CollectedWork
    /// Takes a worktree away. Refuses to lose work unless it is told to.
    func remove(_ order: RemovalOrder) async throws(CheckoutError) -> RemovedWorktree
    /// Takes away what a creation left that never came to its end.
    func discard(_ place: WorktreePlace, of repository: String) async throws(CheckoutError)
    /// Forgets worktrees whose directory is gone.
    func prune(_ repository: String) async throws(CheckoutError)
}

package struct RepositoryFacts: Sendable, Hashable {
    /// Top of the main worktree; the git directory of a bare repository.
    package let path: String
    /// Last part of the path, without `.git`.
    package let name: String
    package let isBare: Bool
    /// What new work starts from when nobody says; `nil` when there is no commit.
    package let defaultBase: String?
    package let userName: String?
}

package struct RefSearch: Sendable, Hashable {
    package struct Ref: Sendable, Hashable {
        /// `main`, `origin/main`, `v1.0`.
        package let name: String
        package let full: String
        package let commit: String
    }

    package let refs: [Ref]
    package let isTruncated: Bool
}

package struct ResolvedBase: Sendable, Hashable {
    /// `origin/main`
    package let name: String
    package let commit: String
    /// Something the person should know about it.
    package let warning: String?
}

/// What somebody made that others build on.
package struct FinishedWork: Sendable, Hashable {
    /// What people call it: the task's reference.
    package let name: String
    /// Branch or commit.
    package let tip: String

    package init(name: String, tip: String) {
        self.name = name
        self.tip = tip
    }
}

package struct CollectedWork: Sendable, Hashable {
    /// Empty when no branch is checked out.
    package let branch: String
    package let commit: String
}

package struct WorktreeOrder: Sendable, Hashable {
    package var repository: String
    /// As the person wrote it.
    package var name: String
    /// The directory that the worktree goes into.
    package var folder: String
    /// Stands before the branch's name: empty, or with its slash.
    package var branchPrefix: String

    package init(repository: String, name: String, folder: String, branchPrefix: String = "") {
        self.repository = repository
        self.name = name
        self.folder = folder
        self.branchPrefix = branchPrefix
    }
}

/// Where a worktree goes.
package struct WorktreePlace: Sendable, Hashable {
    package let path: String
    /// The name that was free: as wished, or with a number.
    package let name: String
    package let branch: String

    package init(path: String, name: String, branch: String) {
        self.path = path
        self.name = name
        self.branch = branch
    }
}

package struct BuiltWorktree: Sendable, Hashable {
    package let head: String
    /// Paths below it that were copied or linked from the main worktree.
    package let placed: [String]
    package let warnings: [String]
    /// Whether `orca.yaml` wants something run in it.
    package let hasSetup: Bool
}

/// Something of `orca.yaml` to run.
package struct HookOrder: Sendable, Hashable {
    package enum Moment: String, Sendable, Hashable {
        case setup, archive
    }

    package var moment: Moment
    package var worktree: String
    package var mainWorktree: String
    package var name: String

    package init(_ moment: Moment, worktree: String, mainWorktree: String, name: String) {
        self.moment = moment
        self.worktree = worktree
        self.mainWorktree = mainWorktree
        self.name = name
    }
}

package enum HookOutcome: Sendable, Hashable {
    /// `orca.yaml` wants nothing run.
    case nothing
    case succeeded(output: String)
    /// In words for a person, with the end of what it printed.
    case failed(String)
}

package struct WorktreeFacts: Sendable, Hashable {
    package let path: String
    /// `nil` when no branch is checked out.
    package let branch: String?
    package let head: String?
    package let isBare: Bool
    package let isMain: Bool
    package let isLocked: Bool
    /// Its directory is gone.
    package let isMissing: Bool
}

extension WorktreeFacts {
    /// Those of one that was just made.
    package init(_ place: WorktreePlace, head: String) {
        self.init(
            path: place.path, branch: place.branch, head: head, isBare: false, isMain: false, isLocked: false,
            isMissing: false)
    }
}

package struct WorktreeStatus: Sendable, Hashable {
    package let branch: String?
    package let head: String?
    /// Paths with changes that are not committed, at most `uncommittedMax`.
    package let uncommitted: [String]
    /// `nil` without a base.
    package let ahead: Int?
    package let behind: Int?

    package static let uncommittedMax = 20
}

package struct BaseDrift: Sendable, Hashable {
    package let base: String
    package let behind: Int
    /// Subjects of the newest commits that are missing, at most five.
    package let missing: [String]

    package static let missingMax = 5
}

package struct RemovalOrder: Sendable, Hashable {
    package var repository: String
    package var path: String
    /// What counts as merged, besides other branches and remotes.
    package var base: String?
    /// Deletes the branch too when all of its work is elsewhere.
    package var ownsBranch: Bool
    /// Loses what is not committed, and keeps the branch for the rest.
    package var force: Bool
    /// Paths below it that are no work: copied or linked there by us.
    package var placed: [String]

    package init(
        repository: String, path: String, base: String? = nil, ownsBranch: Bool = true, force: Bool = false,
        placed: [String] = []
    ) {
        self.repository = repository
        self.path = path
        self.base = base
        self.ownsBranch = ownsBranch
        self.force = force
        self.placed = placed
    }
}

package struct RemovedWorktree: Sendable, Hashable {
    /// The branch that holds what is on no other; `nil` when nothing had to be kept.
    package let preservedBranch: String?
    package let warning: String?
}
