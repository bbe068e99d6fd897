import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore
import OrcaTerminal

/// Hands tasks to terminals, with all that has to be looked at outside of a transaction first.
struct Dispatcher: Sendable {
    static let waitStandardMS: Int64 = 30_000
    /// How long a program that was just started has to turn out to be an agent.
    private static let agentStartMS: Int64 = 6_500
    private static let lookMS: Int64 = 250

    let runtime: Runtime

    struct Request: Sendable {
        var workspace: WorkspaceID
        var task: String
        var terminal: String
        var coordinator: String
        var run: RunID?
        var injects: Bool
        var waitMS: Int64 = Dispatcher.waitStandardMS
        var ttlMS: Int64?
        var agentTags: [String] = []
    }

    struct Result: Sendable {
        var output: DispatchTask.Output
        var preamble: String
    }

    /// What a dispatch of the task would say.
    func preview(_ workspace: WorkspaceID, task word: String, terminal: String, coordinator: String) async throws
        -> String
    {
        let found = try await runtime.store.read { store in
            (
                task: try Lookup(store).task(word, in: workspace),
                terminal: terminal.isEmpty ? nil : try Lookup(store).terminal(terminal, in: workspace)
            )
        }
        let drift = await drift(of: found.terminal)
        return try await runtime.store.read { store in
            let builder = try PreambleBuilder(
                found.task, coordinator: coordinator, drift: drift, placeholder: "ctx_dryrun", in: store)
            return builder.preamble.text
        }
    }

    /// Everything that must hold before the transaction, told as the error it is.
    func prepare(_ request: Request) async throws -> WorkerPreamble.Drift? {
        try await sitOutBackoff(request)
        let terminal = try await runtime.store.read { [node = runtime.node] store in
            let task = try Lookup(store).task(request.task, in: request.workspace)
            let terminal = try Lookup(store).terminal(request.terminal, in: request.workspace)
            if request.injects { try terminal.checkIsOn(node, store, at: runtime.clock.now) }
            guard task.status == .ready else {
                throw DomainError(
                    .taskNotReady,
                    "Task \(task.id) is not ready (status: \(task.status.rawValue)). 'orca explain \(task.ref)' says why.",
                    details: ["task": task.ref, "status": task.status.rawValue])
            }
            return terminal
        }
        if request.injects { try await checkAgent(terminal) }
        return await drift(of: terminal)
    }

    /// Within the caller's transaction.
    static func dispatch(
        _ request: Request, drift: WorkerPreamble.Drift?, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Result {
        let lookup = Lookup(tx)
        let task = try lookup.task(request.task, in: request.workspace)
        var input = DispatchTask.Input(
            task: task, terminal: try lookup.terminal(request.terminal, in: request.workspace),
            coordinator: request.coordinator)
        input.run = try request.run ?? tx.runs.run(of: task.id)
        input.ttlMS = request.ttlMS
        input.agentTags = request.agentTags
        let builder = try PreambleBuilder(
            task, coordinator: request.coordinator, drift: drift, placeholder: "", in: tx)
        if request.injects { input.prompt = { builder.text(dispatch: $0) } }
        let output = try DispatchTask.run(input, in: tx, context)
        return Result(
            output: output, preamble: builder.text(dispatch: DispatchRecord.shownID(of: output.record.attempt)))
    }

    /// Has the prompt typed, and waits until that is done or the time is up. Answers the record as it is then.
    func deliver(_ record: DispatchRecord, waitMS: Int64) async throws -> DispatchRecord {
        guard let post = runtime.post else { return record }
        let deadline = runtime.clock.now.adding(milliseconds: waitMS)
        while true {
            await post.serve(record.terminal)
            let current = try await runtime.store.read { try $0.dispatches.find(record.attempt) } ?? record
            switch current.prompt {
            case .none, .injected, .submitted, .failed: return current
            case .queued, .injecting: break
            }
            guard runtime.clock.now < deadline, !Task.isCancelled else { return current }
            await runtime.clock.sleep(milliseconds: Self.lookMS)
        }
    }

    /// A task that has just failed rests for a moment. Whoever names it gets it then, and no error.
    private func sitOutBackoff(_ request: Request) async throws {
        let until = try await runtime.store.read { store in
            let task = try Lookup(store).task(request.task, in: request.workspace)
            return task.status == .ready ? task.backoffUntil : nil
        }
        let left = until.map { $0.milliseconds - runtime.clock.now.milliseconds } ?? 0
        guard left > 0, left <= request.waitMS else { return }
        await runtime.clock.sleep(milliseconds: left)
        try Task.checkCancellation()
    }

    private func checkAgent(_ terminal: Terminal) async throws {
        guard let terminals = runtime.terminals else {
            throw DomainError(.terminalsUnavailable, "This server has no terminals.")
        }
        // A server that has just started may not know them yet.
        try await terminals.ready()
        let deadline = runtime.clock.now.adding(milliseconds: Self.agentStartMS)
        while true {
            let status: TerminalStatus
            do {
                status = try await terminals.host.status(terminal.id.text)
            } catch {
                throw TerminalService.told(error)
            }
            switch status.state {
            case .exited:
                throw DomainError(
                    .terminalGone, "Terminal \(terminal.id) has exited. Start another one with 'orca terminal create'.",
                    details: ["terminal": terminal.id.text])
            case .permission, .waitingInput:
                throw DomainError(
                    .terminalBlocked,
                    "Terminal \(terminal.id) shows a dialog (\(status.blockedReason.isEmpty ? status.state.rawValue : status.blockedReason)) "
                        + "that text would answer. Answer it first: 'orca terminal read --screen --terminal \(terminal.id)'.",
                    details: ["terminal": terminal.id.text, "reason": status.blockedReason])
            case .starting, .idle, .working, .rateLimited:
                if status.isAgentAlive { return }
            }
            guard runtime.clock.now < deadline else {
                throw DomainError(
                    .noAgent,
                    "Terminal \(terminal.id) does not run a known agent. Start one in it, or dispatch without --inject.",
                    details: ["terminal": terminal.id.text])
            }
            await runtime.clock.sleep(milliseconds: Self.lookMS)
        }
    }

    private func drift(of terminal: Terminal?) async -> WorkerPreamble.Drift? {
        guard let terminal, let checkouts = runtime.checkouts else { return nil }
        return await checkouts.drift(of: terminal.directory)
    }
}
