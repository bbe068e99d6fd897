import OrcaDomain
import OrcaStore

// Repositories and worktrees.
extension StoreContract {
    static func checkouts(_ store: any Store) async throws {
        try await Samples.prepare(store)
        var repo = Repo(
            id: RepoID(stored: "11111111-2222"), workspace: Samples.workspace.id, path: "/src/a b", name: "a b",
            at: Samples.now)
        repo.baseRef = "origin/main"
        let other = Repo(
            id: RepoID(stored: "33333333-4444"), workspace: Samples.workspace.id, path: "/src/a b", name: "again",
            at: Samples.now)
        var tree = Worktree(
            id: Worktree.id(repo: repo.id, path: "/trees/é"), instance: "i1", repo: repo.id,
            workspace: Samples.workspace.id, path: "/trees/é", createdBy: "me", at: Samples.now)
        let bare = tree
        tree.state = .creating
        (tree.comment, tree.branch, tree.baseRef, tree.baseCommit) = ("c\n", "é", "origin/main", "abc")
        (tree.linkedIssue, tree.linkedLinearIssue, tree.workspaceStatus) = (7, "LIN-1", "done")
        tree.parent = Worktree.Parent(worktree: WorktreeID(stored: "p::/x"), instance: "i0")
        (tree.capture, tree.origin, tree.task, tree.run, tree.coordinator) = (
            .dispatch, "orchestration", "task_1", "run_1", "term_1"
        )
        tree.placed = [".env", "a \"b\""]
        let (first, half) = (repo, tree)
        try await store.write {
            try $0.insert(first)
            try $0.insert(half)
        }
        try await refuses(store, "two repositories at one path") { try $0.insert(other) }
        try await refuses(store, "two worktrees of one id") { try $0.insert(bare) }
        repo.baseRef = ""
        repo.version = 2
        var ready = tree
        (ready.state, ready.parent, ready.linkedIssue, ready.version) = (.ready, nil, nil, 2)
        let (changed, made) = (repo, ready)
        try await store.read { tx in
            try requireEqual(
                try tx.repos.find(path: first.path, in: first.workspace, on: first.node), first, "repository by path")
            try requireEqual(try tx.worktrees.find(half.id), half, "worktree")
            try requireEqual(try tx.worktrees.halfMade(limit: 10), [half], "half-made worktrees")
        }
        try await store.write {
            try $0.save(changed)
            try $0.save(made)
        }
        try await refuses(store, "a stale repository") { try $0.save(changed) }
        try await refuses(store, "a stale worktree") { try $0.save(made) }
        try await store.read { tx in
            try requireEqual(try tx.repos.find(changed.id), changed, "changed repository")
            try requireEqual(try tx.repos.list(in: changed.workspace, limit: 5), [changed], "repositories")
            try requireEqual(try tx.worktrees.list(in: made.workspace, limit: 5), [made], "worktrees")
            try require(try tx.worktrees.halfMade(limit: 10).isEmpty, "none is half made")
        }
        try await store.write { try $0.delete(made) }
        try await store.read { try require(try $0.worktrees.find(made.id) == nil, "a deleted worktree is gone") }
    }

    private static func refuses(
        _ store: any Store, _ what: String, _ body: @escaping @Sendable (any StoreTransaction) throws -> Void
    ) async throws {
        var isRefused = false
        do { try await store.write { try body($0) } } catch { isRefused = true }
        try require(isRefused, "\(what) must be refused")
    }
}
