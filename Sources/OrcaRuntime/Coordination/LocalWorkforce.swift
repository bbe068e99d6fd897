import OrcaAgents
import OrcaCheckout
package import OrcaDomain
import OrcaEngine
import OrcaStore
import OrcaSupport

/// Workers on this machine: agents in terminals of this server, in worktrees of repositories that it can reach.
package struct LocalWorkforce: Workforce {
    /// How long an agent has from its start until it takes a prompt.
    private static let settleMS: Int64 = 120_000

    private let runtime: Runtime
    private let desk: CheckoutDesk
    private let start: AgentStart
    private let terminals: TerminalService
    private let merge: MergeProgram

    /// `nil` in a server that has no terminals or keeps no repositories.
    package init?(_ runtime: Runtime) {
        // Both say what this server has not; without them it carries out no runs.
        guard let terminals = runtime.terminals, let desk = try? CheckoutDesk(runtime),
            let start = try? AgentStart(runtime)
        else { return nil }
        self.runtime = runtime
        self.desk = desk
        self.start = start
        self.terminals = terminals
        merge = MergeProgram(surroundings: terminals.surroundings)
    }

    package func installedAgents() async -> [String] {
        var known: Set<String> = []
        let environment = ["PATH": terminals.surroundings.path]
        return AgentCatalogue.all.filter { agent in
            // Several kinds may be one program; the first is its plain one.
            guard known.insert(agent.executable).inserted else { return false }
            do throws(SubprocessError) {
                try SubprocessCommand(agent.executable, environment: environment).check()
                return true
            } catch {
                return false
            }
        }.map(\.id)
    }

    // MARK: Workplaces

    package func prepare(_ order: WorkplaceOrder) async throws -> Workplace {
        if let made = try await preparedBefore(order) { return made }
        let repo = try await repo(order)
        let name = order.baseBranch.isEmpty ? repo.baseRef : order.baseBranch
        let base = try await desk.perform { (host) throws(CheckoutError) in
            let fresh = try await host.freshBase(repo.path, name: name)
            return order.inputs.isEmpty ? fresh : try await host.combine(order.inputs, onto: fresh, of: repo.path)
        }
        let maker = FreshWorktree(desk: desk, repo: repo, base: base, context: context)
        let made = try await maker.make(order.name) { row, tx, _ in
            row.origin = "orchestration"
            row.task = order.task?.text ?? ""
            row.run = order.run?.text ?? ""
            row.coordinator = order.coordinator
            row.parent = try Self.parent(order, tx)
            row.capture = row.parent == nil ? .none : .terminal
        }
        for warning in made.built.warnings { runtime.server.note("\(made.place.path): \(warning)") }
        if made.built.hasSetup, let why = await maker.setUp(made) {
            runtime.server.note("the setup of \(made.place.path) failed: \(why)")
        }
        let row = try await runtime.store.write { tx in try FinishWorktree.run(made.finishing, in: tx, context()) }
        return Workplace(worktree: row.id.text, path: row.path, branch: row.branch)
    }

    /// One that was made for this very attempt before something went wrong: a server that ended, an agent that did not
    /// come up.
    private func preparedBefore(_ order: WorkplaceOrder) async throws -> Workplace? {
        guard let task = order.task?.text, let run = order.run?.text else { return nil }
        return try await desk.views(order.workspace).first { view in
            guard let row = view.row, !view.isMissing else { return false }
            return row.task == task && row.run == run && row.displayName == order.name && row.state == .ready
        }.map { Workplace(worktree: $0.id.text, path: $0.path, branch: $0.branch ?? "") }
    }

    /// The worktree that whoever coordinates sits in.
    private static func parent(_ order: WorkplaceOrder, _ store: any StoreReader) throws -> Worktree.Parent? {
        guard order.coordinator.hasPrefix("term_"),
            let terminal = try store.terminals.find(TerminalID(stored: order.coordinator)), !terminal.worktree.isEmpty,
            let worktree = try store.worktrees.find(WorktreeID(stored: terminal.worktree))
        else { return nil }
        return Worktree.Parent(worktree: worktree.id, instance: worktree.instance)
    }

    private func repo(_ order: WorkplaceOrder) async throws -> Repo {
        let repos = try await desk.repos(order.workspace)
        if !order.repository.isEmpty { return try Selector.repo(order.repository, in: repos) }
        let project = try await runtime.store.read { try $0.projects.find(order.project) }
        guard let project else { throw DomainError(.projectNotFound, "The run's project is gone.") }
        return try await desk.repo(of: project, known: repos, context: context)
    }

    private var context: @Sendable () -> CommandContext {
        { [runtime] in runtime.systemContext("PrepareWorkplace") }
    }

    package func workplace(_ worktree: String, in workspace: WorkspaceID) async throws -> Workplace {
        let view = try Selector.worktree("id:" + worktree, in: try await desk.views(workspace))
        guard !view.isMissing else {
            throw DomainError(
                .selectorNotFound,
                "The worktree \(view.path) is gone. Make it again, or start a run without --worktree.")
        }
        return Workplace(worktree: view.id.text, path: view.path, branch: view.branch ?? "")
    }

    package func collect(_ place: Workplace, message: String) async throws -> Harvest {
        let work = try await desk.perform { (host) throws(CheckoutError) in
            try await host.collect(place.path, message: message)
        }
        return Harvest(branch: work.branch, commit: work.commit)
    }

    package func clear(_ worktree: String, in workspace: WorkspaceID) async {
        do {
            let view = try Selector.worktree("id:" + worktree, in: try await desk.views(workspace))
            guard let row = view.row, !row.run.isEmpty else { return }
            let order = RemovalOrder(
                repository: view.repo.path, path: view.path, base: row.baseRef, ownsBranch: false, placed: row.placed)
            _ = try await desk.perform { (host) throws(CheckoutError) in try await host.remove(order) }
            try await runtime.store.write { tx in try ForgetWorktree.run(row.id, in: tx, context()) }
        } catch {
            // It stays, and 'orca worktree list' shows it.
            runtime.server.note("the worktree \(worktree) was kept: \(String(reflecting: error))")
        }
    }

    // MARK: Agents

    package func launch(
        _ kind: String, in place: Workplace, title: String, workspace: WorkspaceID, isFresh: Bool
    ) async throws -> TerminalID {
        var order = AgentStart.Order(
            workspace: workspace, agent: kind, directory: place.path, createdBy: Actor.system.name)
        order.worktree = place.worktree
        order.title = title
        order.isOurs = isFresh
        let earlier = isFresh ? try await launchedBefore(order) : nil
        let terminal = if let earlier { earlier } else { try await start.start(order) }
        do {
            try await settle(terminal, order)
            return terminal
        } catch {
            await dismiss(terminal)
            throw error
        }
    }

    /// The agent that an earlier server started there and had no time to give its work to.
    private func launchedBefore(_ order: AgentStart.Order) async throws -> TerminalID? {
        try await runtime.store.read { [node = runtime.node] store in
            try store.terminals.live(in: order.workspace, limit: Limits.liveTerminalsMax).first { terminal in
                terminal.node == node && terminal.worktree == order.worktree && terminal.kind == order.agent
                    && terminal.createdBy == order.createdBy
            }?.id
        }
    }

    private func settle(_ terminal: TerminalID, _ order: AgentStart.Order) async throws {
        let agent = order.agent
        let advice = "Start it once by hand in the repository, or name another agent with --agents."
        switch try await start.settle(terminal, order, atMost: Self.settleMS) {
        case .ready: return
        case .blocked(let reason):
            throw DomainError(
                .terminalBlocked, "\(agent) asks something that a person has to answer (\(reason)). \(advice)")
        case .ended:
            throw DomainError(.terminalExited, "\(agent) ended at once, or is not installed. \(advice)")
        case .late:
            throw DomainError(
                .deadlineExceeded, "\(agent) took no prompt within \(Self.settleMS / 1_000) s. \(advice)")
        }
    }

    package func dismiss(_ terminal: TerminalID) async {
        do {
            _ = try await terminals.close(terminal)
        } catch let error as DomainError where error.code == .terminalStale || error.code == .terminalGone {
            // It is gone already.
        } catch {
            runtime.server.note("\(terminal) cannot be closed: \(String(reflecting: error))")
        }
    }

    // MARK: Merging

    package func merge(
        _ project: String, in workspace: WorkspaceID, repository: String, base: String
    ) async throws -> MergeReport {
        try await merge.run(project: project, in: workspace, repository: repository, base: base)
    }
}
