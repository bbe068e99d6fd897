import OrcaDomain
import OrcaEngine
import OrcaSimulation
import OrcaStore
import OrcaSupport
import Testing

@Suite struct DependencyTests {
    private let world: EngineWorld
    private let project: Project

    init() throws {
        world = try EngineWorld()
        project = try world.project()
    }

    private func finish(_ task: WorkTask) throws {
        let token = try world.claim(task, by: "bob").lease.token
        _ = try world.complete(task, token: token)
    }

    private func giveUp(_ task: WorkTask) throws {
        let held = try world.fresh(task)
        try world.transact {
            _ = try OverrideTask.run(.init(task: held, status: .failed, reason: "", result: ""), in: $0, $1)
        }
    }

    @Test func theLastCompletionMakesADependentReadyInTheSameTransaction() throws {
        let first = try world.task("first", in: project)
        let second = try world.task("second", in: project)
        let third = try world.task("third", in: project, waitsFor: [first, second])
        #expect(third.status == .pending && third.openDependencies == 2)
        try finish(first)
        #expect(try world.fresh(third).status == .pending)
        try finish(second)
        #expect(try world.fresh(third).status == .ready)
    }

    @Test(arguments: [(Dependency.Policy.block, TaskStatus.pending), (.cancel, .canceled), (.ignore, .ready)])
    func aFailedDependencyActsByThePolicyOfTheEdge(policy: Dependency.Policy, expected: TaskStatus) throws {
        let first = try world.task("first", in: project)
        let second = try world.task("second", in: project, waitsFor: [first], policy: policy)
        try giveUp(first)
        #expect(try world.fresh(second).status == expected)
    }

    @Test func aCancellationRunsDownTheChain() throws {
        var chain = [try world.task("0", in: project)]
        for index in 1..<20 {
            chain.append(try world.task("\(index)", in: project, waitsFor: [chain[index - 1]], policy: .cancel))
        }
        let root = chain[0]
        try world.transact { try CancelTask.run(.init(task: root, reason: "no"), in: $0, $1) }
        #expect(try chain.allSatisfy { try world.fresh($0).status == .canceled })
    }

    @Test func aCycleIsRefusedWithItsPath() throws {
        let first = try world.task("first", in: project)
        let second = try world.task("second", in: project, waitsFor: [first])
        let third = try world.task("third", in: project, waitsFor: [second])
        let error = try refusal {
            try world.transact {
                _ = try AddDependency.run(.init(task: first, dependsOn: third, policy: .block), in: $0, $1)
            }
        }
        #expect(error.code == .dependencyCycle)
        #expect(error.details["path"] == "API-1 → API-3 → API-2 → API-1")
        let own = try refusal {
            try world.transact {
                _ = try AddDependency.run(.init(task: first, dependsOn: first, policy: .block), in: $0, $1)
            }
        }
        #expect(own.code == .dependencyCycle)
    }

    @Test func aLateEdgeToACompletedTaskHoldsNothingBack() throws {
        let first = try world.task("first", in: project)
        try finish(first)
        let late = try world.task("late", in: project, waitsFor: [first])
        #expect(late.status == .ready)
        let done = try world.fresh(first)
        let second = try world.task("second", in: project)
        let changed = try world.transact {
            try AddDependency.run(.init(task: second, dependsOn: done, policy: .block), in: $0, $1)
        }
        #expect(changed.status == .ready)
    }

    @Test func aNewEdgeTakesAReadyTaskBackAndRemovingItGivesItBack() throws {
        let first = try world.task("first", in: project)
        let second = try world.task("second", in: project)
        let waiting = try world.transact {
            try AddDependency.run(.init(task: second, dependsOn: first, policy: .block), in: $0, $1)
        }
        #expect(waiting.status == .pending && !waiting.isQueued)
        let free = try world.transact {
            try RemoveDependency.run(.init(task: waiting, dependsOn: first), in: $0, $1)
        }
        #expect(free.status == .ready && free.isQueued)
    }

    @Test func reopeningADependencyTakesDependentsBack() throws {
        let first = try world.task("first", in: project)
        let second = try world.task("second", in: project, waitsFor: [first])
        try finish(first)
        #expect(try world.fresh(second).status == .ready)
        let done = try world.fresh(first)
        try world.transact {
            _ = try OverrideTask.run(.init(task: done, status: .pending, reason: "", result: ""), in: $0, $1)
        }
        #expect(try world.fresh(second).status == .pending)
        #expect(try world.fresh(first).status == .ready)
    }

    @Test func explainNamesWhatIsMissingAndWhatToDo() throws {
        let first = try world.task("first", in: project)
        let second = try world.task("second", in: project, waitsFor: [first])
        let why = try ExplainTask.run(second, in: world.session, world.context())
        #expect(why.reasons.map(\.code) == ["dependency"])
        #expect(why.reasons[0].details["task"] == first.ref)
        #expect(why.reasons[0].next == "orca claim \(first.ref)")
        let ready = try ExplainTask.run(first, in: world.session, world.context())
        #expect(ready.reasons.map(\.code) == ["no_agent"])
        try world.claim(first, by: "bob")
        let held = try ExplainTask.run(try world.fresh(first), in: world.session, world.context())
        #expect(held.reasons.map(\.code) == ["held"] && held.summary.contains("bob"))
    }

    @Test func explainTellsTagsCapacityAndBackoff() throws {
        let tagged = try world.task("tagged", in: project) { $0.tags = ["gpu"] }
        try world.agent("bob")
        let codes: (WorkTask) throws -> [String] = { task in
            let fresh = try world.fresh(task)
            return try ExplainTask.run(fresh, in: world.session, world.context()).reasons.map(\.code)
        }
        #expect(try codes(tagged) == ["tags"])
        let plain = try world.task("plain", in: project)
        let other = try world.task("other", in: project)
        let token = try world.claim(plain, by: "bob").lease.token
        #expect(try codes(other) == ["capacity"])
        try world.fail(plain, token: token)
        #expect(try codes(plain).first == "backoff")
    }

    /// Random graphs: whatever order agents work in, no task is handed out before its dependencies are done.
    @Test(arguments: 1...20) func randomGraphsAreWorkedInOrder(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var tasks: [WorkTask] = []
        for index in 0..<30 {
            let waitsFor = tasks.filter { _ in random.unit() < 0.15 }
            tasks.append(try world.task("seed \(seed) task \(index)", in: project, waitsFor: waitsFor))
        }
        var done: Set<TaskID> = []
        while let claim = try world.claimBest(by: "bob").first {
            let needs = try world.session.dependencies.dependencies(of: claim.task.id).map(\.dependsOn)
            #expect(needs.allSatisfy(done.contains), "seed \(seed): \(claim.task.ref) came too early")
            _ = try world.complete(claim.task, token: claim.lease.token)
            done.insert(claim.task.id)
        }
        #expect(done.count == 30, "seed \(seed)")
    }
}
