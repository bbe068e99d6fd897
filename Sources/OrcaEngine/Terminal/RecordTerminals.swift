package import OrcaDomain
package import OrcaStore

/// Writes down what became of terminals: what their programs do, what they are called, how they ended. Only what differs
/// is written, and only a change of state is an event: titles move ten times a second.
package enum RecordTerminals: Command {
    package struct Observation: Sendable, Hashable {
        package var id: TerminalID
        package var state: Terminal.State
        package var stateSince: Timestamp
        package var blockedReason = ""
        package var isAgentAlive = false
        package var kind = ""
        package var name: String?
        package var title = ""
        package var pane = ""
        package var processID = 0
        package var exitCode: Int?
        package var lastOutputAt: Timestamp?

        package init(id: TerminalID, state: Terminal.State, stateSince: Timestamp) {
            self.id = id
            self.state = state
            self.stateSince = stateSince
        }
    }

    /// Answers how many rows were written.
    package static func run(
        _ input: [Observation], in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Int {
        var count = 0
        for observation in input {
            // What was given up is not ended for whoever sees it.
            guard let before = try tx.terminals.find(observation.id), before.isLive || before.isGivenUp else {
                continue
            }
            var terminal = before
            apply(observation, to: &terminal, context)
            guard terminal != before else { continue }
            terminal.version += 1
            try tx.save(terminal)
            count += 1
            try record(before, terminal, tx, context)
        }
        return count
    }

    private static func apply(_ seen: Observation, to terminal: inout Terminal, _ context: CommandContext) {
        if seen.state != terminal.state { terminal.stateSince = seen.stateSince }
        terminal.state = seen.state
        terminal.blockedReason = seen.blockedReason
        terminal.isAgentAlive = seen.isAgentAlive
        if !seen.kind.isEmpty { terminal.kind = seen.kind }
        if let name = seen.name { terminal.name = name }
        terminal.title = String(seen.title.prefix(Limits.terminalTitleMax))
        if !seen.pane.isEmpty { terminal.pane = seen.pane }
        if seen.processID != 0 { terminal.processID = seen.processID }
        terminal.exitCode = seen.exitCode ?? terminal.exitCode
        terminal.lastOutputAt = seen.lastOutputAt ?? terminal.lastOutputAt
        terminal.endedAt = seen.state == .exited ? context.now : nil
    }

    private static func record(
        _ before: Terminal, _ after: Terminal, _ tx: any StoreTransaction, _ context: CommandContext
    ) throws {
        let isNews =
            before.state != after.state || before.blockedReason != after.blockedReason
            || before.isAgentAlive != after.isAgentAlive || before.name != after.name || before.kind != after.kind
        guard isNews else { return }
        try Ledger(tx, context).record(
            after.isLive ? .terminalChanged : .terminalExited, workspace: after.workspace, entity: after.id.text,
            [
                "state": .text(after.state.rawValue), "was": .text(before.state.rawValue),
                "reason": .text(after.blockedReason), "agent_alive": .flag(after.isAgentAlive),
                "title": .text(after.shownTitle),
                "exit_code": .text(after.exitCode.map(String.init) ?? ""),
            ])
    }
}
