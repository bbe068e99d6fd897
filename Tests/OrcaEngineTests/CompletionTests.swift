import OrcaDomain
import OrcaEngine
import OrcaSimulation
import OrcaStore
import Testing

/// "Odd completions": before, twice, after a re-claim, after cancel; each answered as the domain says.
@Suite struct CompletionTests {
    private let world: EngineWorld
    private let project: Project

    init() throws {
        world = try EngineWorld()
        project = try world.project()
    }

    /// Claims by bob, lets the lease run out, and sweeps.
    private func claimAndLose(_ task: WorkTask) throws -> Int64 {
        let claim = try world.claim(task, by: "bob", ttlMS: 5_000)
        world.advance(milliseconds: 5_000)
        try world.tick()
        return claim.lease.token
    }

    @Test func aCompletionFreesEverything() throws {
        let task = try world.task("One", in: project)
        let claim = try world.claim(task, by: "bob")
        var outcome = WorkOutcome()
        outcome.result = "done"
        outcome.branch = "orca/API-1/1"
        let done = try world.complete(task, token: claim.lease.token, outcome)
        #expect(done.task?.status == .completed && done.task?.holder == "")
        #expect(done.attempt?.outcome == .succeeded && done.attempt?.branch == "orca/API-1/1")
        #expect(try world.session.leases.live(task.id) == nil)
        #expect(try world.session.agents.find(claim.lease.agent)?.activeLeases == 0)
        #expect(try world.session.tasks.body(task.id)?.result == "done")
    }

    @Test func theSameCompletionTwiceCountsOnce() throws {
        let task = try world.task("One", in: project)
        let token = try world.claim(task, by: "bob").lease.token
        _ = try world.complete(task, token: token)
        let events = try world.eventTypes().count
        #expect(try world.complete(task, token: token).task?.status == .completed)
        #expect(try world.eventTypes().count == events)
    }

    @Test func aTokenThatWasNeverGivenOutIsRefused() throws {
        let task = try world.task("One", in: project)
        #expect(try refusal { _ = try world.complete(task, token: 1) }.code == .invalidArgument)
        try world.claim(task, by: "bob")
        #expect(try refusal { _ = try world.complete(task, token: 2) }.code == .invalidArgument)
    }

    @Test func aLateCompletionIsAdoptedWhileNobodyHoldsTheTask() throws {
        let task = try world.task("One", in: project)
        let token = try claimAndLose(task)
        let done = try world.complete(task, token: token)
        #expect(done.task?.status == .completed)
        #expect(done.attempt?.isAdopted == true && done.attempt?.outcome == .succeeded)
        #expect(try world.eventTypes().contains(.taskAdopted))
    }

    @Test func aLateCompletionAfterAReclaimIsKeptButDoesNotCount() throws {
        let task = try world.task("One", in: project)
        let token = try claimAndLose(task)
        world.advance(milliseconds: 60_000)
        try world.tick()
        try world.claim(task, by: "eve")
        var outcome = WorkOutcome()
        outcome.result = "bob's work"
        let late = try world.complete(task, token: token, outcome)
        #expect(late.refusal?.code == .leaseLost)
        #expect(late.refusal?.details["holder"] == "eve")
        let attempt = try world.session.attempts.find(task: task.id, token: token)
        #expect(attempt?.isLate == true && attempt?.outcome == .expired && attempt?.result == "bob's work")
        #expect(try world.fresh(task).status == .dispatched)
        #expect(try world.eventTypes().contains(.taskResultLate))
    }

    @Test func aCompletionAfterCancelResurrectsNothing() throws {
        let task = try world.task("One", in: project)
        let token = try world.claim(task, by: "bob").lease.token
        let held = try world.fresh(task)
        try world.transact { try CancelTask.run(.init(task: held, reason: "no more"), in: $0, $1) }
        #expect(try world.complete(task, token: token).refusal?.code == .leaseLost)
        #expect(try world.fresh(task).status == .canceled)
    }

    @Test func withoutTheAdoptionPolicyLateIsLate() throws {
        var settings = ProjectSettings()
        settings.adoptsLateCompletions = false
        let strict = try world.project("STRICT", settings)
        let task = try world.task("One", in: strict)
        let token = try claimAndLose(task)
        #expect(try world.complete(task, token: token).refusal?.code == .leaseLost)
        #expect(try world.fresh(task).status == .ready)
    }

    @Test func everyLifecycleWriteWithAStaleTokenIsRefused() throws {
        let task = try world.task("One", in: project)
        let token = try claimAndLose(task)
        world.advance(milliseconds: 60_000)
        try world.tick()
        try world.claim(task, by: "eve")
        let before = try world.fresh(task)
        let writes: [(any StoreTransaction, CommandContext) throws -> Void] = [
            { _ = try RenewLease.run(.init(task: before, token: token), in: $0, $1) },
            { _ = try ReportProgress.run(.init(task: before, token: token, message: "x", percent: 1), in: $0, $1) },
            { _ = try FailTask.run(.init(task: before, token: token, error: "x"), in: $0, $1) },
            { _ = try ReleaseTask.run(.init(task: before, token: token, reason: "x"), in: $0, $1) },
            { _ = try AcceptOffer.run(.init(task: before, token: token), in: $0, $1) },
        ]
        for write in writes {
            let error = try refusal { try world.transact("Test", write) }
            #expect(error.code == .leaseLost && error.details["holder"] == "eve")
        }
        #expect(try world.fresh(task) == before)
    }

    @Test func theContractMustHold() throws {
        let items: [ContractItem] = [.command("make test"), .file("out.txt")]
        let task = try world.task("One", in: project) { $0.contract = items }
        let token = try world.claim(task, by: "bob").lease.token
        var outcome = WorkOutcome()
        outcome.checks = [ContractCheck(item: items[0], passed: true, detail: "")]
        let error = try refusal { _ = try world.complete(task, token: token, outcome) }
        #expect(error.code == .contractUnverified && error.message.contains("out.txt"))
        outcome.checks.append(ContractCheck(item: items[1], passed: false, detail: "missing"))
        #expect(try refusal { _ = try world.complete(task, token: token, outcome) }.code == .contractUnverified)
        #expect(try world.fresh(task).status == .dispatched)
        outcome.checks[1].passed = true
        #expect(try world.complete(task, token: token, outcome).task?.status == .completed)
    }

    @Test func aWorkersTokenSpeaksForItsOwnAttemptOnly() throws {
        let mine = try world.task("mine", in: project)
        let other = try world.task("other", in: project)
        try world.agent("bob", capacity: 2)
        let claim = try world.claim(mine, by: "bob")
        let foreign = try world.claim(other, by: "bob")
        world.actor = Actor(name: "w", scope: .worker, identity: "tok_1", attempt: claim.attempt.id)
        #expect(try refusal { _ = try world.complete(other, token: foreign.lease.token) }.code == .permissionDenied)
        #expect(try world.complete(mine, token: claim.lease.token).task?.status == .completed)
    }
}
