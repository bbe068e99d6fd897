package import OrcaDomain
package import OrcaStore

/// Hands a ready task to a terminal. A dispatch is an attempt with a lease; what is special about it stands in its
/// `DispatchRecord`. With a prompt, the text is queued in the same transaction and typed as soon as the terminal can
/// take it.
package enum DispatchTask: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var terminal: Terminal
        /// Handle that gets the mail of this work; empty when a person dispatches.
        package var coordinator: String
        package var run: RunID?
        package var ttlMS: Int64?
        /// What the terminal's agent counts as having from now on, in addition.
        package var agentTags: [String] = []
        /// Builds the prompt from the dispatch's id; `nil` queues none.
        package var prompt: (@Sendable (_ dispatch: String) -> String)?

        package init(task: WorkTask, terminal: Terminal, coordinator: String) {
            self.task = task
            self.terminal = terminal
            self.coordinator = coordinator
        }
    }

    package struct Output: Sendable {
        package var claim: Claim
        package var record: DispatchRecord
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Output {
        let terminal = input.terminal
        guard input.task.status == .ready else { throw notReady(input.task) }
        guard terminal.isLive else {
            throw DomainError(
                .terminalGone, "Terminal \(terminal.id) has exited. Start another one with 'orca terminal create'.",
                details: ["terminal": terminal.id.text])
        }
        if let other = try tx.dispatches.live(in: terminal.id) { throw busy(terminal, with: other, in: tx) }
        let agent = try TerminalIdentity(tx, context).agent(of: terminal, tags: input.agentTags)
        let wanted = try input.ttlMS ?? tx.projects.find(input.task.project)?.settings.leaseTTLMS
        let terms = ClaimTerms(
            agentName: agent.id.text, ttlMS: wanted.map { max($0, Limits.dispatchTTLMinMS) }, session: terminal.id.text,
            host: agent.host)
        let claim = try ClaimTask.run(ClaimTask.Input(task: input.task, terms: terms), in: tx, context)
        var record = DispatchRecord(
            attempt: claim.attempt, terminal: terminal.id, coordinator: input.coordinator, run: input.run,
            failuresBefore: input.task.failures)
        if let prompt = input.prompt {
            let text = prompt(DispatchRecord.shownID(of: claim.attempt.id))
            try Names.checkLength(text, max: Limits.promptBytesMax, field: "prompt")
            record.prompt = .queued
            record.promptText = text
        }
        try tx.insert(record)
        try Ledger(tx, context).record(
            .dispatchCreated, workspace: claim.task.workspace, entity: claim.task.id.text,
            [
                "ref": .text(claim.task.ref), "dispatch": .text(DispatchRecord.shownID(of: claim.attempt.id)),
                "terminal": .text(terminal.id.text), "coordinator": .text(input.coordinator),
                "prompt": .text(record.prompt.rawValue),
            ])
        return Output(claim: claim, record: record)
    }

    private static func notReady(_ task: WorkTask) -> DomainError {
        DomainError(
            .taskNotReady,
            "Task \(task.id) is not ready (status: \(task.status.rawValue)). 'orca explain \(task.ref)' says why.",
            details: ["task": task.ref, "status": task.status.rawValue])
    }

    private static func busy(_ terminal: Terminal, with other: DispatchRecord, in store: any StoreReader) -> DomainError
    {
        let shown = DispatchRecord.shownID(of: other.attempt)
        return DomainError(
            .terminalBusy,
            "Terminal \(terminal.id) already has an active dispatch (\(shown) for task \(other.task)). Wait for it, or "
                + "use another terminal.",
            details: ["terminal": terminal.id.text, "dispatch": shown, "task": other.task.text])
    }
}

/// The durable identity behind a terminal: one agent with one slot, under the terminal's handle.
package struct TerminalIdentity {
    private let tx: any StoreTransaction
    private let context: CommandContext

    package init(_ tx: any StoreTransaction, _ context: CommandContext) {
        self.tx = tx
        self.context = context
    }

    /// The terminal's agent; registers one when it has none yet.
    package func agent(of terminal: Terminal, tags: [String] = []) throws -> Agent {
        if let known = try known(terminal) {
            let all = Set(known.tags).union(tags).sorted()
            guard all != known.tags else { return known }
            return try UpdateAgent.run(UpdateAgent.Input(agent: known, tags: all), in: tx, context)
        }
        var agent = Agent(
            id: context.newID(), workspace: terminal.workspace, name: terminal.id.text, at: context.now)
        agent.tool = terminal.kind
        agent.tags = Set(tags).sorted()
        agent.capabilities = terminal.kind.isEmpty ? [:] : ["agent": terminal.kind]
        try tx.insert(agent)
        try Ledger(tx, context).record(
            .agentRegistered, workspace: terminal.workspace, entity: agent.id.text,
            ["name": .text(agent.name), "capacity": .number(1), "terminal": .text(terminal.id.text)])
        guard var current = try tx.terminals.find(terminal.id) else { return agent }
        current.agent = agent.id
        current.version += 1
        try tx.save(current)
        return agent
    }

    private func known(_ terminal: Terminal) throws -> Agent? {
        if let id = terminal.agent, let known = try tx.agents.find(id) { return known }
        return try tx.agents.find(name: terminal.id.text, in: terminal.workspace)
    }
}
