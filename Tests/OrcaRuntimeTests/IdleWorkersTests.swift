import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaStore
import OrcaTerminal
import OrcaTestKit
import Testing

@testable import OrcaRuntime

/// Workers that stop without a word.
@Suite struct IdleWorkersTests {
    private static let minute: Int64 = 60_000

    private struct Stage {
        let fixture: RuntimeFixture
        let idle: IdleWorkers
        let worker: TerminalID
        let record: DispatchRecord
        let restsSince: Int64

        /// Looks at the worker as it is after so many minutes of rest.
        func look(afterMinutes minutes: Int64, _ state: TerminalState = .idle) async throws {
            let target = restsSince + minutes * IdleWorkersTests.minute
            fixture.clock.advance(milliseconds: target - fixture.clock.now.milliseconds)
            var status = TerminalStatus(handle: worker.text, state: state)
            status.sinceMS = restsSince
            status.idleEpoch = state == .idle ? 0 : -1
            try await idle.look([(record, status)])
        }

        func mail(to recipient: String) async throws -> [Message] {
            let workspace = try #require(
                try await fixture.store.read { try $0.workspaces.page(PageRequest(limit: 1)).rows.first })
            return try await fixture.store.read {
                try $0.messages.newest(to: recipient, in: workspace.id, before: .max, limit: 10)
            }
        }
    }

    private func withWorker(_ body: (Stage) async throws -> Void) async throws {
        let fixture = try await RuntimeFixture()
        do {
            try await fixture.project(tasks: 1)
            let runtime = fixture.runtime
            let record = try await fixture.store.write { tx in
                let context = runtime.systemContext("Test")
                let workspace = try #require(try tx.workspaces.page(PageRequest(limit: 1)).rows.first)
                let page = try tx.tasks.page(TaskFilter(workspace: workspace.id), PageRequest(limit: 1))
                let task = try #require(page.rows.first)
                let open = { (name: String) in
                    let terminal = Terminal(
                        id: TerminalID(suffix: name), workspace: task.workspace, directory: "/", createdBy: "test",
                        at: context.now)
                    return try OpenTerminal.run(.init(terminal: terminal, tokenDigest: ""), in: tx, context)
                }
                _ = try open("c")
                var input = DispatchTask.Input(task: task, terminal: try open("w"), coordinator: "term_c")
                input.prompt = { _ in "Do it." }
                var record = try DispatchTask.run(input, in: tx, context).record
                record.prompt = .submitted
                try tx.save(record)
                return record
            }
            try await body(
                Stage(
                    fixture: fixture, idle: IdleWorkers(runtime), worker: record.terminal, record: record,
                    restsSince: fixture.clock.now.milliseconds))
        } catch {
            await fixture.stop()
            throw error
        }
        await fixture.stop()
    }

    @Test func aRestingWorkerIsRemindedOnceAndThenItsCoordinatorIsToldOnce() async throws {
        try await withWorker { stage in
            try await stage.look(afterMinutes: 4)
            #expect(try await stage.mail(to: "term_w").isEmpty)
            for minutes in Int64(5)...14 { try await stage.look(afterMinutes: minutes) }
            let reminders = try await stage.mail(to: "term_w")
            #expect(reminders.map(\.subject) == ["Is API-1 done?"])
            #expect(reminders.first?.body.contains(stage.record.task.text) == true)
            #expect(try await stage.mail(to: "term_c").isEmpty)
            for minutes in Int64(15)...40 { try await stage.look(afterMinutes: minutes) }
            #expect(try await stage.mail(to: "term_w").count == 1)
            let told = try await stage.mail(to: "term_c")
            #expect(told.map(\.subject) == ["API-1: its worker stopped without a word"])
            #expect(told.first?.type == .escalation)
        }
    }

    @Test func aWorkerThatWorksOrIsAskedOrWaitsForAnAnswerIsLeftAlone() async throws {
        try await withWorker { stage in
            for state in TerminalState.allCases where state != .idle { try await stage.look(afterMinutes: 60, state) }
            let runtime = stage.fixture.runtime
            _ = try await stage.fixture.store.write { tx in
                let task = try #require(try tx.tasks.find(stage.record.task))
                let input = AskQuestion.Input(
                    workspace: task.workspace, from: "term_w", to: "term_c", question: "Red?", options: [])
                return try AskQuestion.run(input, in: tx, runtime.systemContext("Test"))
            }
            try await stage.look(afterMinutes: 61)
            #expect(try await stage.mail(to: "term_w").isEmpty)
        }
    }
}
