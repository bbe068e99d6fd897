import OrcaDomain
import OrcaStore

// Terminals, gates, dispatches and runs.
extension StoreContract {
    static func orchestration(_ store: any Store) async throws {
        try await Samples.prepare(store)
        let task = Samples.task(1)
        try await store.write { try $0.insert(task, TaskBody()) }
        try await terminals(store)
        try await gates(store, task)
        try await dispatches(store, task)
        try await runs(store, task)
    }

    private static var terminal: Terminal {
        var terminal = Terminal(
            id: TerminalID(suffix: "t1"), workspace: Samples.workspace.id, directory: "/a b", createdBy: "me",
            at: Samples.now)
        terminal.agent = agent.id
        terminal.kind = "claude"
        terminal.title = "✳ title"
        terminal.worktree = "w::/p"
        terminal.pane = "%1"
        terminal.processID = 12
        return terminal
    }

    private static func terminals(_ store: any Store) async throws {
        var ended = terminal
        try await store.write { try $0.insert(terminal) }
        try await store.read { try requireEqual(try $0.terminals.find(terminal.id), terminal, "terminal") }
        ended.state = .exited
        ended.exitCode = 3
        ended.endedAt = Samples.now.adding(milliseconds: 5)
        ended.lastOutputAt = Samples.now
        ended.version += 1
        let last = ended
        try await store.write { try $0.save(last) }
        try await store.read { tx in
            try requireEqual(try tx.terminals.find(last.id), last, "ended terminal")
            try require(try tx.terminals.live(in: last.workspace, limit: 10).isEmpty, "an ended terminal is not live")
        }
        let early = Samples.now
        let gone = try await store.write { tx in
            try requireEqual(try tx.forgetTerminals(endedBefore: early, limit: 10), 0, "too young to be forgotten")
            return try tx.forgetTerminals(endedBefore: early.adding(milliseconds: 6), limit: 10)
        }
        try requireEqual(gone, 1, "forgotten terminals")
    }

    private static func gates(_ store: any Store, _ task: WorkTask) async throws {
        var gate = Gate(id: GateID(suffix: "1"), task: task, question: "which “one”?", createdBy: "me", at: Samples.now)
        gate.options = ["a", "b, c"]
        gate.audience = .user
        gate.fallback = "a"
        gate.timeoutAt = Samples.now.adding(milliseconds: 10)
        gate.run = RunID(suffix: "r")
        gate.message = MessageID(suffix: "m")
        var later = Gate(
            id: GateID(suffix: "2"), task: task, question: "later", createdBy: "me",
            at: Samples.now.adding(milliseconds: 1))
        let (first, second) = (gate, later)
        try await store.write { tx in
            try tx.insert(first)
            try tx.insert(second)
        }
        var open = GateFilter(workspace: task.workspace)
        open.status = .pending
        let filter = open
        try await store.read { tx in
            try requireEqual(try tx.gates.all(of: task.id, limit: 9), [first, second], "gates, oldest first")
            let page = try tx.gates.page(filter, PageRequest(limit: 1))
            try requireEqual(page.rows, [second], "gates, newest first")
            let rest = try tx.gates.page(filter, PageRequest(limit: 1, after: page.next))
            try requireEqual(rest.rows, [first], "the next page")
            try requireEqual(try tx.gates.nextTimeout(), first.timeoutAt, "next timeout")
            try requireEqual(try tx.gates.overdue(at: Samples.now, limit: 9), [], "nothing is overdue yet")
            try requireEqual(
                try tx.gates.overdue(at: Samples.now.adding(milliseconds: 10), limit: 9), [first], "overdue")
        }
        later.status = .resolved
        later.resolution = "so"
        later.resolvedBy = "you"
        later.resolvedAt = Samples.now
        let closed = later
        try await store.write { try $0.save(closed) }
        try await store.read { tx in
            try requireEqual(try tx.gates.find(closed.id), closed, "closed gate")
            try requireEqual(try tx.gates.page(filter, PageRequest(limit: 9)).rows, [first], "open gates")
        }
        do {
            try await store.write { try $0.save(closed) }
            throw ContractBreach(description: "a closed gate was closed again")
        } catch StoreError.staleWrite {}
    }

