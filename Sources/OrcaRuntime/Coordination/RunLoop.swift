import OrcaDomain
import OrcaEngine
import OrcaStore
import OrcaTerminal

/// Carries out one run: looks at where everything stands whenever something has happened, and does what
/// `RunView.decide` says. Everything it knows beside the store can be lost.
actor RunLoop {
    /// How long it can take until something that nobody announces is noticed: the end of a backoff, a time limit.
    private static let tickMS: Int64 = 1_000

    let id: RunID
    let runtime: Runtime
    let host: any TerminalHost
    let workforce: any Workforce
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    /// Tasks that a worker is being found for.
    private var starting: Set<TaskID> = []
    /// Tasks for which none could be started, and what happened so far.
    private var troubles: [TaskID: Trouble] = [:]
    private var harvests: [TaskID: Task<Void, Never>] = [:]
    private var isMerged = false
    /// Whether the last merge left nothing behind.
    private var isMergeComplete = false
    private var isMerging = false
    private var lastTask: TaskID?

    private struct Trouble {
        var count: Int
        var restsUntil: Timestamp
    }

    init(_ id: RunID, runtime: Runtime, host: any TerminalHost, workforce: any Workforce) {
        self.id = id
        self.runtime = runtime
        self.host = host
        self.workforce = workforce
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Returns when the run has ended or the calling task is cancelled.
    func run() async {
        wake.yield()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.follow() }
            group.addTask { await self.tick() }
            for await _ in wakes {
                if Task.isCancelled { break }
                do {
                    guard try await step(in: &group) else { break }
                } catch {
                    // The next tick looks again; until then the log says what is wrong.
                    runtime.server.note("the run \(id) cannot go on: \(String(reflecting: error))")
                }
            }
            group.cancelAll()
        }
        for harvest in harvests.values { harvest.cancel() }
    }

    // MARK: What happens

    private func follow() async {
        // A run that cannot be read now is looked at by the tick.
        guard let run = try? await runtime.store.read({ [id] in try $0.runs.find(id) }) else { return }
        let workspace = run.workspace
        await runtime.feed.withInterest(in: workspace) {
            var position: Int64 = 0
            while !Task.isCancelled {
                // A store that cannot be read now is read again by the tick.
                position = (try? await runtime.store.read { try $0.events.lastSequence(in: workspace) }) ?? position
                wake.yield()
                await runtime.feed.wait(EventFilter(workspace: workspace), after: position)
            }
        }
    }

    private func tick() async {
        while !Task.isCancelled {
            await runtime.clock.sleep(milliseconds: Self.tickMS)
            wake.yield()
        }
    }

    // MARK: One step

    /// False when the run has ended.
    private func step(in group: inout TaskGroup<Void>) async throws -> Bool {
        guard let view = try await look(), view.run.status == .running else { return false }
        try await endOverdue(view)
        let (decision, phase) = view.decide()
        if phase != view.run.phase { try await move(to: phase) }
        switch decision {
        case .wait: break
        case .acceptPlan: try await acceptPlan(view)
        case .start(let tasks):
            isMerged = false
            for task in view.tasks where tasks.contains(task.id) {
                starting.insert(task.id)
                group.addTask { await self.start(task, in: view.run) }
            }
        case .merge:
            guard !isMerging else { break }
            isMerging = true
            group.addTask { await self.merge(view) }
        case .end(let trigger, let report):
            for task in view.tasks where task.status == .completed { await harvest(task, in: view.run).value }
            // First, so that a server that ends in between leaves nothing for which nobody is responsible any more.
            await cleanUp(after: view)
            try await finish(view.run, trigger, report)
            return false
        }
        for task in view.tasks where task.status == .completed && harvests[task.id] == nil {
            _ = harvest(task, in: view.run)
        }
        return true
    }

    private func look() async throws -> RunView? {
        let now = runtime.clock.now
        let grown = try await grow()
        lastTask = grown
        let resting = troubles.filter { $0.value.restsUntil > now }.keys
        let occupied = starting.union(resting)
        let merged = isMerged
        return try await runtime.store.read { [id] store in
            guard let run = try store.runs.find(id) else { return nil }
            let approval = try run.approvalTask.flatMap { task in
                try store.gates.all(of: task, limit: 1).first { $0.status == .resolved }?.resolution
            }
            return RunView(
                run: run, tasks: try store.runs.tasks(of: id, limit: Limits.runTasksMax), starting: occupied,
                approval: approval ?? "", isMerged: merged, now: now)
        }
    }

    /// Takes in what came up since; answers the newest task that was looked at.
    private func grow() async throws -> TaskID? {
        let after = lastTask
        let hasNews = try await runtime.store.read { [id] store in
            guard let run = try store.runs.find(id), run.status == .running else { return false }
            var filter = TaskFilter(workspace: run.workspace)
            filter.project = run.project
            return try !store.tasks.page(filter, PageRequest(limit: 1, after: after?.text)).rows.isEmpty
        }
        guard hasNews else { return after }
        return try await write("GrowRun") { [id] tx, context in
            guard let run = try tx.runs.find(id) else { return after }
            return try GrowRun.run(GrowRun.Input(run: run, after: after), in: tx, context).last
        }
    }

    private func move(to phase: CoordinatorRun.Phase) async throws {
        _ = try await write("MoveRun") { [id] tx, context in
            try MoveRun.run(MoveRun.Input(run: id, phase: phase), in: tx, context)
        }
    }

    private func acceptPlan(_ view: RunView) async throws {
        guard let approval = view.run.approvalTask else { return }
        try await write("AcceptPlan") { [id] tx, context in
            guard let task = try tx.tasks.find(approval) else { return }
            let input = OverrideTask.Input(
                task: task, status: .completed, reason: "the plan was approved", result: "approved")
            _ = try OverrideTask.run(input, in: tx, context)
            _ = try MoveRun.run(MoveRun.Input(run: id, phase: .dispatching), in: tx, context)
        }
        wake.yield()
    }

    private func finish(_ run: CoordinatorRun, _ trigger: RunTrigger, _ report: String) async throws {
        try await write("EndRun") { tx, context in
            guard let current = try tx.runs.find(run.id), current.status == .running else { return }
            let ended = try EndRun.run(EndRun.Input(run: current, trigger: trigger, report: report), in: tx, context)
            var mail = Notify.Input(
                workspace: run.workspace, from: run.id.text,
                to: run.coordinator.isEmpty ? run.id.text : run.coordinator,
                subject: "Run \(run.id) \(ended.status.rawValue)")
            mail.body = report
            mail.priority = ended.status == .completed ? .normal : .high
            _ = try Notify.run(mail, in: tx, context)
        }
    }

    /// Ends the workers whose attempts are over, and takes away the worktrees whose work is merged. What all share is
    /// the user's own.
    private func cleanUp(after view: RunView) async {
        guard view.run.settings.worktree.isEmpty else { return }
        do {
            let over = try await runtime.store.read { store in
                try view.tasks.compactMap { task -> (terminal: Terminal, task: WorkTask)? in
                    guard let record = try DispatchMapping(store).newest(of: task), record.run == view.run.id,
                        try store.attempts.find(record.attempt)?.outcome != .active,
                        let terminal = try store.terminals.find(record.terminal)
                    else { return nil }
                    return (terminal, task)
                }
            }
            for (terminal, task) in over {
                if terminal.isLive { await workforce.dismiss(terminal.id) }
                guard isMerged, isMergeComplete, task.status == .completed else { continue }
                await workforce.clear(terminal.worktree, in: view.run.workspace)
            }
        } catch {
            runtime.server.note("\(id): cleaning up failed: \(String(reflecting: error))")
        }
    }

    /// Attempts that took longer than the run allows.
    private func endOverdue(_ view: RunView) async throws {
        let limit = view.run.settings.attemptTimeoutMS
        guard limit > 0 else { return }
        let overdue = try await write("EndOverdue") { [id] tx, context -> [TerminalID] in
            try tx.dispatches.live(limit: Limits.liveTerminalsMax).filter { $0.run == id }.compactMap { record in
                guard let attempt = try tx.attempts.find(record.attempt), let task = try tx.tasks.find(record.task),
                    attempt.startedAt.adding(milliseconds: limit) <= context.now
                else { return nil }
                let input = FailTask.Input(
                    task: task, token: attempt.token, error: "it took longer than \(limit / 1_000) s")
                _ = try FailTask.run(input, in: tx, context)
                return record.terminal
            }
        }
        for terminal in overdue { await workforce.dismiss(terminal) }
    }

    // MARK: Workers

    private func start(_ task: WorkTask, in run: CoordinatorRun) async {
        do {
            for input in try await finishedInputs(of: task) { await harvest(input, in: run).value }
            try await WorkerStart(run: run, task: task, runtime: runtime, host: host, workforce: workforce).carryOut()
            troubles[task.id] = nil
        } catch is CancellationError {
            // The server stops; the next one looks again.
        } catch {
            await noteTrouble(with: task, in: run, error)
        }
        starting.remove(task.id)
        wake.yield()
    }

    private func noteTrouble(with task: WorkTask, in run: CoordinatorRun, _ error: any Error) async {
        let count = (troubles[task.id]?.count ?? 0) + 1
        let rest: Int64 = min(60_000, 2_000 << Int64(min(count, 5)))
        troubles[task.id] = Trouble(count: count, restsUntil: runtime.clock.now.adding(milliseconds: rest))
        let told = APIErrorText.of(error)
        runtime.server.note("\(run.id): no worker for \(task.ref) (try \(count)): \(String(reflecting: error))")
        guard count >= WorkerStart.triesMax else { return }
        troubles[task.id] = nil
        do {
            try await write("AskAboutWorker") { tx, context in
                guard let current = try tx.tasks.find(task.id), current.status == .ready else { return }
                var gate = OpenGate.Input(
                    task: current, question: "No worker could be started for \(task.ref): \(told) Try again?")
                gate.options = ["retry"]
                gate.audience = run.coordinator.isEmpty ? .user : .coordinator
                gate.run = run.id
                _ = try OpenGate.run(gate, in: tx, context)
            }
        } catch {
            runtime.server.note("asking about \(task.ref) failed: \(String(reflecting: error))")
        }
    }

    private func finishedInputs(of task: WorkTask) async throws -> [WorkTask] {
        try await runtime.store.read { store in
            try store.dependencies.dependencies(of: task.id).compactMap { try store.tasks.find($0.dependsOn) }
                .filter { $0.status == .completed }
        }
    }

    /// Brings in what a finished task left in its worktree; once.
    private func harvest(_ task: WorkTask, in run: CoordinatorRun) -> Task<Void, Never> {
        if let known = harvests[task.id] { return known }
        let work = HarvestWork(run: run, task: task, runtime: runtime, host: host, workforce: workforce)
        let harvest = Task { await work.carryOut() }
        harvests[task.id] = harvest
        return harvest
    }

    private func merge(_ view: RunView) async {
        for task in view.tasks where task.status == .completed { await harvest(task, in: view.run).value }
        do {
            let merge = RunMerge(run: view.run, runtime: runtime, workforce: workforce)
            isMergeComplete = try await merge.carryOut()
            isMerged = true
        } catch {
            runtime.server.note("\(view.run.id): merging failed: \(String(reflecting: error))")
            await noteMergeTrouble(view.run, error)
        }
        isMerging = false
        wake.yield()
    }

    /// What cannot be merged is left as it is, and said.
    private func noteMergeTrouble(_ run: CoordinatorRun, _ error: any Error) async {
        isMerged = true
        do {
            try await write("TellMergeTrouble") { tx, context in
                var mail = Notify.Input(
                    workspace: run.workspace, from: run.id.text,
                    to: run.coordinator.isEmpty ? run.id.text : run.coordinator,
                    subject: "Run \(run.id): the branches could not be merged")
                mail.type = .escalation
                mail.priority = .high
                mail.body = APIErrorText.of(error) + " Merge them with 'orca merge'."
                _ = try Notify.run(mail, in: tx, context)
            }
        } catch {
            runtime.server.note("telling about it failed: \(String(reflecting: error))")
        }
    }

    private func write<Result: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (any StoreTransaction, CommandContext) throws -> Result
    ) async throws -> Result {
        try await runtime.store.write { [runtime] tx in try body(tx, runtime.systemContext(operation)) }
    }
}
