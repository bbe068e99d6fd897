import OrcaCheckout
import OrcaDomain

/// A worktree as git and Orca know it together.
struct WorktreeView: Sendable {
    let repo: Repo
    let path: String
    /// `nil` while it is made, and when its directory was taken away behind git's back.
    var facts: WorktreeFacts?
    /// `nil` for one that Orca knows nothing more about.
    var row: Worktree?

    var id: WorktreeID { Worktree.id(repo: repo.id, path: path) }
    var branch: String? { facts.map(\.branch) ?? row?.branch }
    var displayName: String { row?.displayName ?? Worktree.blank(repo, path).displayName }
    var isMissing: Bool { facts?.isMissing ?? (row?.state == .ready) }

    /// What Orca knows, or would begin with.
    func rowOrBlank(at now: Timestamp, by creator: String, instance: String) -> Worktree {
        if let row { return row }
        return Worktree(
            id: id, instance: instance, repo: repo.id, workspace: repo.workspace, path: path, createdBy: creator,
            at: now)
    }
}

extension Worktree {
    fileprivate static func blank(_ repo: Repo, _ path: String) -> Worktree {
        Worktree(
            id: id(repo: repo.id, path: path), instance: "", repo: repo.id, workspace: repo.workspace, path: path,
            createdBy: "", at: repo.createdAt)
    }
}

/// Selectors: how people and scripts name repositories and worktrees.
enum Selector {
    static func repo(_ word: String, in repos: [Repo]) throws(DomainError) -> Repo {
        let (kind, value) = split(word, ["id", "path", "name"])
        let found = repos.filter { repo in
            switch kind {
            case "id": repo.id.text == value
            case "path": repo.path == value
            case "name": repo.name == value
            default: repo.id.text == word || repo.path == word || repo.name == word
            }
        }
        if let first = found.first {
            guard found.count == 1 else { throw ambiguous(word, found.map { "id:\($0.id.text)" }) }
            return first
        }
        throw DomainError(
            .repoNotFound, "repo_not_found",
            details: [
                "selector": word,
                "next_steps": "'orca repo list' shows the repositories; 'orca repo add --path <path>' adds one.",
            ])
    }

    static func worktree(_ word: String, in views: [WorktreeView]) throws(DomainError) -> WorktreeView {
        let (kind, value) = split(word, ["id", "path", "branch", "name", "issue", "worktree"])
        let found: [WorktreeView]
        switch kind {
        case "id", "worktree": found = views.filter { $0.id.text == value }
        case "path": found = Array(views.filter { $0.path == value }.prefix(1))
        case "branch": found = views.filter { $0.branch == plain(value) }
        case "name": found = views.filter { $0.displayName == value }
        case "issue": found = views.filter { view in view.row?.linkedIssue.map(String.init) == value }
        default:
            let exact = views.filter { $0.id.text == word || $0.path == word }
            found = exact.isEmpty ? views.filter { $0.branch == plain(word) } : Array(exact.prefix(1))
        }
        guard let first = found.first else { throw notFound(word) }
        guard found.count == 1 else { throw ambiguous(word, found.map { "id:\($0.id.text)" }) }
        return first
    }

    static func notFound(_ word: String) -> DomainError {
        DomainError(
            .selectorNotFound, "selector_not_found",
            details: ["selector": word, "next_steps": "'orca worktree list' shows the worktrees and their ids."])
    }

    private static func ambiguous(_ word: String, _ ids: [String]) -> DomainError {
        DomainError(
            .selectorAmbiguous, "selector_ambiguous",
            details: ["selector": word, "next_steps": "Name one of them: \(ids.prefix(10).joined(separator: ", "))"])
    }

    private static func plain(_ branch: String) -> String {
        branch.hasPrefix("refs/heads/") ? String(branch.dropFirst("refs/heads/".count)) : branch
    }

    private static func split(_ word: String, _ kinds: [String]) -> (kind: String?, value: String) {
        for kind in kinds where word.hasPrefix(kind + ":") { return (kind, String(word.dropFirst(kind.count + 1))) }
        return (nil, word)
    }
}
