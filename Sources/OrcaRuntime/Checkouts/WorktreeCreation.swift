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
        let maker = FreshWorktree(
            desk: desk, repo: repo, base: base, context: { [invocation] in invocation.context() })
        let made = try await maker.make(request.name) { [request, lineage] row, tx, context in
            row.comment = request.comment
            row.linkedIssue = request.issue == 0 ? nil : Int(request.issue)
            row.linkedLinearIssue = request.linearIssue
            try lineage.write(into: &row, tx, context)
        }
        warnings += made.built.warnings.map { .with("CHECKOUT", $0) }
        if let warning = await setUp(made, maker) { warnings.append(warning) }
        let startup = WorktreeStartup(request, made.row, invocation)
        let noted = await startup.note()
        var response: OrcaV1.CreateWorktreeResponse
        do {
            response = try await finish(made, repo, warnings, noted)
        } catch {
            await startup.abandon(noted)
            throw error
        }
        if let noted { response.startupTerminal = await startup.open(noted) }
        return response
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

    private func projectRepo(_ workspace: WorkspaceID, _ repos: [Repo]) async throws -> Repo {
        let key = request.project
        let project = try await runtime.store.read { try Lookup($0).project(key, in: workspace) }
        return try await desk.repo(of: project, known: repos, context: { [invocation] in invocation.context() })
    }

    // MARK: After

    private func setUp(_ made: FreshWorktree.Made, _ maker: FreshWorktree) async -> OrcaV1.CheckoutWarning? {
        guard made.built.hasSetup, request.setup != .skip else { return nil }
        guard request.setup == .run else {
            return .with(
                "SETUP_SKIPPED",
                "The setup script of \(CheckoutConfiguration.fileName) was not run. Allow it with --setup run.")
        }
        return await maker.setUp(made).map { .with("SETUP_FAILED", $0) }
    }

    private func finish(
        _ made: FreshWorktree.Made, _ repo: Repo, _ warnings: [OrcaV1.CheckoutWarning],
        _ startup: OrcaV1.CreateWorktreeResponse.StartupTerminal?
    ) async throws -> OrcaV1.CreateWorktreeResponse {
        let facts = WorktreeFacts(made.place, head: made.built.head)
        let reply = try await invocation.write(request) { tx, context in
            let row = try FinishWorktree.run(made.finishing, in: tx, context)
            let view = WorktreeView(repo: repo, path: row.path, facts: facts, row: row)
            let parent = try row.parent.flatMap { try tx.worktrees.find($0.worktree) }
            return .answer(
                OrcaV1.CreateWorktreeResponse.with {
                    $0.worktree = OrcaV1.Worktree(view, parent: parent, children: [])
                    $0.warnings = warnings
                    $0.startupTerminal = startup
                })
        }
        switch reply {
        case .answer(let response): return response
        case .refuse(let error): throw error
        }
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
