import OrcaDomain
import OrcaStore

// Rows in, rows out.
extension StoreContract {
    static func roundTrip(_ store: any Store) async throws {
        try await Samples.prepare(store)
        var task = Samples.task(1)
        task.retry = RetryPolicy(attemptsMax: 5, backoffInitialMS: 10, backoffMaxMS: 20)
        task.notBefore = Samples.now
        task.parent = TaskID(suffix: "parent")
        task.plan = "plan"
        task.planKey = "key"
        var body = TaskBody(
            spec: "line\n\"quote\" \u{0} ✓", labels: ["a", "b"], contract: [.command("make"), .file("x/y")],
            context: ["k": "v"], inheritedContext: ["i": "j"])
        body.result = "r"
        let agent = Self.agent
        var attempt = Attempt(
            id: AttemptID(suffix: "l1"), workspace: Samples.workspace.id, task: task.id, taskRef: task.ref, token: 1,
            agent: agent.id, agentName: agent.name, session: "s", host: "h", startedAt: Samples.now)
        let (wantedTask, wantedBody, first) = (task, body, attempt)
        let lease = Samples.lease(of: task, agent: agent)
        let requirement = Requirement(
            tags: ["x"], capabilities: [CapabilityConstraint("gpu")].compactMap { $0 }, assignee: "bob")
        let row = try await store.write { tx in
            try tx.insert(agent)
            try tx.insert(wantedTask, wantedBody)
            try tx.insert(first)
            try tx.insert(lease)
            let row = try tx.requirementRow(for: requirement)
            try requireEqual(try tx.requirementRow(for: requirement), row, "the shared requirement row")
            return row
        }
        attempt.outcome = .succeeded
        attempt.checks = [ContractCheck(item: .file("a"), passed: true, detail: "d")]
        attempt.artifacts = ["out"]
        attempt.isAdopted = true
        let ended = attempt
        try await store.write { try $0.save(ended) }
        try await store.read { tx in
            try requireEqual(try tx.workspaces.find(name: "contract"), Samples.workspace, "workspace")
            try requireEqual(try tx.projects.find(key: "API", in: Samples.workspace.id), Samples.project, "project")
            try requireEqual(try tx.tasks.find(ref: "API-1", in: Samples.workspace.id), wantedTask, "task")
            try requireEqual(
                try tx.tasks.find(plan: "plan", key: "key", in: Samples.project.id), wantedTask, "task by plan")
            try requireEqual(try tx.tasks.body(wantedTask.id), wantedBody, "body")
            try requireEqual(try tx.agents.find(name: agent.name, in: Samples.workspace.id), agent, "agent")
            try requireEqual(try tx.attempts.find(task: wantedTask.id, token: 1), ended, "attempt")
            try requireEqual(try tx.leases.live(wantedTask.id), lease, "lease")
            try requireEqual(try tx.leases.find(lease.id), lease, "lease by id")
            try requireEqual(try tx.tasks.requirement(row), requirement, "requirement")
        }
    }

    static var agent: Agent {
        var agent = Agent(id: AgentID(suffix: "a"), workspace: Samples.workspace.id, name: "bob", at: Samples.now)
        agent.tags = ["x", "y"]
        agent.capabilities = ["gpu": "yes"]
        agent.capacity = 4
        return agent
    }

    static func uniqueKeys(_ store: any Store) async throws {
        try await Samples.prepare(store)
        let task = Samples.task(1)
        let agent = Self.agent
        try await store.write { tx in
            try tx.insert(agent)
            try tx.insert(task, TaskBody())
            try tx.insert(Samples.lease(of: task, agent: agent))
        }
        var sameKey = Samples.project
        sameKey.id = ProjectID(suffix: "other")
        let other = sameKey
        let clashes: [@Sendable (any StoreTransaction) throws -> Void] = [
            { try $0.insert(Samples.workspace) }, { try $0.insert(other) },
            { try $0.insert(task, TaskBody()) }, { try $0.insert(agent) },
            { try $0.insert(Samples.lease(of: task, agent: agent)) },
        ]
        for (index, clash) in clashes.enumerated() {
            do {
                try await store.write(clash)
            } catch is StoreError {
                continue
            }
            throw ContractBreach(description: "clash \(index) was accepted")
        }
    }

    static func staleVersions(_ store: any Store) async throws {
        try await Samples.prepare(store)
        let task = Samples.task(1)
        try await store.write { try $0.insert(task, TaskBody()) }
        var changed = task
        changed.version = 2
        changed.title = "changed"
        let next = changed
        try await store.write { try $0.save(next, before: task) }
        do {
            try await store.write { try $0.save(next, before: task) }
        } catch StoreError.staleWrite {
            return
        }
        throw ContractBreach(description: "a write from an old version was accepted")
    }

