import OrcaAPI
import OrcaAgents
import OrcaCheckout
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

/// Makes one worktree: the slow work with git outside of transactions, the row before anything is there.
struct WorktreeCreation {
    let desk: CheckoutDesk
    let request: OrcaV1.CreateWorktreeRequest
    let invocation: Invocation

    private var runtime: Runtime { desk.runtime }

    func run() async throws -> OrcaV1.CreateWorktreeResponse {
        try checkAgent()
        let workspace = try await desk.workspace(request.workspace, invocation.actor)
        let views = try await desk.views(workspace)
        let repo = try await repo(workspace, views)
        var warnings: [OrcaV1.CheckoutWarning] = []
        let lineage = try await LineageFinder(desk: desk, request: request, views: views).find(&warnings)
        let base = try await desk.perform { (host) throws(CheckoutError) in
            try await host.freshBase(repo.path, name: request.baseBranch.isEmpty ? repo.baseRef : request.baseBranch)
        }
        let place = try await desk.perform { (host) throws(CheckoutError) in
            try await host.reserve(
                WorktreeOrder(repository: repo.path, name: request.name, folder: folder(repo)))
        }
        let row = try await begin(place, repo, base, lineage)
        let built: BuiltWorktree
        do {
            built = try await desk.perform { (host) throws(CheckoutError) in
                try await host.build(place, at: base, of: repo.path)
            }
        } catch {
            try await forget(row)
            throw error
        }
        warnings += built.warnings.map { .with("CHECKOUT", $0) }
        if let warning = await setUp(place, repo, built) { warnings.append(warning) }
        return try await finish(row, repo, place, built, warnings)
    }

    // MARK: Before

    private func checkAgent() throws {
        if request.agent.isEmpty {
            guard request.prompt.isEmpty else {
                throw DomainError(.invalidArgument, "--prompt requires --agent. Name the agent that gets the prompt.")
            }
            return
        }
        do { _ = try AgentCatalogue.require(request.agent) } catch {
            throw DomainError(.invalidArgument, error.message, details: ["agent": request.agent])
        }
    }

    private func repo(_ workspace: WorkspaceID, _ views: [WorktreeView]) async throws -> Repo {
        let repos = try await desk.repos(workspace)
        if !request.repo.isEmpty { return try Selector.repo(request.repo, in: repos) }
        if !request.project.isEmpty { return try await projectRepo(workspace, repos) }
        if let here = CheckoutDesk.enclosing(request.directory, views) { return here.repo }
        throw DomainError(
            .invalidArgument, "Missing --repo: the current directory is in no worktree that Orca knows.",
            details: [
                "next_steps": "Pass --repo <selector>; 'orca repo list' shows them, 'orca repo add --path .' adds one."
            ])
    }

    /// The repository of a project, made known when it is not.
    private func projectRepo(_ workspace: WorkspaceID, _ repos: [Repo]) async throws -> Repo {
        let key = request.project
        let project = try await runtime.store.read { try Lookup($0).project(key, in: workspace) }
        guard project.repository.hasPrefix("/") else {
            throw DomainError(
                .repoNotFound, "The project \(key) has no repository on this machine.",
                details: [
                    "next_steps": "Set one with 'orca project update \(key) --repository <path>', or pass --repo."
                ])
        }
        if let known = repos.first(where: { $0.path == project.repository }) { return known }
        let facts = try await desk.perform { (host) throws(CheckoutError) in try await host.inspect(project.repository)
        }
        let input = AddRepo.Input(workspace: workspace, path: facts.path, name: facts.name)
        return try await runtime.store.write { tx in try AddRepo.run(input, in: tx, invocation.context()) }
    }

    private func folder(_ repo: Repo) -> String {
        // A name of which nothing is left is replaced by the repository's id.
        let name = (try? WorktreeName.sanitised(repo.name)) ?? repo.id.text
        return runtime.worktreeFolder + "/" + name
    }

    private func begin(
        _ place: WorktreePlace, _ repo: Repo, _ base: ResolvedBase, _ lineage: LineageFinder.Found
    ) async throws -> Worktree {
        do {
            return try await runtime.store.write { tx in
                let context = invocation.context()
                var row = Worktree(
                    id: Worktree.id(repo: repo.id, path: place.path), instance: context.chance.uuid(), repo: repo.id,
                    workspace: repo.workspace, path: place.path, createdBy: context.actor.name, at: context.now)
                row.displayName = place.name
                row.branch = place.branch
                row.baseRef = base.name
                row.baseCommit = base.commit
                row.comment = request.comment
                row.linkedIssue = request.issue == 0 ? nil : Int(request.issue)
                row.linkedLinearIssue = request.linearIssue
                try lineage.write(into: &row, tx, context)
                return try BeginWorktree.run(row, in: tx, context)
            }
        } catch {
            try await desk.perform { (host) throws(CheckoutError) in try await host.discard(place, of: repo.path) }
            throw error
        }
    }

    // MARK: After

    private func setUp(
        _ place: WorktreePlace, _ repo: Repo, _ built: BuiltWorktree
    ) async -> OrcaV1.CheckoutWarning? {
        guard built.hasSetup, request.setup != .skip else { return nil }
        guard request.setup == .run else {
            return .with(
                "SETUP_SKIPPED",
                "The setup script of \(CheckoutConfiguration.fileName) was not run. Allow it with --setup run.")
        }
        let order = HookOrder(.setup, worktree: place.path, mainWorktree: repo.path, name: place.name)
        guard case .failed(let why) = await desk.host.setUp(order) else { return nil }
        return .with("SETUP_FAILED", why)
    }

    private func finish(
        _ row: Worktree, _ repo: Repo, _ place: WorktreePlace, _ built: BuiltWorktree,
        _ warnings: [OrcaV1.CheckoutWarning]
    ) async throws -> OrcaV1.CreateWorktreeResponse {
        let facts = WorktreeFacts(place, head: built.head)
        let input = FinishWorktree.Input(id: row.id, instance: row.instance, placed: built.placed)
        let reply = try await invocation.write(request) { tx, context in
            let made = try FinishWorktree.run(input, in: tx, context)
            let view = WorktreeView(repo: repo, path: made.path, facts: facts, row: made)
            let parent = try made.parent.flatMap { try tx.worktrees.find($0.worktree) }
            return .answer(
                OrcaV1.CreateWorktreeResponse.with {
                    $0.worktree = OrcaV1.Worktree(view, parent: parent, children: [])
                    $0.warnings = warnings
                })
        }
        switch reply {
        case .answer(let response): return response
        case .refuse(let error): throw error
        }
    }

    private func forget(_ row: Worktree) async throws {
        try await runtime.store.write { tx in try ForgetWorktree.run(row.id, in: tx, invocation.context()) }
    }
}

extension OrcaV1.CheckoutWarning {
    static func with(_ code: String, _ message: String, _ details: [String: String] = [:]) -> OrcaV1.CheckoutWarning {
        .with {
            $0.code = code
            $0.message = message
            $0.details = details
        }
    }
}
