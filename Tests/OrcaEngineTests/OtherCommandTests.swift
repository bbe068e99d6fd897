import OrcaDomain
import OrcaEngine
import OrcaSimulation
import OrcaStore
import Testing

@Suite struct TaskTests {
    private let world: EngineWorld
    private let project: Project

    init() throws {
        world = try EngineWorld()
        project = try world.project()
    }

    @Test func numbersHaveNoGapsEvenAfterARefusal() throws {
        try world.task("one", in: project)
        _ = try refusal { try world.task("", in: project) }
        #expect(try world.task("two", in: project).ref == "API-2")
    }

    @Test func contextFlowsDownAndFollowsChanges() throws {
        let parent = try world.task("parent", in: project) { $0.context = ["style": "tabs", "lang": "swift"] }
        let child = try world.task("child", in: project, parent: parent) { $0.context = ["style": "spaces"] }
        let grandchild = try world.task("grandchild", in: project, parent: child)
        #expect(try world.session.tasks.body(grandchild.id)?.inheritedContext == ["style": "spaces", "lang": "swift"])
        var draft = try UpdateTask.draft(of: parent, in: world.session)
        draft.context = ["lang": "c"]
        try world.transact { _ = try UpdateTask.run(.init(task: parent, draft: draft), in: $0, $1) }
        #expect(try world.session.tasks.body(grandchild.id)?.inheritedContext == ["style": "spaces", "lang": "c"])
    }

    @Test func aStaleVersionIsRefused() throws {
        let task = try world.task("one", in: project)
        var draft = try UpdateTask.draft(of: task, in: world.session)
        draft.title = "changed"
        let changed = try world.transact {
            try UpdateTask.run(.init(task: task, draft: draft, expectedVersion: 1), in: $0, $1)
        }
        #expect(changed.version == 2 && changed.title == "changed")
        draft.title = "again"
        let error = try refusal {
            try world.transact {
                _ = try UpdateTask.run(.init(task: changed, draft: draft, expectedVersion: 1), in: $0, $1)
            }
        }
        #expect(error.code == .versionConflict)
    }

    @Test func whatIsNeededCannotBeDeleted() throws {
        let first = try world.task("first", in: project)
        let second = try world.task("second", in: project, waitsFor: [first])
        let error = try refusal { try world.transact { try DeleteTask.run(first, in: $0, $1) } }
        #expect(error.code == .inUse && error.message.contains(second.ref))
        try world.transact { try DeleteTask.run(second, in: $0, $1) }
        try world.transact { try DeleteTask.run(try world.fresh(first), in: $0, $1) }
        #expect(try world.session.projects.counts(project.id).byStatus.isEmpty)
    }

    @Test func anOverrideCannotMakeATaskReadyThatIsNot() throws {
        let first = try world.task("first", in: project)
        let second = try world.task("second", in: project, waitsFor: [first])
        let ask: (TaskStatus) throws -> Void = { status in
            try world.transact {
                _ = try OverrideTask.run(.init(task: second, status: status, reason: "", result: ""), in: $0, $1)
            }
        }
        #expect(try refusal { try ask(.ready) }.code == .invalidTransition)
        #expect(try refusal { try ask(.dispatched) }.code == .invalidTransition)
        try ask(.completed)
        #expect(try world.fresh(second).status == .completed)
    }

    @Test func anOverrideKillsTheToken() throws {
        let task = try world.task("one", in: project)
        let token = try world.claim(task, by: "bob").lease.token
        let held = try world.fresh(task)
        try world.transact {
            _ = try OverrideTask.run(.init(task: held, status: .completed, reason: "by hand", result: ""), in: $0, $1)
        }
        #expect(try world.complete(task, token: token).refusal?.code == .leaseLost)
        #expect(try world.session.attempts.find(task: task.id, token: token)?.outcome == .canceled)
    }

    @Test(
        arguments: [
            { $0.title = "" }, { $0.title = String(repeating: "x", count: 513) }, { $0.priority = 1_001 },
            { $0.tags = ["a b"] }, { $0.capabilities = ["a b"] }, { $0.contract = [.file("../x")] },
            { $0.contract = [.command(" ")] }, { $0.spec = String(repeating: "x", count: (1 << 20) + 1) },
            { $0.context = ["": "x"] },
            { $0.retry = RetryPolicy(attemptsMax: 0, backoffInitialMS: 1, backoffMaxMS: 1) },
        ] as [@Sendable (inout TaskDraft) -> Void])
    func badWordsAreRefusedAndNothingIsLeft(spoil: @Sendable (inout TaskDraft) -> Void) throws {
        let error = try refusal { try world.task("fine", in: project, spoil) }
        #expect(error.code == .invalidArgument || error.code == .limitExceeded)
        #expect(try world.session.tasks.count() == 0)
    }
}