    static func pages(_ store: any Store) async throws {
        try await Samples.prepare(store)
        try await store.write { tx in
            for number in 1...25 {
                try tx.insert(Samples.task(number, status: number % 2 == 0 ? .ready : .completed), TaskBody())
            }
        }
        var filter = TaskFilter(workspace: Samples.workspace.id)
        try requireEqual(try await walk(store, filter), Array(1...25), "all tasks")
        filter.project = Samples.project.id
        filter.statuses = [.ready]
        try requireEqual(try await walk(store, filter), Array(1...25).filter { $0 % 2 == 0 }, "ready tasks")
        filter.statuses = [.failed]
        try requireEqual(try await walk(store, filter), [], "failed tasks")
        filter.workspace = WorkspaceID(suffix: "foreign")
        filter.statuses = []
        try requireEqual(try await walk(store, filter), [], "tasks of another workspace")
    }

    private static func walk(_ store: any Store, _ filter: TaskFilter) async throws -> [Int] {
        var found: [Int] = []
        var after: String?
        for _ in 0..<100 {
            let request = PageRequest(limit: 4, after: after)
            let page = try await store.read { reader in
                let page = try reader.tasks.page(filter, request)
                return (numbers: page.rows.map(\.number), next: page.next)
            }
            found += page.numbers
            guard let next = page.next else { return found }
            after = next
        }
        throw ContractBreach(description: "the pages never end")
    }

    static func queue(_ store: any Store) async throws {
        try await Samples.prepare(store)
        try await store.write { tx in
            let special = try tx.requirementRow(for: Requirement(tags: ["x"]))
            for number in 1...9 {
                var task = Samples.task(number, status: number == 9 ? .completed : .ready)
                task.priority = number % 3
                task.requirement = number > 6 ? special : 0
                try tx.insert(task, TaskBody())
            }
            let project = Samples.project
            try requireEqual(try tx.tasks.queuedRequirements(in: project), [0, special], "queued requirements")
            try requireEqual(try tx.tasks.queuedProjects(in: Samples.workspace.id), [project.id], "queued projects")
            let head = try tx.tasks.queueHead(project: project, requirement: 0, limit: 4).map(\.number)
            try requireEqual(head, [2, 5, 1, 4], "the head of the queue")
            let tail = try tx.tasks.queueHead(project: project, requirement: special, limit: 9).map(\.number)
            try requireEqual(tail, [8, 7], "the special queue")
        }
    }

    static func due(_ store: any Store) async throws {
        try await Samples.prepare(store)
        try await store.write { tx in
            var resting = Samples.task(1)
            resting.isQueued = false
            resting.backoffUntil = Samples.now.adding(milliseconds: 50)
            var later = Samples.task(2, status: .pending)
            later.notBefore = Samples.now.adding(milliseconds: 40)
            var waiting = Samples.task(3, status: .pending)
            waiting.notBefore = Samples.now
            waiting.openDependencies = 1
            for task in [resting, later, waiting] { try tx.insert(task, TaskBody()) }
            try requireEqual(try tx.tasks.nextDue(), later.notBefore, "the next time something is due")
            let at = Samples.now.adding(milliseconds: 45)
            try requireEqual(try tx.tasks.startDue(at: at, limit: 9), [later.id], "start times that came")
            try requireEqual(try tx.tasks.backoffEnded(at: at, limit: 9), [], "backoffs that ended")
            let end = Samples.now.adding(milliseconds: 50)
            try requireEqual(try tx.tasks.backoffEnded(at: end, limit: 9), [resting.id], "backoffs that ended")
            let agent = Self.agent
            try tx.insert(agent)
            for number in 1...3 {
                let task = Samples.task(number)
                try tx.insert(Samples.lease(of: task, agent: agent, expiresIn: Int64(number) * 10))
            }
            try requireEqual(try tx.leases.nextExpiry(), Samples.now.adding(milliseconds: 10), "the next expiry")
            let overdue = try tx.leases.overdue(at: Samples.now.adding(milliseconds: 20), limit: 9).map(\.taskRef)
            try requireEqual(overdue, ["API-1", "API-2"], "overdue leases")
            try requireEqual(try tx.extendAll(from: Samples.now.adding(milliseconds: 100)), 3, "extended leases")
            let none = try tx.leases.overdue(at: Samples.now.adding(milliseconds: 100), limit: 9)
            try require(none.isEmpty, "an extended lease is still overdue")
        }
    }

    static func counts(_ store: any Store) async throws {
        try await Samples.prepare(store)
        try await store.write { tx in
            let first = Samples.task(1)
            try tx.insert(first, TaskBody())
            try tx.insert(Samples.task(2, status: .pending), TaskBody())
            var moved = first
            moved.status = .completed
            moved.isQueued = false
            moved.version = 2
            try tx.save(moved, before: first)
            let counts = try tx.projects.counts(Samples.project.id)
            try requireEqual(counts, TaskCounts([.completed: 1, .pending: 1]), "counts")
            try tx.delete(Samples.task(2, status: .pending))
            try requireEqual(try tx.projects.counts(Samples.project.id), TaskCounts([.completed: 1]), "counts")
            try requireEqual(try tx.takeNumber(in: Samples.project.id), 1, "the first number")
            try requireEqual(try tx.takeNumber(in: Samples.project.id), 2, "the second number")
        }
    }
}
