import OrcaDomain
import OrcaEngine
import OrcaSimulation
import OrcaStore
import Testing

@Suite struct ExpiryTests {
    private let world: EngineWorld
    private let project: Project

    init() throws {
        world = try EngineWorld()
        project = try world.project()
    }

    @Test func aDeadWorkersTaskIsReadyAgainAndItsAttemptCountsOnce() throws {
        let task = try world.task("One", in: project)
        try world.claim(task, by: "bob", ttlMS: 5_000)
        world.advance(milliseconds: 4_999)
        try world.tick()
        #expect(try world.fresh(task).status == .dispatched)
        world.advance(milliseconds: 1)
        try world.tick()
        let after = try world.fresh(task)
        #expect(after.status == .ready && after.failures == 1 && after.holder == "")
        #expect(try world.session.attempts.find(task: task.id, token: 1)?.outcome == .expired)
        try world.tick()
        #expect(try world.fresh(task).failures == 1)
    }

    @Test func anOverdueLeaseCanStillBeRenewedBeforeTheSweep() throws {
        let task = try world.task("One", in: project)
        let token = try world.claim(task, by: "bob", ttlMS: 5_000).lease.token
        world.advance(milliseconds: 9_000)
        let held = try world.fresh(task)
        try world.transact { try RenewLease.run(.init(task: held, token: token), in: $0, $1) }
        try world.tick()
        #expect(try world.fresh(task).status == .dispatched)
    }

    @Test func threeFailuresInARowBreakTheCircuit() throws {
        let task = try world.task("One", in: project)
        for attempt in 1...3 {
            let token = try world.claim(task, by: "bob").lease.token
            let after = try world.fail(task, token: token, "broken \(attempt)")
            #expect(after.failures == attempt)
            #expect(after.status == (attempt == 3 ? .failed : .ready))
            world.advance(milliseconds: 400_000)
            try world.tick()
        }
        #expect(try world.session.tasks.body(task.id)?.error == "broken 3")
        let failed = try world.fresh(task)
        let again = try world.transact { try RetryTask.run(failed, in: $0, $1) }
        #expect(again.status == .ready && again.failures == 0 && again.lastToken == 3)
    }

    @Test func aFailedTaskRestsBeforeTheNextAttempt() throws {
        let task = try world.task("One", in: project) {
            $0.retry = RetryPolicy(attemptsMax: 5, backoffInitialMS: 10_000, backoffMaxMS: 60_000)
        }
        let token = try world.claim(task, by: "bob").lease.token
        let resting = try world.fail(task, token: token)
        #expect(resting.status == .ready)
        let until = try #require(resting.backoffUntil)
        #expect(until > world.now)
        #expect(try world.claimBest(by: "bob").isEmpty)
        #expect(try refusal { try world.claim(task, by: "bob") }.code == .taskNotReady)
        world.now = until
        try world.tick()
        #expect(try world.claimBest(by: "bob").map(\.task.ref) == [task.ref])
    }

    @Test func aReleaseCountsAsNoFailure() throws {
        let task = try world.task("One", in: project)
        let token = try world.claim(task, by: "bob").lease.token
        let held = try world.fresh(task)
        let (after, attempt) = try world.transact {
            try ReleaseTask.run(.init(task: held, token: token, reason: "lunch"), in: $0, $1)
        }
        #expect(after.status == .ready && after.failures == 0 && attempt.outcome == .released)
        #expect(try world.claimBest(by: "eve").map(\.task.ref) == [task.ref])
    }

    @Test func afterARestartEveryLeaseGetsOneMoreTimeToLive() throws {
        let task = try world.task("One", in: project)
        try world.claim(task, by: "bob", ttlMS: 5_000)
        world.advance(milliseconds: 3_600_000)
        let graced = try world.transact("Start") { try GrantRestartGrace.run((), in: $0, $1) }
        #expect(graced == 1)
        try world.tick()
        #expect(try world.fresh(task).status == .dispatched)
        world.advance(milliseconds: 5_000)
        try world.tick()
        #expect(try world.fresh(task).status == .ready)
    }

    @Test func aStartTimeIsWaitedFor() throws {
        let task = try world.task("later", in: project) { $0.notBefore = world.now.adding(milliseconds: 1_000) }
        #expect(task.status == .pending)
        #expect(try world.session.tasks.nextDue() == world.now.adding(milliseconds: 1_000))
        world.advance(milliseconds: 1_000)
        try world.tick()
        #expect(try world.fresh(task).status == .ready)
    }

    @Test func theEndOfALeaseIsNoSignOfLifeOfItsAgent() throws {
        let task = try world.task("One", in: project)
        try world.claim(task, by: "bob", ttlMS: 5_000)
        let seen = world.now
        world.advance(milliseconds: 600_000)
        try world.tick()
        let agent = try #require(try world.session.agents.find(name: "bob", in: try world.workspace.id))
        #expect(agent.lastSeenAt == seen && agent.status(at: world.now) == .offline && agent.activeLeases == 0)
    }

    @Test func expiryNeedNotCount() throws {
        var settings = ProjectSettings()
        settings.expiryCounts = false
        let lenient = try world.project("LENIENT", settings)
        let task = try world.task("One", in: lenient)
        for _ in 0..<5 {
            try world.claim(task, by: "bob", ttlMS: 1_000)
            world.advance(milliseconds: 1_000)
            try world.tick()
        }
        #expect(try world.fresh(task).failures == 0)
        #expect(try world.fresh(task).status == .ready)
    }

    /// "Stale locks": ten thousand cycles leave nothing behind.
    @Test func nothingIsLeftAfterTenThousandCycles() throws {
        let task = try world.task("One", in: project) {
            $0.retry = RetryPolicy(attemptsMax: 1_000, backoffInitialMS: 0, backoffMaxMS: 0)
        }
        for cycle in 0..<10_000 {
            let claim = try world.claim(task, by: "bob", ttlMS: 1_000)
            let held = try world.fresh(task)
            switch cycle % 4 {
            case 0: try world.fail(task, token: claim.lease.token)
            case 1:
                try world.transact {
                    _ = try ReleaseTask.run(.init(task: held, token: claim.lease.token, reason: ""), in: $0, $1)
                }
            case 2:
                world.advance(milliseconds: 1_000)
            default:
                try world.transact {
                    _ = try OverrideTask.run(
                        .init(task: held, status: .pending, reason: "", result: ""), in: $0, $1)
                }
            // Dispatched to ready by hand: the live attempt is over.
            }
            try world.tick()
        }
        let agent = try Lookup(world.session).agent("bob", in: project.workspace)
        #expect(agent.activeLeases == 0)
        #expect(try world.session.leases.nextExpiry() == nil)
        #expect(try world.session.projects.counts(project.id)[.dispatched] == 0)
        #expect(try world.fresh(task).lastToken == 10_000)
    }
}
