package import OrcaDomain
package import OrcaStore

/// Hands out unread mail. It is read only when the caller says that it has written it out (`MarkMessages`); a caller
/// that vanishes before leaves it unread, and after a while it is handed out again. Asked again under the same name,
/// the same mail is handed out.
package enum TakeMessages: Command {
    package struct Input: Sendable {
        package var workspace: WorkspaceID
        package var recipient: String
        /// The caller's name for this handing over.
        package var delivery: String
        /// Only these; empty for all.
        package var types: Set<MessageType> = []
        /// How long the mail is kept for the caller.
        package var heldMS = Limits.takenMS

        package init(workspace: WorkspaceID, recipient: String, delivery: String) {
            self.workspace = workspace
            self.recipient = recipient
            self.delivery = delivery
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> [Message]
    {
        try check(input)
        let recipient = try AddressBook(tx, in: input.workspace).mailbox(input.recipient).address
        try Speaker(tx, context.actor).check(recipient)
        let mailbox = Mailbox(tx, recipient, input.workspace, context.now)
        let before = try tx.messages.taken(by: input.delivery).filter { $0.to == recipient }
        // What arrived is over; a request that was on its way for long takes nothing more under its name.
        guard before.allSatisfy(\.isUnread) else { return [] }
        let found = try before.isEmpty ? mailbox.available(input.types) : before
        return try found.map { message in
            var message = message
            message.takenBy = input.delivery
            message.takenUntil = context.now.adding(milliseconds: input.heldMS)
            try tx.save(message)
            return message
        }
    }

    private static func check(_ input: Input) throws {
        guard !input.delivery.isEmpty else {
            throw DomainError(
                .invalidArgument, "Mail is handed out under a name; give one.", details: ["field": "delivery"])
        }
        try Names.checkLength(input.delivery, max: Limits.nameBytesMax, field: "delivery")
    }
}

/// What somebody could get right now, without taking it. What a waiting caller looks at before it takes anything.
package enum PeekMessages: Query {
    package static func run(
        _ input: TakeMessages.Input, in store: any StoreReader, _ context: CommandContext
    ) throws -> [Message] {
        let recipient = try AddressBook(store, in: input.workspace).mailbox(input.recipient).address
        try Speaker(store, context.actor).check(recipient)
        return try Mailbox(store, recipient, input.workspace, context.now).available(input.types)
    }

    /// When mail that is with somebody else comes back at the earliest, if it is not marked as read until then.
    package static func next(
        _ input: TakeMessages.Input, in store: any StoreReader, _ context: CommandContext
    ) throws -> Timestamp? {
        let recipient = try AddressBook(store, in: input.workspace).mailbox(input.recipient).address
        return try Mailbox(store, recipient, input.workspace, context.now).comesBack()
    }
}

/// The unread mail of one recipient.
struct Mailbox {
    private let store: any StoreReader
    private let recipient: String
    private let workspace: WorkspaceID
    private let now: Timestamp

    init(_ store: any StoreReader, _ recipient: String, _ workspace: WorkspaceID, _ now: Timestamp) {
        self.store = store
        self.recipient = recipient
        self.workspace = workspace
        self.now = now
    }

    /// Rows read from the store at once.
    private static let batchRows = 500

    /// How soon answers are looked at again that somebody waits for: he may have hung up.
    private static let awaitedMS: Int64 = 5_000

    /// When what others have now is to be had at the earliest. Only the oldest mail is looked at: that comes first.
    func comesBack() throws -> Timestamp? {
        let unread = try store.messages.unread(of: recipient, in: workspace, after: 0, limit: Self.batchRows)
        let awaited = try store.messages.awaitedAnswers(of: recipient, in: workspace, at: now)
        let taken = unread.filter { $0.isTaken(at: now) }.compactMap(\.takenUntil).min()
        guard unread.contains(where: { awaited.contains($0.id) }) else { return taken }
        let looked = now.adding(milliseconds: Self.awaitedMS)
        return min(taken ?? looked, looked)
    }

    /// What nobody has taken, oldest first, within the limits of one handing over. A thread stays in order: while its
    /// older mail is with somebody, its newer mail waits. Answers that somebody waits for are kept for them.
    func available(_ types: Set<MessageType>) throws -> [Message] {
        let awaited = try store.messages.awaitedAnswers(of: recipient, in: workspace, at: now)
        var found: [Message] = []
        var bytes = 0
        var busyThreads: Set<String> = []
        var position: Int64 = 0
        while true {
            let batch = try store.messages.unread(
                of: recipient, in: workspace, after: position, limit: Self.batchRows)
            for message in batch {
                position = message.sequence
                if message.isTaken(at: now) {
                    busyThreads.insert(message.threadOfReplies)
                    continue
                }
                guard types.isEmpty || types.contains(message.type), !awaited.contains(message.id),
                    !busyThreads.contains(message.threadOfReplies)
                else { continue }
                bytes += message.body.utf8.count + message.payload.utf8.count + message.subject.utf8.count
                if !found.isEmpty, bytes > Limits.takenBytesMax { return found }
                found.append(message)
                if found.count == Limits.takenMessagesMax { return found }
            }
            if batch.count < Self.batchRows { return found }
        }
    }
}

/// Says what became of mail that was handed out: read, or done with. Twice is the same as once.
package enum MarkMessages: Command {
    package struct Input: Sendable {
        package var workspace: WorkspaceID
        package var recipient: String
        package var delivery: String
        /// What the caller has seen of it; empty for all.
        package var messages: Set<MessageID> = []
        /// Whether the recipient is done with it, not only has it.
        package var isAcknowledged: Bool

        package init(workspace: WorkspaceID, recipient: String, delivery: String, isAcknowledged: Bool) {
            self.workspace = workspace
            self.recipient = recipient
            self.delivery = delivery
            self.isAcknowledged = isAcknowledged
        }
    }

    /// Answers the messages as they are now. Mail that has been handed to somebody else meanwhile is not among them.
    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> [Message]
    {
        let recipient = try AddressBook(tx, in: input.workspace).mailbox(input.recipient).address
        try Speaker(tx, context.actor).check(recipient)
        let mine = try tx.messages.taken(by: input.delivery).filter {
            $0.to == recipient && (input.messages.isEmpty || input.messages.contains($0.id))
        }
        guard !mine.isEmpty || !input.isAcknowledged else {
            throw DomainError(
                .messageNotFound,
                "No mail was handed out as '\(input.delivery.prefix(80))', or it has gone to another caller since.",
                details: ["delivery": input.delivery])
        }
        let post = Post(Ledger(tx, context))
        return try mine.map { try post.note(input.isAcknowledged ? .acknowledged : .read, $0) }
    }
}
