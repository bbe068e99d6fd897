package import OrcaDomain
package import OrcaStore

/// Answers a message: the original counts as read, and the answer goes to its sender in the same thread.
package enum ReplyMessage: Command {
    package struct Input: Sendable {
        package var workspace: WorkspaceID
        package var message: String
        /// Empty speaks for the recipient of the original.
        package var from: String
        package var body: String

        package init(workspace: WorkspaceID, message: String, from: String, body: String) {
            self.workspace = workspace
            self.message = message
            self.from = from
            self.body = body
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Message {
        let original = try Lookup(tx).message(input.message, in: input.workspace)
        guard !input.body.isEmpty else {
            throw DomainError(.invalidArgument, "Missing --body", details: ["field": "body"])
        }
        try Names.checkLength(input.body, max: Limits.messageBodyBytesMax, field: "body")
        let from =
            input.from.isEmpty ? original.to : try AddressBook(tx, in: input.workspace).mailbox(input.from).address
        try Speaker(tx, context.actor).check(from)
        let post = Post(Ledger(tx, context))
        // Somebody else's answer does not say that the recipient has read it.
        if from == original.to { _ = try post.note(.read, original) }
        var answer = Message(
            id: context.newShortID(), workspace: original.workspace, from: from, to: original.from, type: .status,
            subject: Self.subject(of: original), at: context.now)
        answer.body = input.body
        answer.thread = original.threadOfReplies
        return try post.deliver(answer)
    }

    private static func subject(of original: Message) -> String {
        var subject = "Re: " + original.subject
        while subject.utf8.count > Limits.subjectBytesMax { subject.removeLast() }
        return subject
    }
}

extension Lookup {
    package func message(_ word: String, in workspace: WorkspaceID) throws -> Message {
        guard let found = try store.messages.find(MessageID(stored: word)), found.workspace == workspace else {
            throw DomainError(.messageNotFound, "Message not found: \(word)", details: ["message": word])
        }
        return found
    }
}
