import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

/// The agent that is asked for together with a worktree. What is wrong with it is told beside the worktree, which is
/// there all the same.
struct WorktreeStartup: Sendable {
    typealias Answer = OrcaV1.CreateWorktreeResponse.StartupTerminal

    private let order: AgentStart.Order?
    private let invocation: Invocation

    init(_ request: OrcaV1.CreateWorktreeRequest, _ row: Worktree, _ invocation: Invocation) {
        self.invocation = invocation
        guard !request.agent.isEmpty else {
            order = nil
            return
        }
        let creator = invocation.actor.terminal?.text ?? invocation.actor.name
        var order = AgentStart.Order(
            workspace: row.workspace, agent: request.agent, directory: row.path, createdBy: creator)
        order.worktree = row.id.text
        order.title = row.displayName
        order.prompt = request.prompt
        order.isOurs = true
        self.order = order
    }

    /// The terminal's row comes before the reply that names it is stored, so that a repeated request starts no second
    /// agent. `nil` when none is asked for.
    func note() async -> Answer? {
        guard let order else { return nil }
        do {
            let start = try AgentStart(invocation.runtime)
            try await start.ready()
            let row = try await invocation.runtime.store.write { tx in
                try start.note(order, in: tx, invocation.context())
            }
            return .with {
                $0.spawned = true
                $0.handle = row.id.text
            }
        } catch {
            return failed(order, error)
        }
    }

    /// Opens it, and gives the agent its prompt.
    func open(_ noted: Answer) async -> Answer {
        guard let order, noted.spawned else { return noted }
        var answer = noted
        do {
            let start = try AgentStart(invocation.runtime)
            guard let row = try await Self.row(noted, invocation) else { return noted }
            try await start.open(row, order)
            answer.problem = try await start.typePrompt(row.id, order) ?? ""
        } catch {
            answer = failed(order, error)
        }
        return answer
    }

    /// The worktree will not be there.
    func abandon(_ noted: Answer?) async {
        guard let noted, noted.spawned else { return }
        do {
            guard let row = try await Self.row(noted, invocation) else { return }
            try await AgentStart(invocation.runtime).abandon(row)
        } catch {
            // The next start of the server finds a terminal without a pane, and ends it.
            invocation.runtime.server.note("\(noted.handle) cannot be given up: \(String(reflecting: error))")
        }
    }

    private func failed(_ order: AgentStart.Order, _ error: any Error) -> Answer {
        .with { $0.problem = "The agent \(order.agent) was not started: \(APIError(anything: error).message)" }
    }

    private static func row(_ noted: Answer, _ invocation: Invocation) async throws -> Terminal? {
        let id = TerminalID(stored: noted.handle)
        return try await invocation.runtime.store.read { try $0.terminals.find(id) }
    }

    /// As the terminal is by now: the answer may be a repeated one.
    static func seen(
        _ startup: Answer, _ request: OrcaV1.CreateWorktreeRequest, _ invocation: Invocation
    ) async throws -> Answer {
        guard startup.spawned else { return startup }
        guard let row = try await row(startup, invocation), row.isLive else {
            return .with {
                $0.problem = "The agent \(request.agent) has ended. Start one with 'orca terminal create --command …'."
            }
        }
        var answer = startup
        let message = try await TerminalCalls(invocation).message(row)
        answer.tabId = message.tabId
        answer.paneKey = "\(message.tabId):\(message.leafId)"
        answer.ptyId = message.paneId
        return answer
    }
}
