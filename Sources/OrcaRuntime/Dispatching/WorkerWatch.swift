import OrcaDomain
import OrcaEngine
import OrcaStore
import OrcaSupport
import OrcaTerminal

/// Keeps dispatched work alive while its worker lives, and takes it back at once when it does not, with or without a
/// coordinator run: whoever dispatched it is told once.
struct WorkerWatch: Sendable {
    /// How often leases are looked at, and terminals that ended unnoticed.
    private static let tickMS: Int64 = 5_000

    let runtime: Runtime
    let host: any TerminalHost
    private let idle: IdleWorkers

    init(runtime: Runtime, host: any TerminalHost) {
        self.runtime = runtime
        self.host = host
        idle = IdleWorkers(runtime)
    }

    /// Watches until the calling task is cancelled.
    func run() async {
        let changes = host.changes()
        await withDiscardingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    await tick()
                    await runtime.clock.sleep(milliseconds: Self.tickMS)
                }
            }
            for await change in changes {
                switch change.kind {
                case .exited, .closed, .agentEnded:
                    await lose(
                        TerminalID(stored: change.status.handle), Self.reason(change.status), Self.code(change.status))
                case .created, .state, .title, .agentStarted: break
                }
            }
        }
    }

    /// One look at everything: what should live and does not is lost, what lives is kept.
    func tick() async {
        do {
            let statuses = Dictionary(
                await host.list().map { (TerminalID(stored: $0.handle), $0) }, uniquingKeysWith: { first, _ in first })
            let records = try await runtime.store.read { [runtime] store in
                try store.dispatches.live(limit: Limits.liveTerminalsMax)
                    .filter { try runtime.isHere($0.terminal, store) }
            }
            guard !records.isEmpty else { return }
            var alive: Set<TerminalID> = []
            var workers: [(record: DispatchRecord, status: TerminalStatus)] = []
            for record in records {
                guard let status = statuses[record.terminal] else {
                    await lose(record.terminal, "its terminal is gone", nil)
                    continue
                }
                guard status.exit == nil, !Self.hasAgentEnded(status, record) else {
                    await lose(record.terminal, Self.reason(status), Self.code(status))
                    continue
                }
                // A program that is held does no work: its lease ends like that of one nobody hears of.
                guard status.state != .exited, !status.isStopped else { continue }
                alive.insert(record.terminal)
                workers.append((record, status))
            }
            let kept = alive
            _ = try await runtime.store.write { [runtime] tx in
                try SuperviseDispatches.run(kept, in: tx, runtime.systemContext("KeepWorkers"))
            }
            try await idle.look(workers)
        } catch {
            // The next tick looks again; until then the log says what is wrong.
            runtime.server.note("watching workers failed: \(String(reflecting: error))")
        }
    }

    /// A dispatch that was never typed anywhere may stand in a plain shell.
    private static func hasAgentEnded(_ status: TerminalStatus, _ record: DispatchRecord) -> Bool {
        record.prompt == .submitted && !status.isAgentAlive && status.state != .starting
    }

    private static func reason(_ status: TerminalStatus) -> String {
        guard let code = code(status) else { return "Agent exited unexpectedly" }
        return "Agent exited with code \(code)"
    }

    private static func code(_ status: TerminalStatus) -> Int? {
        (status.exit?.code ?? status.commandExit).map { Int($0) }
    }

    private func lose(_ terminal: TerminalID, _ reason: String, _ code: Int?) async {
        do {
            try await runtime.store.write { [runtime] tx in
                let context = runtime.systemContext("LoseWorker")
                let input = LoseWorker.Input(terminal: terminal, reason: reason)
                guard let lost = try LoseWorker.run(input, in: tx, context) else { return }
                try tell(lost, reason, code, in: tx, context)
            }
        } catch {
            runtime.server.note("taking back the work of \(terminal) failed: \(String(reflecting: error))")
        }
    }

    private func tell(
        _ lost: LoseWorker.Lost, _ reason: String, _ code: Int?, in tx: any StoreTransaction, _ context: CommandContext
    ) throws {
        let handle = lost.record.terminal.text
        let to = lost.record.coordinator.isEmpty ? lost.record.run?.text ?? "" : lost.record.coordinator
        var mail = Notify.Input(
            workspace: lost.task.workspace, from: handle, to: to,
            subject: code.map { "Agent exited unexpectedly (code \($0))" } ?? "Agent exited unexpectedly")
        mail.type = .escalation
        mail.priority = .high
        mail.body =
            "\(lost.task.ref) (\(lost.task.title)): \(reason). The task is now \(lost.task.status.rawValue)"
            + (lost.task.status == .failed ? " after \(lost.task.failures) failures in a row." : ".")
        let payload: JSONValue = .object([
            .init("taskId", .string(lost.task.id.text)),
            .init("dispatchId", .string(DispatchRecord.shownID(of: lost.record.attempt))),
            .init("exitCode", code.map { .integer(Int64($0)) } ?? .null), .init("handle", .string(handle)),
        ])
        mail.payload = String(decoding: payload.jsonBytes(), as: UTF8.self)
        _ = try Notify.run(mail, in: tx, context)
    }
}
