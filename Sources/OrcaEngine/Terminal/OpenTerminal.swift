package import OrcaDomain
package import OrcaStore

/// Notes a terminal that is about to be opened: its row, its durable identity, and the token it may speak with.
package enum OpenTerminal: Command {
    package struct Input: Sendable {
        package var terminal: Terminal
        /// SHA-256 of the secret that the terminal's programs get; empty for none.
        package var tokenDigest: String

        package init(terminal: Terminal, tokenDigest: String = "") {
            self.terminal = terminal
            self.tokenDigest = tokenDigest
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Terminal {
        let terminal = input.terminal
        try Names.checkLength(terminal.name, max: Limits.terminalTitleMax, field: "title")
        try Names.checkLength(terminal.command, max: Limits.terminalCommandBytesMax, field: "command")
        guard try tx.terminals.allLive(limit: Limits.liveTerminalsMax).count < Limits.liveTerminalsMax else {
            throw DomainError(
                .overloaded,
                "There are \(Limits.liveTerminalsMax) terminals; close some before you open another ('orca terminal list')."
            )
        }
        try tx.insert(terminal)
        _ = try TerminalIdentity(tx, context).agent(of: terminal)
        if !input.tokenDigest.isEmpty {
            try tx.insert(
                AccessToken(
                    id: context.newID(), name: terminal.id.text, scope: .coordinator, workspace: terminal.workspace,
                    attempt: nil, terminal: terminal.id, digest: input.tokenDigest, createdAt: context.now,
                    expiresAt: context.now.adding(milliseconds: Limits.tokenTTLMaxSeconds * 1_000)))
        }
        try Ledger(tx, context).record(
            .terminalCreated, workspace: terminal.workspace, entity: terminal.id.text,
            [
                "directory": .text(terminal.directory), "kind": .text(terminal.kind), "title": .text(terminal.name),
                "worktree": .text(terminal.worktree),
            ])
        return try tx.terminals.find(terminal.id) ?? terminal
    }
}
