package import OrcaDomain
package import OrcaStore

/// Mail on its way into an idle terminal, for whoever types there:
///
/// 1. `BeginPush` takes the next batch and notes it as injected, before the first key is pressed: what was typed once
///    is never typed again, also when the server ends in between.
/// 2. The text of the batch is typed.
/// 3. `EndPush` says how that went. What is known not to have been typed is queued again; what was typed but perhaps
///    not taken stays `injected`, and unread: `check` still hands it out.
package enum BeginPush: Command {
    package struct Batch: Sendable {
        package var messages: [Message]
        /// What to type; Enter is a matter of its own.
        package var text: String
    }

    /// `nil` when there is nothing to push.
    package static func run(
        _ terminal: Terminal, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Batch? {
        let queued = try NextPush.run(terminal, in: tx, context)
        guard !queued.isEmpty else { return nil }
        let messages = try queued.map { message in
            var message = message
            guard case .to = message.note(.injected, at: context.now) else { return message }
            try tx.save(message)
            return message
        }
        return Batch(messages: messages, text: MailBlock.pushed(messages))
    }
}

/// The mail that would be pushed next: unread, never typed, and in nobody's hands.
package enum NextPush: Query {
    package static func run(
        _ terminal: Terminal, in store: any StoreReader, _ context: CommandContext
    ) throws -> [Message] {
        let awaited = try store.messages.awaitedAnswers(
            of: terminal.id.text, in: terminal.workspace, at: context.now)
        return try store.messages.queued(
            for: terminal.id.text, in: terminal.workspace, limit: Limits.pushedMessagesMax
        ).filter { !$0.isTaken(at: context.now) && !awaited.contains($0.id) }
    }
}

/// Says how typing a batch went.
package enum EndPush: Command {
    package enum Outcome: Sendable, Hashable {
        /// The agent took it.
        case submitted
        /// It was typed; whether the agent took it is not known.
        case typed
        /// Not a key was pressed.
        case refused
    }

    package struct Input: Sendable {
        package var messages: [MessageID]
        package var outcome: Outcome

        package init(messages: [MessageID], outcome: Outcome) {
            self.messages = messages
            self.outcome = outcome
        }
    }

    /// Answers the messages as they are now; one that a reset has taken away meanwhile is not among them.
    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> [Message]
    {
        let post = Post(Ledger(tx, context))
        return try input.messages.compactMap { id in
            guard let message = try tx.messages.find(id) else { return nil }
            switch input.outcome {
            case .submitted: return try post.note(.submitted, message)
            case .refused: return try post.note(.requeued, message)
            case .typed: return message
            }
        }
    }
}
