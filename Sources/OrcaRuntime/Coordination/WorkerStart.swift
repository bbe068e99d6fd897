import OrcaAPI
import OrcaCheckout
import OrcaDomain
import OrcaEngine
import OrcaStore
import OrcaTerminal

/// Finds or starts a worker for one task, and hands the task to it.
struct WorkerStart: Sendable {
    /// How often it is tried before somebody is asked.
    static let triesMax = 3
    /// How long a new agent has until it takes its prompt.
    private static let promptWaitMS: Int64 = 120_000

    let run: CoordinatorRun
    let task: WorkTask
    let runtime: Runtime
    let host: any TerminalHost
    let workforce: any Workforce

    func carryOut() async throws {
        let kinds = try await kinds()
        if !run.settings.worktree.isEmpty {
            return try await startInSharedWorktree(kinds)
        }
        let previous = try await previousWorker()
        if let previous, previous.isWaiting { return try await dispatch(to: previous.terminal) }
        let place = try await workforce.prepare(try await order())
        let terminal = try await workforce.launch(
            kinds[0], in: place, title: title, workspace: run.workspace, isFresh: true)
        do {
            try await dispatch(to: terminal)
        } catch {
            await workforce.dismiss(terminal)
            throw error
        }
        // Nobody else may go on with work that has a new worker.
        if let previous { await workforce.dismiss(previous.terminal) }
    }

    /// Who had the task last in this run; `isWaiting` when it asked something and still sits there for the answer.
    private func previousWorker() async throws -> (terminal: TerminalID, isWaiting: Bool)? {
        let found = try await runtime.store.read { store -> (TerminalID, Attempt.Outcome)? in
            guard let record = try DispatchMapping(store).newest(of: task), record.run == run.id,
                let attempt = try store.attempts.find(record.attempt),
                try store.terminals.find(record.terminal)?.isLive == true
            else { return nil }
            return (record.terminal, attempt.outcome)
        }
        guard let (terminal, outcome) = found else { return nil }
        // One that has gone meanwhile waits for nothing.
        let status = try? await host.status(terminal.text)
        let isThere = status.map { $0.isAgentAlive && $0.exit == nil } ?? false
        return (terminal, outcome == .gated && isThere)
    }

    private var title: String { "Worker: " + String("\(task.ref) \(task.title)".prefix(40)) }

    /// Which agents may do this task, best first; never empty.
    private func kinds() async throws -> [String] {
        let wanted = try await runtime.store.read { store -> String? in
            guard let requirement = try store.tasks.requirement(task.requirement) else { return nil }
            for constraint in requirement.capabilities where constraint.name == "agent" {
                if case .equal(let kind) = constraint.comparison { return kind }
            }
            return nil
        }
        if task.id == run.planTask, !run.settings.planner.isEmpty { return [run.settings.planner] }
        if let wanted { return [wanted] }
        let kinds = run.settings.agentKinds.isEmpty ? await workforce.installedAgents() : run.settings.agentKinds
        guard !kinds.isEmpty else {
            throw DomainError(
                .noAgent,
                "No coding agent is installed on the server's machine. Install one (claude, codex, …), or name one with "
                    + "--agents.")
        }
        return kinds
    }

    private func order() async throws -> WorkplaceOrder {
        var order = WorkplaceOrder(
            workspace: run.workspace, project: run.project, repository: run.settings.repository,
            baseBranch: run.settings.baseBranch, name: "\(task.ref.lowercased())-\(task.lastToken + 1)")
        order.inputs = try await runtime.store.read { store in
            var seen: Set<TaskID> = [task.id]
            return try Self.finishedWork(below: task.id, store, &seen)
        }
        order.task = task.id
        order.run = run.id
        order.coordinator = run.coordinator
        return order
    }

