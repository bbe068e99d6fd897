import OrcaCheckout
import OrcaDomain
import OrcaEngine
import OrcaStore

/// Repositories and worktrees: what the store knows, and what git says now. git is asked outside of transactions.
struct CheckoutDesk: Sendable {
    let runtime: Runtime
    let host: any CheckoutHost

    /// Throws when this server keeps no repositories.
    init(_ runtime: Runtime) throws(DomainError) {
        guard let host = runtime.checkoutHost else {
            throw DomainError(.unavailable, "This server keeps no repositories. Ask one that runs beside them.")
        }
        self.runtime = runtime
        self.host = host
    }

    func workspace(_ word: String, _ actor: Actor) async throws -> WorkspaceID {
        try await runtime.store.read { try Lookup($0).workspace(word, for: actor).id }
    }

    func repos(_ workspace: WorkspaceID) async throws -> [Repo] {
        try await runtime.store.read { [node = runtime.node] store in
            try store.repos.list(in: workspace, limit: Limits.reposMax).filter { $0.node == node }
        }
    }

    /// Every worktree of the workspace. A repository that cannot be asked has none but those in the store.
    func views(_ workspace: WorkspaceID, repo only: RepoID? = nil) async throws -> [WorktreeView] {
        let (repos, rows) = try await runtime.store.read { [node = runtime.node] store in
            (
                try store.repos.list(in: workspace, limit: Limits.reposMax).filter { $0.node == node },
                try store.worktrees.list(in: workspace, limit: Limits.worktreesMax)
            )
        }
        var views: [WorktreeView] = []
        for repo in repos where only == nil || repo.id == only {
            var left = Dictionary(
                rows.filter { $0.repo == repo.id }.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
            for facts in await known(to: repo) {
                let row = left.removeValue(forKey: facts.path)
                // What git remembers of a directory that is gone, and Orca never knew, is nobody's worktree.
                if row == nil, facts.isMissing { continue }
                views.append(WorktreeView(repo: repo, path: facts.path, facts: facts, row: row))
            }
            let rest = left.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
            views += rest.map { WorktreeView(repo: repo, path: $0.path, facts: nil, row: $0) }
        }
        return views
    }

    private func known(to repo: Repo) async -> [WorktreeFacts] {
        do throws(CheckoutError) {
            return try await host.worktrees(of: repo.path)
        } catch {
            runtime.server.note("the worktrees of \(repo.path) cannot be listed: \(error)")
            return []
        }
    }

    /// The worktree a path is in: the deepest one around it.
    static func enclosing(_ path: String, _ views: [WorktreeView]) -> WorktreeView? {
        views.filter { path == $0.path || path.hasPrefix($0.path == "/" ? "/" : $0.path + "/") }
            .max { $0.path.utf8.count < $1.path.utf8.count }
    }

    /// The repository of a project, made known when it is not.
    func repo(
        of project: Project, known repos: [Repo], context: @escaping @Sendable () -> CommandContext
    ) async throws -> Repo {
        guard project.repository.hasPrefix("/") else {
            throw DomainError(
                .repoNotFound, "The project \(project.key) has no repository on this machine.",
                details: [
                    "next_steps":
                        "Set one with 'orca project update \(project.key) --repository <path>', or pass --repo."
                ])
        }
        if let known = repos.first(where: { $0.path == project.repository }) { return known }
        let facts = try await perform { (host) throws(CheckoutError) in try await host.inspect(project.repository) }
        let input = AddRepo.Input(workspace: project.workspace, path: facts.path, name: facts.name)
        return try await runtime.store.write { tx in try AddRepo.run(input, in: tx, context()) }
    }

    func perform<R>(_ body: (any CheckoutHost) async throws(CheckoutError) -> R) async throws(DomainError) -> R {
        do throws(CheckoutError) { return try await body(host) } catch { throw DomainError(error) }
    }
}

extension DomainError {
    init(_ error: CheckoutError) {
        let code: ErrorCode =
            switch error.code {
            case .notARepository: .notARepository
            case .baseNotFound: .baseNotFound
            case .fetchFailed: .fetchFailed
            case .invalidName, .invalidConfiguration: .invalidArgument
            case .nameTaken: .alreadyExists
            case .unsafe, .mainWorktree: .workWouldBeLost
            case .mergeConflict, .unavailable: .gitFailed
            }
        self.init(
            code, error.message,
            details: error.items.isEmpty ? [:] : ["items": error.items.prefix(20).joined(separator: "\n")])
    }
}
