import OrcaAgents
import OrcaDomain
import OrcaEngine
import OrcaStore
import OrcaSupport
import OrcaTerminal

extension TerminalService {
    /// A terminal somebody wants.
    struct Order: Sendable {
        var workspace: WorkspaceID
        var directory: String
        var worktree = ""
        var title = ""
        var command = TerminalCommand.shell
        /// The command as people see it, where that is not all of it.
        var shownCommand: String?
        var environment: [String: String] = [:]
        var size = TerminalSize.standard
        /// Empty to tell by the command.
        var agentKind = ""
        var split: TerminalSplit?
        /// Orca made the directory.
        var isOurs = false
        var createdBy: String
    }

    /// The row of a terminal to be, and the secret of its token. Within the caller's transaction.
    func note(_ order: Order, in tx: any StoreTransaction, _ context: CommandContext) throws -> Terminal {
        guard order.directory.hasPrefix("/") else {
            throw DomainError(
                .invalidArgument, "The directory of a terminal must be absolute, not '\(order.directory)'.")
        }
        guard order.environment.count <= Limits.terminalEnvironmentMax else {
            throw DomainError(
                .limitExceeded, "At most \(Limits.terminalEnvironmentMax) variables can be set in a terminal.")
        }
        var terminal = Terminal(
            id: TerminalID(suffix: chance.uuid()), workspace: order.workspace, directory: order.directory,
            createdBy: order.createdBy, at: context.now)
        terminal.node = node
        terminal.name = order.title
        terminal.worktree = order.worktree
        terminal.kind = kind(order)
        terminal.command = order.shownCommand ?? Self.shown(order.command)
        terminal.isAgentAlive = false
        let secret = surroundings.tokenDirectory.isEmpty ? "" : Secret.make()
        let input = OpenTerminal.Input(
            terminal: terminal, tokenDigest: secret.isEmpty ? "" : Secret.digest(of: secret))
        let made = try OpenTerminal.run(input, in: tx, context)
        if !secret.isEmpty { try writeToken(secret, for: made.id.text) }
        return made
    }

    /// Opens what was noted. A second call for the same terminal finds it open.
    func open(_ terminal: Terminal, _ order: Order) async throws {
        try await ready()
        let handle = terminal.id.text
        if (try? await host.status(handle)) != nil { return }  // not there is what is expected
        let tab = try await tab(of: order.split) ?? chance.uuid()
        let agent = order.isOurs ? LaunchWiring.agent(order.command) : nil
        if let agent { trustAhead(agent, order.directory) }
        let wired = wired(order, handle)
        let spec = TerminalSpec(
            handle: handle, title: order.title, directory: order.directory, command: wired.command,
            environment: surroundings.environment(
                handle: handle, tab: tab, workspace: order.workspace.text, worktree: order.worktree,
                asked: wired.environment, token: token(of: handle)),
            size: order.size, agentKind: terminal.kind, split: order.split, labels: ["tab": tab])
        do {
            let facts = try await host.create(spec)
            try await record([observation(try await host.status(handle), facts)])
            if let agent { answerTrust(agent, in: handle) }
        } catch {
            // Nobody shall wait for a terminal that will not come.
            try await record([
                RecordTerminals.Observation(id: terminal.id, state: .exited, stateSince: clock.now)
            ])
            removeFiles(of: handle)
            throw Self.told(error)
        }
    }

    /// The order's command and environment, with the hooks of an agent that it starts.
    private func wired(
        _ order: Order, _ handle: String
    ) -> (command: TerminalCommand, environment: [String: String]) {
        do throws(AgentError) {
            return try LaunchWiring(surroundings: surroundings, handle: handle).wire(order.command, order.environment)
        } catch {
            server.note("an agent in \(handle) reports nothing by itself: \(error)")
            return (order.command, order.environment)
        }
    }

    /// Ends what runs in a terminal and takes it away. Answers whether something ran.
    func close(_ id: TerminalID, title: String = "") async throws -> Bool {
        try await ready()
        do {
            let ended = try await host.close(id.text)
            removeFiles(of: id.text)
            var seen = RecordTerminals.Observation(id: id, state: .exited, stateSince: clock.now)
            seen.title = title
            try await record([seen])
            return ended
        } catch {
            throw Self.told(error)
        }
    }

    private func tab(of split: TerminalSplit?) async throws -> String? {
        guard let split else { return nil }
        do {
            return try await host.facts(split.handle).labels["tab"]
        } catch {
            throw Self.told(error)
        }
    }

    private func kind(_ order: Order) -> String {
        if !order.agentKind.isEmpty { return order.agentKind }
        switch order.command {
        case .shell: return ""
        case .line(let line): return book.agent(ofLine: line) ?? ""
        case .arguments(let arguments): return book.agent(ofArguments: arguments) ?? ""
        }
    }

    private static func shown(_ command: TerminalCommand) -> String {
        switch command {
        case .shell: ""
        case .line(let line): line
        case .arguments(let arguments): arguments.joined(separator: " ")
        }
    }

    private func writeToken(_ secret: String, for handle: String) throws {
        do {
            try Files.makeDirectories(surroundings.tokenDirectory, mode: 0o700)
            try Files.write(secret + "\n", to: surroundings.tokenFile(handle), mode: 0o600)
        } catch {
            throw DomainError(.terminalsUnavailable, "The terminal's access token cannot be written: \(error).")
        }
    }

    private func token(of handle: String) -> String {
        guard !surroundings.tokenDirectory.isEmpty else { return "" }
        // Written with the row; one that has gone since leaves the terminal without a token.
        let text = (try? Files.readText(surroundings.tokenFile(handle), limit: 4_096)) ?? ""
        return String(text.prefix { !$0.isNewline })
    }

    /// Takes away what was written for one terminal.
    func removeFiles(of handle: String) {
        guard !surroundings.tokenDirectory.isEmpty else { return }
        // What is not there is as good as removed; without its terminal a token opens nothing.
        try? Files.removeTree(surroundings.tokenFile(handle))
        try? Files.removeTree(LaunchWiring(surroundings: surroundings, handle: handle).directory)
    }

    /// A noted terminal that will not be opened.
    func abandon(_ terminal: Terminal) async throws {
        removeFiles(of: terminal.id.text)
        try await record([
            RecordTerminals.Observation(id: terminal.id, state: .exited, stateSince: clock.now)
        ])
    }
}