    private static func dispatches(_ store: any Store, _ task: WorkTask) async throws {
        let terminal = terminal
        var lease = Samples.lease(of: task, agent: agent)
        lease.attempt = AttemptID(suffix: "l1")
        let held = lease
        let attempt = Attempt(
            id: held.attempt, workspace: task.workspace, task: task.id, taskRef: task.ref, token: 1, agent: agent.id,
            agentName: agent.name, session: terminal.id.text, host: "", startedAt: Samples.now)
        var record = DispatchRecord(
            attempt: attempt, terminal: terminal.id, coordinator: "term_c", run: RunID(suffix: "r"), failuresBefore: 2)
        record.prompt = .queued
        record.promptText = "do\nit"
        let queued = record
        try await store.write { tx in
            try tx.insert(terminal)
            try tx.insert(attempt)
            try tx.insert(held)
            try tx.insert(queued)
        }
        try await store.read { tx in
            try requireEqual(try tx.dispatches.find(attempt.id), queued, "dispatch")
            try requireEqual(try tx.dispatches.undelivered(to: terminal.id), [queued], "undelivered")
            try requireEqual(try tx.dispatches.live(limit: 9), [queued], "live dispatches")
            try requireEqual(try tx.dispatches.live(in: terminal.id), queued, "the dispatch in a terminal")
        }
        record.prompt = .submitted
        record.promptText = ""
        record.heartbeatAt = Samples.now
        let sent = record
        try await store.write { tx in
            try tx.save(sent)
            try tx.delete(held)
        }
        try await store.read { tx in
            try requireEqual(try tx.dispatches.find(attempt.id), sent, "submitted dispatch")
            try require(try tx.dispatches.allUndelivered(limit: 9).isEmpty, "nothing waits to be typed")
            try require(try tx.dispatches.live(in: terminal.id) == nil, "without a lease it is not live")
        }
    }

    private static func runs(_ store: any Store, _ task: WorkTask) async throws {
        var settings = RunSettings()
        settings.concurrentMax = 7
        settings.agentKinds = ["claude", "codex"]
        settings.workerTags = ["x"]
        settings.worktree = "w::/p"
        settings.planner = "claude"
        settings.approvesPlan = true
        settings.reusesWorkers = false
        settings.merges = false
        settings.attemptTimeoutMS = 99
        settings.staleCommitsMax = 1
        var run = CoordinatorRun(
            id: RunID(suffix: "r"), workspace: task.workspace, project: task.project, spec: "goal ✓",
            coordinator: "term_c", settings: settings, createdBy: "me", at: Samples.now)
        let first = run
        try await store.write { tx in
            try tx.insert(first)
            try tx.put(task.id, into: first.id)
        }
        try await store.read { tx in
            try requireEqual(try tx.runs.find(first.id), first, "run")
            try requireEqual(try tx.runs.live(in: task.workspace), [first], "live runs")
            try requireEqual(try tx.runs.tasks(of: first.id, limit: 9), [task], "its tasks")
            try requireEqual(try tx.runs.run(of: task.id), first.id, "the run of a task")
        }
        run.status = .completed
        run.phase = .done
        run.report = "all well"
        run.planTask = task.id
        run.completedAt = Samples.now
        run.version += 1
        let ended = run
        try await store.write { try $0.save(ended) }
        try await store.read { tx in
            try requireEqual(try tx.runs.find(ended.id), ended, "ended run")
            try require(try tx.runs.allLive(limit: 9).isEmpty, "an ended run is not live")
            let page = try tx.runs.page(in: task.workspace, status: .completed, PageRequest(limit: 9))
            try requireEqual(page.rows, [ended], "runs by status")
        }
        try await store.write { try $0.delete(task) }
        try await store.read { tx in
            try require(try tx.runs.tasks(of: ended.id, limit: 9).isEmpty, "a deleted task leaves its run")
            try require(try tx.gates.all(of: task.id, limit: 9).isEmpty, "a deleted task takes its gates with it")
        }
    }
}
