package import OrcaDomain
package import OrcaStore

/// Writes down how far a prompt has come into its terminal.
package enum AdvancePrompt: Command {
    package struct Input: Sendable {
        package var attempt: AttemptID
        package var trigger: DispatchRecord.Prompt.Trigger

        package init(attempt: AttemptID, trigger: DispatchRecord.Prompt.Trigger) {
            self.attempt = attempt
            self.trigger = trigger
        }
    }

    /// Answers the record as it is now; `nil` when the attempt is over or was never dispatched: then there is nothing
    /// to type any more.
    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> DispatchRecord? {
        guard var record = try tx.dispatches.find(input.attempt) else { return nil }
        let attempt = try tx.attempts.find(input.attempt)
        guard attempt?.outcome == .active || input.trigger == .lost else {
            return try retire(record, in: tx, context)
        }
        guard case .to(let prompt) = record.prompt.on(input.trigger) else { return record }
        record.prompt = prompt
        record.promptAt = context.now
        if prompt == .submitted || prompt == .failed { record.promptText = "" }
        try tx.save(record)
        if prompt == .submitted {
            try Ledger(tx, context).record(
                .dispatchPrompted, workspace: record.workspace, entity: record.task.text,
                [
                    "dispatch": .text(DispatchRecord.shownID(of: record.attempt)),
                    "terminal": .text(record.terminal.text),
                ])
        }
        return record
    }

    /// The attempt ended before its prompt was taken.
    private static func retire(
        _ old: DispatchRecord, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> DispatchRecord? {
        switch old.prompt {
        case .queued, .injecting, .injected:
            var record = old
            record.prompt = .failed
            record.promptText = ""
            record.promptAt = context.now
            try tx.save(record)
        case .none, .submitted, .failed: break
        }
        return nil
    }
}
