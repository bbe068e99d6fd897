package import OrcaDomain
package import OrcaStore
import OrcaSupport

/// Sends mail to one recipient or to a group. A worker's completion and its signs of life take effect in the same
/// transaction, before anybody is woken.
package enum SendMessage: Command {
    package struct Input: Sendable {
        package var workspace: WorkspaceID
        package var from: String
        package var to: String
        package var subject: String
        package var type = MessageType.status
        package var priority = MessagePriority.normal
        package var body = ""
        /// JSON text; empty for none.
        package var payload = ""
        package var thread = ""
        /// What a completion says of the work.
        package var outcome = WorkerReport.Outcome.succeeded
        /// Only those members of a group that work for this run.
        package var run: RunID?

        package init(workspace: WorkspaceID, from: String, to: String, subject: String) {
            self.workspace = workspace
            self.from = from
            self.to = to
            self.subject = subject
        }
    }

    package struct Output: Sendable {
        /// One for each recipient.
        package var messages: [Message]
        package var states: [AddressBook.State]
        /// Whether a completion or a sign of life counted; `nil` for other mail.
        package var lifecycle: LifecycleVerdict?
        package var isGroup: Bool
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Output {
        let payload = try check(input)
        let book = AddressBook(tx, in: input.workspace)
        let (recipients, isGroup) = try recipients(of: input, book)
        let from = try book.mailbox(input.from).address
        try Speaker(tx, context.actor).check(from)
        let ledger = Ledger(tx, context)
        let verdict = try LifecycleMail(ledger, workspace: input.workspace).carryOut(input, from: from, payload)
        let post = Post(ledger)
        // Members of a group find each other in one thread, even when the sender named none.
        let thread = input.thread.isEmpty && isGroup ? "thread_\(context.now.milliseconds)" : input.thread
        let messages = try recipients.map { recipient in
            var message = Message(
                id: context.newShortID(), workspace: input.workspace, from: from, to: recipient.address,
                type: input.type, subject: input.subject, at: context.now)
            message.priority = input.priority
            message.body = input.body
            message.payload = input.payload
            message.thread = thread
            let sent = try post.deliver(message)
            if !isGroup { try RunMail(ledger).carryOut(sent) }
            return sent
        }
        return Output(
            messages: messages, states: recipients.map(\.state), lifecycle: verdict, isGroup: isGroup)
    }

    private static func recipients(
        of input: Input, _ book: AddressBook
    ) throws -> (mailboxes: [AddressBook.Mailbox], isGroup: Bool) {
        guard case .group(let group) = MailAddress(input.to) else {
            guard input.run == nil else {
                throw DomainError(
                    .invalidArgument, "A run narrows a group; \(input.to.prefix(80)) is none. Leave out --run.",
                    details: ["field": "run"])
            }
            return ([try book.mailbox(input.to, seenFrom: input.from)], false)
        }
        guard !input.type.isLifecycle else {
            throw DomainError(
                .invalidArgument,
                "\(input.type.rawValue) messages must be sent to a concrete coordinator terminal handle, not a group "
                    + "address.",
                details: ["field": "to"])
        }
        return (try book.members(of: group, without: input.from, in: input.run), true)
    }

    private static func check(_ input: Input) throws -> JSONValue? {
        guard !input.to.isEmpty else {
            throw DomainError(.invalidArgument, "Missing --to", details: ["field": "to"])
        }
        guard !input.from.isEmpty else {
            throw DomainError(.invalidArgument, "Missing --from", details: ["field": "from"])
        }
        guard !input.subject.isEmpty else {
            throw DomainError(.invalidArgument, "Missing --subject", details: ["field": "subject"])
        }
        try Names.checkLength(input.subject, max: Limits.subjectBytesMax, field: "subject")
        try Names.checkLength(input.body, max: Limits.messageBodyBytesMax, field: "body")
        try Names.checkLength(input.thread, max: Limits.nameBytesMax, field: "thread_id")
        return try MailPayload.read(input.payload)
    }
}

/// The structured part of a message: any JSON.
enum MailPayload {
    static func read(_ text: String) throws -> JSONValue? {
        guard !text.isEmpty else { return nil }
        try Names.checkLength(text, max: Limits.payloadBytesMax, field: "payload")
        do {
            return try JSONValue(jsonBytes: Array(text.utf8))
        } catch {
            throw DomainError(
                .invalidArgument,
                "Invalid --payload: it must be JSON (\(error.description)). Nothing was sent.",
                details: ["field": "payload"])
        }
    }
}