@Suite struct PlanTests {
    private let world: EngineWorld
    private let project: Project

    init() throws {
        world = try EngineWorld()
        project = try world.project()
    }

    @Test func aPlansTasksAreNumberedInTheOrderOfItsFile() throws {
        let sorted = try importing([item("a"), item("b", needs: ["a"]), item("c"), item("d")]).map { $0.task.ref }
        #expect(sorted == ["API-1", "API-2", "API-3", "API-4"])
        // What is needed comes first, that in the order of the file, too.
        let mixed = try importing([item("z", needs: ["y", "x"]), item("x"), item("y"), item("w")]).map { $0.task.ref }
        #expect(mixed == ["API-7", "API-5", "API-6", "API-8"])
    }

    private func importing(_ items: [PlanSpec.Item]) throws -> [ImportPlan.Entry] {
        try world.transact {
            try ImportPlan.run(.init(project: project, plan: PlanSpec(name: "plan", items: items)), in: $0, $1)
        }
    }

    private func item(_ key: String, needs: [String] = [], _ change: (inout TaskDraft) -> Void = { _ in })
        -> PlanSpec.Item
    {
        var draft = TaskDraft(title: "Task \(key)")
        change(&draft)
        return PlanSpec.Item(key: key, draft: draft, dependencies: needs.map { (key: $0, policy: .block) })
    }

    @Test func theSamePlanAgainChangesNothing() throws {
        let items = [item("b", needs: ["a"]), item("a")]
        #expect(try importing(items).map(\.action) == [.created, .created])
        let events = try world.eventTypes().count
        #expect(try importing(items).map(\.action) == [.unchanged, .unchanged])
        #expect(try world.eventTypes().count == events)
    }

    @Test func aChangedPlanChangesOnlyWhatChanged() throws {
        _ = try importing([item("a"), item("b", needs: ["a"])])
        let entries = try importing([item("a") { $0.spec = "more" }, item("b"), item("c", needs: ["a"])])
        #expect(entries.map(\.action) == [.updated, .updated, .created])
        #expect(entries[1].task.status == .ready)
    }

    @Test func onlyAllOrNothingIsImported() throws {
        let bad = [item("a"), item("b") { $0.priority = 5_000 }]
        let error = try refusal { _ = try importing(bad) }
        #expect(error.details["key"] == "b")
        #expect(try world.session.tasks.count() == 0)
    }

    @Test func aCycleAnUnknownKeyAndADoubleKeyAreNamed() throws {
        let cycle = try refusal { _ = try importing([item("a", needs: ["b"]), item("b", needs: ["a"])]) }
        #expect(cycle.code == .dependencyCycle && cycle.details["path"]?.contains("a → b → a") == true)
        #expect(try refusal { _ = try importing([item("a", needs: ["x"])]) }.code == .planInvalid)
        #expect(try refusal { _ = try importing([item("a"), item("a")]) }.code == .planInvalid)
    }
}

@Suite struct OfferTests {
    private let world: EngineWorld

    init() throws {
        world = try EngineWorld()
    }

    private func project(_ distribution: Distribution) throws -> Project {
        var settings = ProjectSettings()
        settings.distribution = distribution
        settings.offerTTLMS = 5_000
        return try world.project("PUSH", settings)
    }

    @Test func anOfferThatIsNotTakenGoesToTheNext() throws {
        let project = try project(.leastLoaded)
        try world.agent("a")
        try world.agent("b")
        let task = try world.task("one", in: project)
        try world.tick()
        let first = try #require(try world.session.leases.live(task.id))
        #expect(first.isOffer && first.agentName == "a")
        world.advance(milliseconds: 5_000)
        try world.tick()
        let second = try #require(try world.session.leases.live(task.id))
        #expect(second.agentName == "b")
        #expect(try world.fresh(task).failures == 0)
    }

