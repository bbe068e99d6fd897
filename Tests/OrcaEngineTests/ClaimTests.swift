import OrcaDomain
import OrcaEngine
import OrcaSimulation
import OrcaStore
import Testing

@Suite struct ClaimTests {
    private let world: EngineWorld
    private let project: Project

    init() throws {
        world = try EngineWorld()
        project = try world.project()
    }

    @Test func aClaimAnswersTaskAttemptAndLease() throws {
        let task = try world.task("One", in: project)
        let claim = try world.claim(task, by: "bob", ttlMS: 30_000)
        #expect(claim.task.status == .dispatched && claim.task.holder == "bob")
        #expect(claim.attempt.token == 1 && claim.attempt.outcome == .active)
        #expect(claim.lease.expiresAt == world.now.adding(milliseconds: 30_000))
        #expect(claim.lease.renewAfter == world.now.adding(milliseconds: 10_000))
        #expect(claim.lease.token == claim.task.lastToken)
    }

    @Test func theSecondClaimNamesTheHolder() throws {
        let task = try world.task("One", in: project)
        try world.claim(task, by: "bob")
        let error = try refusal { try world.claim(task, by: "eve") }
        #expect(error.code == .taskHeld && error.details["holder"] == "bob")
        #expect(try refusal { try world.claim(task, by: "bob") }.code == .taskHeld)
    }

    @Test func theQueueGoesByPriorityThenAge() throws {
        let old = try world.task("old", in: project)
        let high = try world.task("high", in: project) { $0.priority = 5 }
        let young = try world.task("young", in: project)
        try world.agent("bob", capacity: 10)
        let order = try world.claimBest(by: "bob", count: 10).map(\.task.ref)
        #expect(order == [high.ref, old.ref, young.ref])
    }

    @Test func anAgentGetsOnlyWhatItQualifiesFor() throws {
        let plain = try world.task("plain", in: project)
        let tagged = try world.task("tagged", in: project) {
            $0.tags = ["swift", "linux"]
            $0.priority = 9
        }
        let strong = try world.task("strong", in: project) {
            $0.capabilities = ["memory_gb>=16"]
            $0.priority = 8
        }
        let mine = try world.task("assigned", in: project) {
            $0.assignee = "carol"
            $0.priority = 7
        }
        try world.agent("bob", tags: ["swift"], capacity: 9)
        #expect(try world.claimBest(by: "bob", count: 9).map(\.task.ref) == [plain.ref])
        for task in [tagged, strong, mine] {
            #expect(try refusal { try world.claim(task, by: "bob") }.code == .notEligible)
        }
        try world.agent("carol", tags: ["linux", "swift"], capabilities: ["memory_gb": "32"], capacity: 9)
        #expect(try world.claimBest(by: "carol", count: 9).map(\.task.ref) == [tagged.ref, strong.ref, mine.ref])
    }

    @Test func capacityIsKept() throws {
        for index in 0..<5 { try world.task("task \(index)", in: project) }
        try world.agent("bob", capacity: 2)
        #expect(try world.claimBest(by: "bob", count: 5).count == 2)
        #expect(try refusal { _ = try world.claimBest(by: "bob") }.code == .agentBusy)
    }

    @Test func aDrainingAgentGetsNothing() throws {
        try world.task("One", in: project)
        let agent = try world.agent("bob")
        try world.transact { try UpdateAgent.run(.init(agent: agent, draining: true), in: $0, $1) }
        #expect(try refusal { _ = try world.claimBest(by: "bob") }.code == .agentDraining)
    }

    @Test func aFullProjectHandsOutNothingMore() throws {
        var settings = ProjectSettings()
        settings.concurrentMax = 1
        let narrow = try world.project("NARROW", settings)
        let first = try world.task("first", in: narrow)
        let second = try world.task("second", in: narrow)
        try world.claim(first, by: "bob")
        #expect(try refusal { try world.claim(second, by: "eve") }.code == .projectFull)
        #expect(try world.claimBest(by: "eve").isEmpty)
    }

    @Test func onlyAllowedTagsMayWorkInAProject() throws {
        var settings = ProjectSettings()
        settings.allowedAgentTags = ["trusted"]
        let closed = try world.project("CLOSED", settings)
        let task = try world.task("secret", in: closed)
        #expect(try refusal { try world.claim(task, by: "bob") }.code == .notEligible)
        #expect(try world.claimBest(by: "bob").isEmpty)
        try world.agent("carol", tags: ["trusted"])
        #expect(try world.claimBest(by: "carol").map(\.task.ref) == [task.ref])
    }

    @Test func aTaskThatIsNotReadyIsRefusedWithItsState() throws {
        let first = try world.task("first", in: project)
        let second = try world.task("second", in: project, waitsFor: [first])
        #expect(try refusal { try world.claim(second, by: "bob") }.code == .taskNotReady)
        try world.transact { try CancelTask.run(.init(task: first, reason: ""), in: $0, $1) }
        #expect(try refusal { try world.claim(first, by: "bob") }.code == .taskFinished)
    }

    @Test func anAgentHoldsNoMoreThanOneLeasePerTaskWhateverHappens() throws {
        let task = try world.task("One", in: project)
        let claim = try world.claim(task, by: "bob")
        #expect(throws: StoreError.self) {
            try world.transact { tx, _ in try tx.insert(claim.lease) }
        }
    }
}
