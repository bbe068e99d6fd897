import OrcaDomain
import OrcaEngine
import OrcaStore
import OrcaTerminal
import Synchronization

/// Agents that stopped without a word: their program lives and takes prompts, but the work they were given is neither
/// reported nor asked about. They are reminded once, and then whoever dispatched them is told, once.
final class IdleWorkers: Sendable {
    /// How long an agent may rest with open work before it is reminded, and before somebody is told.
    static let reminderAfterMS: Int64 = 5 * 60_000
    static let escalationAfterMS: Int64 = 15 * 60_000

    private enum Step: Int {
        case reminded, told
    }

    /// What was done about which attempt. A server that starts again reminds once more, which does no harm.
    private let steps = Mutex<[AttemptID: Step]>([:])
    private let runtime: Runtime

    init(_ runtime: Runtime) {
        self.runtime = runtime
    }

    /// Looks at the workers whose terminals live.
    func look(_ workers: [(record: DispatchRecord, status: TerminalStatus)]) async throws {
        let now = runtime.clock.now.milliseconds
        let known = Set(workers.map(\.record.attempt))
        steps.withLock { steps in steps = steps.filter { known.contains($0.key) } }
        for (record, status) in workers {
            guard record.prompt == .submitted, status.state == .idle, status.isIdleSinceInput else { continue }
            let rest = now - status.sinceMS
            let done = steps.withLock { $0[record.attempt] }
            if done == nil, rest >= Self.reminderAfterMS, try await remind(record) {
                steps.withLock { $0[record.attempt] = .reminded }
            } else if done == .reminded, rest >= Self.escalationAfterMS {
                try await tell(record, restMS: rest)
                steps.withLock { $0[record.attempt] = .told }
            }
        }
    }

    /// One that waits for an answer has said what it waits for.
    private func remind(_ record: DispatchRecord) async throws -> Bool {
        try await runtime.store.write { [runtime] tx in
            guard let task = try tx.tasks.find(record.task) else { return false }
            let asked = try tx.messages.pendingQuestions(of: record.terminal.text, in: task.workspace)
            guard asked.isEmpty else { return false }
            let dispatch = DispatchRecord.shownID(of: record.attempt)
            let from = Self.coordinator(of: record)
            var mail = Notify.Input(
                workspace: task.workspace, from: from, to: record.terminal.text,
                subject: "Is \(task.ref) done?")
            mail.body =
                "You rest, and \(task.ref) (\(task.id), \(dispatch)) is still open. When it is done, send worker_done with "
                + "both ids; when you need something, use 'orca orchestration ask'; otherwise go on."
            _ = try Notify.run(mail, in: tx, runtime.systemContext("RemindWorker"))
            return true
        }
    }

    private func tell(_ record: DispatchRecord, restMS: Int64) async throws {
        try await runtime.store.write { [runtime] tx in
            guard let task = try tx.tasks.find(record.task) else { return }
            var mail = Notify.Input(
                workspace: task.workspace, from: record.terminal.text, to: Self.coordinator(of: record),
                subject: "\(task.ref): its worker stopped without a word")
            mail.type = .escalation
            mail.priority = .high
            mail.body =
                "The agent in \(record.terminal) has rested for \(restMS / 60_000) minutes with \(task.ref) "
                + "(\(task.title)) open, and was reminded. Look with 'orca terminal read --terminal \(record.terminal)'; "
                + "take the task back with 'orca task release \(task.ref)'."
            _ = try Notify.run(mail, in: tx, runtime.systemContext("TellOfIdleWorker"))
        }
    }

    private static func coordinator(of record: DispatchRecord) -> String {
        record.coordinator.isEmpty ? record.run?.text ?? record.terminal.text : record.coordinator
    }
}