    @Test func acceptingMakesItAFullLease() throws {
        let project = try project(.roundRobin)
        try world.agent("a")
        let task = try world.task("one", in: project)
        try world.tick()
        let offered = try world.fresh(task)
        let renew = try refusal {
            try world.transact { _ = try RenewLease.run(.init(task: offered, token: 1), in: $0, $1) }
        }
        #expect(renew.code == .offerPending)
        let claim = try world.transact { try AcceptOffer.run(.init(task: offered, token: 1), in: $0, $1) }
        #expect(!claim.lease.isOffer && claim.lease.ttlMS == 300_000)
        world.advance(milliseconds: 60_000)
        try world.tick()
        #expect(try world.fresh(task).status == .dispatched)
    }

    @Test func roundRobinSpreadsEvenly() throws {
        let project = try project(.roundRobin)
        for name in ["a", "b", "c"] { try world.agent(name, capacity: 10) }
        for index in 0..<10 { try world.task("\(index)", in: project) }
        try world.tick()
        let held = try ["a", "b", "c"].map { try Lookup(world.session).agent($0, in: project.workspace).activeLeases }
        #expect(held.sorted() == [3, 3, 4])
    }

    @Test func offlineAndDrainingAgentsAreSkipped() throws {
        let project = try project(.leastLoaded)
        let draining = try world.agent("draining")
        try world.transact { _ = try UpdateAgent.run(.init(agent: draining, draining: true), in: $0, $1) }
        try world.agent("gone")
        world.advance(milliseconds: Agent.patienceMS + 1)
        let task = try world.task("one", in: project)
        try world.tick()
        #expect(try world.session.leases.live(task.id) == nil)
        try world.agent("here")
        try world.tick()
        #expect(try world.session.leases.live(task.id)?.agentName == "here")
    }

    @Test func manualGoesToTheAssignee() throws {
        let project = try project(.manual)
        try world.agent("a")
        try world.agent("b")
        let task = try world.task("one", in: project) { $0.assignee = "b" }
        try world.tick()
        #expect(try world.session.leases.live(task.id)?.agentName == "b")
    }
}

@Suite struct IsolationTests {
    @Test func anIdOfAnotherWorkspaceIsNotFound() throws {
        let world = try EngineWorld()
        let project = try world.project()
        let task = try world.task("one", in: project)
        let other = try world.transact { try CreateWorkspace.run(.init(name: "other"), in: $0, $1) }
        let lookup = Lookup(world.session)
        #expect(try refusal { _ = try lookup.task(task.id.text, in: other.id) }.code == .taskNotFound)
        #expect(try refusal { _ = try lookup.task(task.ref, in: other.id) }.code == .taskNotFound)
        #expect(try refusal { _ = try lookup.project(project.id.text, in: other.id) }.code == .projectNotFound)
        let bound = Actor(name: "x", scope: .admin, identity: "x", workspace: other.id)
        #expect(try refusal { _ = try lookup.workspace("default", for: bound) }.code == .workspaceNotFound)
    }

    @Test(arguments: AccessScope.allCases) func scopesAllowWhatTheySay(scope: AccessScope) {
        let actor = Actor(name: "x", scope: scope, identity: "x")
        let allowed: Set<Authority.Need> =
            switch scope {
            case .admin: [.read, .attempt, .change, .administer]
            case .coordinator: [.read, .attempt, .change]
            case .worker: [.read, .attempt]
            case .readOnly: [.read]
            }
        for need in [Authority.Need.read, .attempt, .change, .administer] {
            let isAllowed = (try? Authority.check(actor, may: need, operation: "Test")) != nil
            #expect(isAllowed == allowed.contains(need))
        }
    }

    @Test func theSameKeyWithAnotherBodyIsRefusedAndTheSameBodyDoesNothingTwice() throws {
        let world = try EngineWorld()
        let project = try world.project()
        func create(_ title: String, key: String) throws -> Reply<String> {
            try world.transact("CreateTask") { tx, context in
                let once = try OnceOnly(key: key, operation: "CreateTask", requestDigest: title)
                return try once.run(
                    in: tx, context, encode: { Array($0.utf8) }, decode: { String(decoding: $0, as: UTF8.self) }
                ) {
                    .answer(
                        try CreateTask.run(.init(project: project, draft: TaskDraft(title: title)), in: tx, context).ref
                    )
                }
            }
        }
        for _ in 0..<3 {
            guard case .answer(let ref) = try create("one", key: "k") else {
                Issue.record("refused")
                return
            }
            #expect(ref == "API-1")
        }
        #expect(try refusal { _ = try create("two", key: "k") }.code == .idempotencyMismatch)
        #expect(try world.session.tasks.count() == 1)
    }
}
