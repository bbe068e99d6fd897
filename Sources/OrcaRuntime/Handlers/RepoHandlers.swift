import OrcaAPI
import OrcaCheckout
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addRepos() {
        custom(Operations.addRepo, need: .change) { request, invocation in
            try await Self.addRepo(request, invocation)
        }
        custom(Operations.getRepo, need: .read) { request, invocation in
            let (desk, repo) = try await Self.repo(request.workspace, request.repo, invocation)
            return .with { $0.repo = repo }
                .described(try await Self.projects(desk, repo.workspace), await Self.user(desk, repo.path))
        }
        custom(Operations.listRepos, need: .read) { request, invocation in
            let desk = try CheckoutDesk(invocation.runtime)
            let workspace = try await desk.workspace(request.workspace, invocation.actor)
            let projects = try await Self.projects(desk, workspace.text)
            let repos = try await desk.repos(workspace)
            return .with { $0.repos = repos.map { OrcaV1.Repo($0, project: projects[$0.path] ?? "") } }
        }
        custom(Operations.setRepoBaseRef, need: .change) { request, invocation in
            try await Self.setBaseRef(request, invocation)
        }
        custom(Operations.searchRefs, need: .read) { request, invocation in
            try await Self.searchRefs(request, invocation)
        }
    }

    private static func addRepo(
        _ request: OrcaV1.AddRepoRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.AddRepoResponse {
        let desk = try CheckoutDesk(invocation.runtime)
        let workspace = try await desk.workspace(request.workspace, invocation.actor)
        guard request.path.hasPrefix("/") else {
            throw DomainError(.invalidArgument, "The path '\(request.path)' is not absolute. Give the full path.")
        }
        let facts = try await desk.perform { (host) throws(CheckoutError) in try await host.inspect(request.path) }
        let projects = try await projects(desk, workspace.text)
        return try await answer(
            invocation.write(request) { tx, context in
                let input = AddRepo.Input(workspace: workspace, path: facts.path, name: facts.name)
                let repo = try AddRepo.run(input, in: tx, context)
                return .answer(
                    OrcaV1.AddRepoResponse.with {
                        $0.repo = OrcaV1.Repo(repo, project: projects[repo.path] ?? "", user: facts.userName)
                    })
            })
    }

    private static func setBaseRef(
        _ request: OrcaV1.SetRepoBaseRefRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.SetRepoBaseRefResponse {
        let (desk, repo) = try await repo(request.workspace, request.repo, invocation)
        if !request.ref.isEmpty {
            // A base that is not there would only be noticed when work is to begin.
            _ = try await desk.perform { (host) throws(CheckoutError) in
                try await host.freshBase(repo.path, name: request.ref)
            }
        }
        let projects = try await projects(desk, repo.workspace)
        return try await answer(
            invocation.write(request) { tx, context in
                let input = SetRepoBase.Input(repo: RepoID(stored: repo.id), ref: request.ref)
                let changed = try SetRepoBase.run(input, in: tx, context)
                return .answer(
                    OrcaV1.SetRepoBaseRefResponse.with {
                        $0.repo = OrcaV1.Repo(changed, project: projects[changed.path] ?? "")
                    })
            })
    }

    private static func searchRefs(
        _ request: OrcaV1.SearchRefsRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.SearchRefsResponse {
        let limit = request.limit == 0 ? Limits.refSearchDefault : Int(request.limit)
        guard (1...Limits.refSearchMax).contains(limit) else {
            throw CheckoutLimits.invalid(limit, Limits.refSearchMax)
        }
        let (desk, repo) = try await repo(request.workspace, request.repo, invocation)
        let found = try await desk.perform { (host) throws(CheckoutError) in
            try await host.searchRefs(repo.path, query: request.query, limit: limit)
        }
        return .with {
            $0.refs = found.refs.map { ref in
                .with {
                    $0.name = ref.name
                    $0.fullName = ref.full
                    $0.commit = ref.commit
                }
            }
            $0.truncated = found.isTruncated
        }
    }

    // MARK: Shared

    private static func repo(
        _ workspaceWord: String, _ selector: String, _ invocation: Invocation
    ) async throws -> (CheckoutDesk, OrcaV1.Repo) {
        let desk = try CheckoutDesk(invocation.runtime)
        let workspace = try await desk.workspace(workspaceWord, invocation.actor)
        return (desk, OrcaV1.Repo(try Selector.repo(selector, in: try await desk.repos(workspace))))
    }

    /// Keys of projects by the path of their repository: a repository belongs to whichever project names it.
    private static func projects(_ desk: CheckoutDesk, _ workspace: String) async throws -> [String: String] {
        let id = WorkspaceID(stored: workspace)
        let rows = try await desk.runtime.store.read { store in
            try store.projects.page(in: id, PageRequest(limit: Limits.pageRowsMax)).rows
        }
        return Dictionary(
            rows.filter { !$0.repository.isEmpty }.map { ($0.repository, $0.key) },
            uniquingKeysWith: { first, _ in first })
    }

    /// A repository that cannot be asked has no name to show.
    private static func user(_ desk: CheckoutDesk, _ path: String) async -> String {
        do throws(CheckoutError) { return try await desk.host.inspect(path).userName ?? "" } catch { return "" }
    }
}

extension OrcaV1.GetRepoResponse {
    fileprivate func described(_ projects: [String: String], _ user: String) -> OrcaV1.GetRepoResponse {
        var answer = self
        answer.repo?.project = projects[repo?.path ?? ""] ?? ""
        answer.repo?.gitUsername = user
        return answer
    }
}

enum CheckoutLimits {
    static func invalid(_ limit: Int, _ most: Int) -> DomainError {
        DomainError(
            .invalidLimit, "invalid_limit",
            details: ["limit": String(limit), "next_steps": "Give a whole number from 1 to \(most)."])
    }

    static func list(_ limit: Int32) throws(DomainError) -> Int {
        let limit = limit == 0 ? Limits.worktreeListDefault : Int(limit)
        guard (1...Limits.worktreesMax).contains(limit) else { throw invalid(limit, Limits.worktreesMax) }
        return limit
    }
}
