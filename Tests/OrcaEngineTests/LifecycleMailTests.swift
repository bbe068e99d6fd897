import OrcaDomain
import OrcaEngine
import OrcaSimulation
import OrcaStore
import OrcaSupport
import Testing

/// Completions and signs of life that come by mail.
@Suite struct LifecycleMailTests {
    private let world: EngineWorld
    private let project: Project

    init() throws {
        world = try EngineWorld()
        project = try world.project()
        for name in ["c", "w", "v"] { try world.terminal(name) }
    }

    private func dispatch(_ task: WorkTask, to name: String = "w") throws -> DispatchTask.Output {
        let task = try world.fresh(task)
        let terminal = try #require(try world.session.terminals.find(TerminalID(suffix: name)))
        return try world.transact { tx, context in
            try DispatchTask.run(.init(task: task, terminal: terminal, coordinator: "term_c"), in: tx, context)
        }
    }

    private func done(
        _ task: WorkTask, _ dispatch: DispatchTask.Output, from: String = "term_w",
        outcome: WorkerReport.Outcome = .succeeded, type: MessageType = .workerDone, extra: String = ""
    ) throws -> SendMessage.Output {
        let shown = DispatchRecord.shownID(of: dispatch.claim.attempt.id)
        return try world.send(
            "Done", from: from, to: "term_c", type: type, body: "All of it.",
            payload: #"{"taskId":"\#(task.id)","dispatchId":"\#(shown)"\#(extra)}"#, outcome: outcome)
    }

    private func code(_ output: SendMessage.Output) -> String? {
        guard case .refused(let code, _)? = output.lifecycle else { return nil }
        return code
    }

    @Test func aCompletionCompletesTheTaskAndFreesTheWorkerBeforeAnybodyIsWoken() throws {
        let task = try world.task("One", in: project)
        let next = try world.task("Two", in: project, waitsFor: [task])
        let dispatch = try dispatch(task)
        let sent = try done(task, dispatch, extra: #","filesModified":["a.swift"],"reportPath":"r.md""#)
        #expect(sent.lifecycle == .accepted(task.id, dispatch.claim.attempt.id))
        #expect(try world.fresh(task).status == .completed && world.fresh(next).status == .ready)
        #expect(
            try world.session.tasks.body(task.id)?.result
                == #"{"completedBy":"term_w","filesModified":["a.swift"],"completedAt":"2026-01-01T00:00:00.000Z","reportPath":"r.md","summary":"All of it."}"#
        )
        // The terminal can take the next one at once.
        _ = try self.dispatch(next)
        // Said twice it counts once.
        #expect(try done(task, dispatch).lifecycle == .accepted(task.id, dispatch.claim.attempt.id))
    }

    @Test func aFailureFailsTheAttempt() throws {
        let task = try world.task("One", in: project)
        let dispatch = try dispatch(task)
        let sent = try done(task, dispatch, outcome: .failed)
        #expect(sent.lifecycle == .accepted(task.id, dispatch.claim.attempt.id))
        let after = try world.fresh(task)
        #expect(after.status == .ready && after.failures == 1 && after.backoffUntil != nil)
        #expect(try world.session.attempts.find(dispatch.claim.attempt.id)?.error == "Done\nAll of it.")
    }

    @Test func whatDoesNotCountIsSaidAndKept() throws {
        let task = try world.task("One", in: project)
        let other = try world.task("Two", in: project)
        let dispatch = try dispatch(task)
        #expect(try code(done(task, dispatch, from: "term_v")) == "permission_denied")
        #expect(try code(done(other, dispatch)) == "dispatch_not_found")
        let bare = try world.send("Done", from: "term_w", to: "term_c", type: .workerDone)
        #expect(code(bare) == "invalid_argument")
        let unknown = try world.send(
            "Done", from: "term_w", to: "term_c", type: .workerDone,
            payload: #"{"taskId":"\#(task.id)","dispatchId":"ctx_nothing"}"#)
        #expect(code(unknown) == "dispatch_not_found")
        #expect(try world.fresh(task).status == .dispatched)
        #expect(try world.take("term_c", as: "d").count == 4)
    }

    @Test func aCompletionAfterTheTaskWentToAnotherIsLate() throws {
        let task = try world.task("One", in: project)
        let old = try dispatch(task)
        world.advance(milliseconds: 600_000)
        try world.tick()
        world.advance(milliseconds: 600_000)
        try world.tick()
        _ = try dispatch(task, to: "v")
        #expect(try code(done(task, old)) == "lease_lost")
        #expect(try world.session.attempts.find(old.claim.attempt.id)?.isLate == true)
        #expect(try world.fresh(task).status == .dispatched)
    }

    @Test func aSignOfLifeRenewsTheLeaseAndWakesNobody() throws {
        let task = try world.task("One", in: project)
        let dispatch = try dispatch(task)
        let events = try world.eventTypes().count
        world.advance(milliseconds: 200_000)
        let sent = try done(task, dispatch, type: .heartbeat)
        #expect(sent.lifecycle == .accepted(task.id, dispatch.claim.attempt.id))
        #expect(try world.session.leases.live(task.id)?.renewedAt == world.now)
        #expect(try world.session.dispatches.find(dispatch.claim.attempt.id)?.heartbeatAt == world.now)
        #expect(try world.take("term_c", as: "d").isEmpty)
        #expect(try world.eventTypes().count == events)
        // With a new phase it is news, and still no mail.
        _ = try done(task, dispatch, type: .heartbeat, extra: #","phase":"reviewing""#)
        #expect(try world.session.attempts.find(dispatch.claim.attempt.id)?.progress == "reviewing")
        let rows = try world.session.messages.newest(to: "term_c", in: project.workspace, before: .max, limit: 9)
        #expect(rows.count == 1 && rows[0].type == .heartbeat && !rows[0].isUnread)
        #expect(try code(world.send("alive", from: "term_w", to: "term_c", type: .heartbeat)) == "invalid_argument")
    }

    @Test func aWorkersMailToTheCoordinatorFindsIt() throws {
        let task = try world.task("One", in: project)
        #expect(try world.send("x", from: "term_w", to: "coordinator").messages[0].to == "coordinator")
        _ = try dispatch(task)
        #expect(try world.send("x", from: "term_w", to: "coordinator").messages[0].to == "term_c")
    }

    @Test func aResetEndsWhatIsAliveAndForgetsTheRest() throws {
        let task = try world.task("One", in: project)
        let next = try world.task("Two", in: project, waitsFor: [task])
        let dispatch = try dispatch(task)
        try world.send("x", from: "term_c", to: "term_w")
        let home = project.workspace
        let project = project
        let output = try world.transact { tx, context in
            try ResetOrchestration.run(.init(workspace: home, project: project, scope: .all), in: tx, context)
        }
        #expect(output.messages == 1 && output.tasks == 2)
        #expect(try world.session.tasks.find(task.id) == nil && world.session.tasks.find(next.id) == nil)
        #expect(try world.session.leases.live(task.id) == nil)
        #expect(try world.session.agents.find(dispatch.claim.lease.agent)?.activeLeases == 0)
        #expect(code(try done(task, dispatch)) != nil)
        world.actor = Actor(name: "w", scope: .worker, identity: "w")
        let error = try refusal {
            try world.transact { tx, context in
                _ = try ResetOrchestration.run(
                    .init(workspace: home, project: project, scope: .messages), in: tx, context)
            }
        }
        #expect(error.code == .permissionDenied)
    }
}
