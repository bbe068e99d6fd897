import OrcaAgents
package import OrcaDomain
package import OrcaEngine
package import OrcaStore
import OrcaSupport
import OrcaTerminal

/// Starts coding agents in terminals: as the person's shell finds them, trusted in directories that Orca made, with
/// their hooks, and with their prompt in the way each takes one.
package struct AgentStart: Sendable {
    /// An agent somebody wants.
    package struct Order: Sendable {
        package var workspace: WorkspaceID
        /// Its id in the catalogue.
        package var agent: String
        package var directory: String
        /// Id of the worktree the directory is; empty for none.
        package var worktree = ""
        package var title = ""
        /// Empty to start it without one.
        package var prompt = ""
        package var createdBy: String
        /// Orca made the directory, so the agent need not ask whether it can be trusted.
        package var isOurs = false

        package init(workspace: WorkspaceID, agent: String, directory: String, createdBy: String) {
            self.workspace = workspace
            self.agent = agent
            self.directory = directory
            self.createdBy = createdBy
        }
    }

    /// How far an agent has come.
    package enum Readiness: Sendable, Hashable {
        /// It takes a prompt.
        case ready
        /// A dialog is open that somebody has to answer.
        case blocked(String)
        /// It ended, or its program was not found.
        case ended
        /// It has not said anything in time.
        case late
    }

    /// How long an agent that takes its prompt by typing may take until it can.
    package static let typedPatienceMS: Int64 = 60_000

    private let runtime: Runtime
    private let service: TerminalService

    /// Throws in a server without terminals.
    package init(_ runtime: Runtime) throws {
        guard let service = runtime.terminals else {
            throw DomainError(.terminalsUnavailable, "This server has no terminals.")
        }
        self.runtime = runtime
        self.service = service
    }

    /// Notes and opens in one go, for what the server does by itself. Answers before the agent is up.
    package func start(_ order: Order) async throws -> TerminalID {
        try await service.ready()
        let row = try await runtime.store.write { [runtime] tx in
            try note(order, in: tx, runtime.systemContext("StartAgent"))
        }
        try await open(row, order)
        return row.id
    }

    /// The terminal to be, within the caller's transaction.
    package func note(
        _ order: Order, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Terminal {
        try service.note(try Self.terminalOrder(order), in: tx, context)
    }

    /// Opens what was noted. A second call for the same terminal finds it open.
    package func open(_ terminal: Terminal, _ order: Order) async throws {
        try await service.open(terminal, try Self.terminalOrder(order))
    }

    /// What stands in the way of `open`; throws before anything is noted.
    package func ready() async throws { try await service.ready() }

    /// A noted terminal that will not be opened.
    package func abandon(_ terminal: Terminal) async throws { try await service.abandon(terminal) }

    /// Waits until the agent takes a prompt or something is in the way. In a directory of ours its question whether to
    /// trust that is answered.
    package func settle(
        _ terminal: TerminalID, _ order: Order, atMost milliseconds: Int64
    ) async throws -> Readiness {
        try await service.settle(
            terminal.text, try Self.program(order), isOurs: order.isOurs, atMost: milliseconds)
    }

    /// Types the prompt where the agent takes it so, once it is up. Answers what is wrong, for people; `nil` for nothing.
    package func typePrompt(_ terminal: TerminalID, _ order: Order) async throws -> String? {
        guard let text = try Self.program(order).arguments(prompt: order.prompt).typed else { return nil }
        let handle = terminal.text
        let advice = "Send its prompt with 'orca terminal send --terminal \(handle) --text … --enter'."
        switch try await settle(terminal, order, atMost: Self.typedPatienceMS) {
        case .ready: break
        case .blocked(let reason):
            return "A dialog of \(order.agent) is open (\(reason)). Answer it in the terminal. \(advice)"
        case .ended:
            return
                "\(order.agent) ended at once, or is not installed. Look with 'orca terminal read --terminal \(handle)'."
        case .late:
            return "\(order.agent) was not ready for its prompt after \(Self.typedPatienceMS / 1_000) s. \(advice)"
        }
        let receipt = try await service.host.inject(handle, text, InjectionOptions(guards: .explicit))
        guard let reason = receipt.refusal else { return nil }
        return "The prompt was not typed: \(reason.explanation) \(advice)"
    }

    // MARK: What it runs

    private static func program(_ order: Order) throws(DomainError) -> AgentProgram {
        do { return try AgentCatalogue.require(order.agent) } catch {
            throw DomainError(.invalidArgument, error.message, details: ["agent": order.agent])
        }
    }

    private static func terminalOrder(_ order: Order) throws(DomainError) -> TerminalService.Order {
        let agent = try program(order)
        var terminal = TerminalService.Order(
            workspace: order.workspace, directory: order.directory, createdBy: order.createdBy)
        terminal.worktree = order.worktree
        terminal.title = order.title
        // The person's shell finds the program as the person does, and stays when it ends.
        terminal.command = .line(ShellWord.line(agent.arguments(prompt: order.prompt).arguments))
        terminal.shownCommand = ShellWord.line(agent.command)
        terminal.environment = agent.environment
        terminal.agentKind = agent.id
        terminal.isOurs = order.isOurs
        return terminal
    }
}
