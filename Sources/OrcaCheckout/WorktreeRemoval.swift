import OrcaGit
import OrcaSupport

/// Takes one worktree away, and loses no work unless it was told to.
struct WorktreeRemoval {
    private let runner: GitRunner
    private let order: RemovalOrder

    init(runner: GitRunner, order: RemovalOrder) {
        self.runner = runner
        self.order = order
    }

    func run() throws(CheckoutError) -> RemovedWorktree {
        let repository = try onGit { () throws(GitError) in try GitRepository.open(order.repository, runner: runner) }
        let known = try onGit { () throws(GitError) in try repository.worktrees() }
        guard let position = known.firstIndex(where: { $0.path == order.path }) else { return try forgotten() }
        guard position > 0 else {
            throw CheckoutError(
                .mainWorktree,
                "\(order.path) is the main worktree of its repository. Only worktrees beside it can be removed.")
        }
        let tree = known[position]
        if !order.force { try check(tree, in: repository) }
        return try take(tree, in: repository)
    }

    /// git knows nothing of it: there is nothing of ours to take away, unless the directory is empty.
    private func forgotten() throws(CheckoutError) -> RemovedWorktree {
        guard Files.kind(order.path) != nil, !order.force else {
            return RemovedWorktree(preservedBranch: nil, warning: nil)
        }
        throw CheckoutError(
            .unsafe,
            "\(order.path) is no longer a worktree of \(order.repository), but there is something in it. Look at it; "
                + "--force forgets it and leaves the directory.")
    }

    private func check(_ tree: GitWorktree, in repository: GitRepository) throws(CheckoutError) {
        if tree.isLocked {
            throw CheckoutError(
                .unsafe, "\(tree.path) is locked. Unlock it with `git worktree unlock`, or remove it with --force.")
        }
        var losses: [String] = []
        var items: [String] = []
        if !tree.isPrunable {
            let changed = try uncommitted(tree.path, repository)
            if !changed.isEmpty {
                losses.append("changes that are not committed (\(Self.list(changed)))")
                items += changed
            }
        }
        let commits = try unmerged(tree, repository)
        if !commits.isEmpty {
            losses.append(
                "commits that are on no other branch (\(Self.list(commits.map { "\($0.id.short) \($0.subject)" })))")
            items += commits.map(\.id.text)
        }
        guard !losses.isEmpty else { return }
        throw CheckoutError(
            .unsafe,
            "\(tree.path) has \(losses.joined(separator: " and ")). Commit and merge them, or remove it with --force, which "
                + "loses the changes and keeps the branch.",
            items: items)
    }

    private func take(_ tree: GitWorktree, in repository: GitRepository) throws(CheckoutError) -> RemovedWorktree {
        let open = try !unmerged(tree, repository).isEmpty
        var preserved: String?
        if open {
            preserved = tree.branch
            if preserved == nil { preserved = try rescue(tree, repository) }
        }
        try onGit { () throws(GitError) in try repository.removeWorktree(tree.path) }
        guard let branch = tree.branch, !open else { return RemovedWorktree(preservedBranch: preserved, warning: nil) }
        guard order.ownsBranch else { return RemovedWorktree(preservedBranch: branch, warning: nil) }
        do throws(CheckoutError) {
            try onGit { () throws(GitError) in
                if let tip = try repository.branchTip(branch) { try repository.deleteBranch(branch, at: tip) }
            }
            return RemovedWorktree(preservedBranch: nil, warning: nil)
        } catch {
            return RemovedWorktree(preservedBranch: branch, warning: "The branch stays: \(error.message)")
        }
    }

    /// Commits without a branch get one.
    private func rescue(_ tree: GitWorktree, _ repository: GitRepository) throws(CheckoutError) -> String? {
        guard let head = tree.head else { return nil }
        let name = "rescued/" + head.short
        try onGit { () throws(GitError) in
            if try repository.branchTip(name) == nil { try repository.moveBranch(name, from: nil, to: head) }
        }
        return name
    }

    private func uncommitted(_ path: String, _ repository: GitRepository) throws(CheckoutError) -> [String] {
        let placed = Set(order.placed.flatMap { [$0, $0 + "/"] })
        let limit = WorktreeStatus.uncommittedMax + placed.count
        let changed = try onGit { () throws(GitError) in try repository.uncommitted(in: path, limit: limit) }
        return Array(changed.filter { !placed.contains($0) }.prefix(WorktreeStatus.uncommittedMax))
    }

    private func unmerged(_ tree: GitWorktree, _ repository: GitRepository) throws(CheckoutError) -> [GitCommit] {
        guard let head = tree.head else { return [] }
        return try onGit { () throws(GitError) in
            let base = try order.base.flatMap { (name) throws(GitError) in try repository.commit(name) }
            return try repository.unmerged(head, branch: tree.branch, base: base, limit: WorktreeStatus.uncommittedMax)
        }
    }

    private static func list(_ items: [String]) -> String {
        items.prefix(5).joined(separator: ", ") + (items.count > 5 ? ", …" : "")
    }
}