    /// What a task builds on. A dependency that was finished without a commit stands for what it depended on itself.
    private static func finishedWork(
        below id: TaskID, _ store: any StoreReader, _ seen: inout Set<TaskID>
    ) throws -> [FinishedWork] {
        var found: [FinishedWork] = []
        for edge in try store.dependencies.dependencies(of: id) where seen.insert(edge.dependsOn).inserted {
            guard let needed = try store.tasks.find(edge.dependsOn) else { continue }
            let body = try store.tasks.body(needed.id)
            let tip = [body?.commit, body?.branch].compactMap(\.self).first { !$0.isEmpty }
            if needed.status == .completed, let tip {
                found.append(FinishedWork(name: needed.ref, tip: tip))
            } else {
                found += try finishedWork(below: needed.id, store, &seen)
            }
        }
        return found
    }

    // MARK: One worktree for all

    private func startInSharedWorktree(_ kinds: [String]) async throws {
        let place = try await workforce.workplace(run.settings.worktree, in: run.workspace)
        try await checkBase(of: place)
        if run.settings.reusesWorkers, let idle = try await idleWorker(kinds) { return try await dispatch(to: idle) }
        let terminal = try await workforce.launch(
            kinds[0], in: place, title: title, workspace: run.workspace, isFresh: false)
        try await dispatch(to: terminal)
    }

    private func checkBase(of place: Workplace) async throws {
        guard let drift = await runtime.checkouts?.drift(of: place.path),
            drift.commitsBehind > run.settings.staleCommitsMax
        else { return }
        let spec = try await runtime.store.read { try $0.tasks.body(task.id)?.spec } ?? ""
        guard !WorkerPreamble.allowsStaleBase(spec) else { return }
        throw DomainError(
            .taskNotReady,
            "The worktree \(place.path) is \(drift.commitsBehind) commits behind \(drift.base), more than the "
                + "\(run.settings.staleCommitsMax) the run allows. Bring it up to date, or write 'allow-stale-base: true' "
                + "into the task.",
            details: ["task": task.ref])
    }

    /// An agent of the right kind that waits in the worktree with nothing to do.
    private func idleWorker(_ kinds: [String]) async throws -> TerminalID? {
        let rows = try await runtime.store.read { store in
            try store.terminals.live(in: run.workspace, limit: Limits.liveTerminalsMax).filter { terminal in
                guard terminal.worktree == run.settings.worktree, kinds.contains(terminal.kind),
                    terminal.id.text != run.coordinator, terminal.node == run.node
                else { return false }
                return try store.dispatches.live(in: terminal.id) == nil
            }
        }
        for row in rows {
            // One that has gone meanwhile is none.
            guard let status = try? await host.status(row.id.text) else { continue }
            if status.isIdleSinceInput, status.isAgentAlive { return row.id }
        }
        return nil
    }

    private func dispatch(to terminal: TerminalID) async throws {
        var request = Dispatcher.Request(
            workspace: run.workspace, task: task.id.text, terminal: terminal.text, coordinator: run.coordinator,
            run: run.id, injects: true)
        request.agentTags = run.settings.workerTags
        if request.coordinator.isEmpty { request.coordinator = run.id.text }
        let dispatcher = Dispatcher(runtime: runtime)
        let drift = try await dispatcher.prepare(request)
        let order = request
        let record = try await runtime.store.write { [runtime] tx in
            try Dispatcher.dispatch(order, drift: drift, in: tx, runtime.systemContext("RunDispatch")).output.record
        }
        let delivered = try await dispatcher.deliver(record, waitMS: Self.promptWaitMS)
        guard delivered.prompt == .queued else { return }
        // It never became ready for a prompt: somebody else gets the task.
        try await runtime.store.write { [runtime] tx in
            let context = runtime.systemContext("RunDispatch")
            let reason = "the agent took no prompt within \(Self.promptWaitMS / 1_000) s"
            _ = try LoseWorker.run(LoseWorker.Input(terminal: terminal, reason: reason), in: tx, context)
        }
        await workforce.dismiss(terminal)
    }
}

/// What goes wrong, and what to do about it, for people.
enum APIErrorText {
    static func of(_ error: any Error) -> String {
        let told = APIError(anything: error)
        let text = told.message.hasSuffix(".") || told.message.hasSuffix("?") ? told.message : told.message + "."
        guard let steps = told.details["next_steps"] else { return text }
        return "\(text) \(steps)"
    }
}
