package import OrcaDomain
package import OrcaStore

/// Mail that the server itself writes: a worker was lost, a gate was answered, a run has ended. It goes wherever the
/// address leads; an address that leads nowhere any more is the workspace's own mailbox.
package enum Notify: Command {
    package struct Input: Sendable {
        package var workspace: WorkspaceID
        package var from: String
        package var to: String
        package var type = MessageType.status
        package var priority = MessagePriority.normal
        package var subject: String
        package var body = ""
        /// JSON text; empty for none.
        package var payload = ""
        package var thread = ""

        package init(workspace: WorkspaceID, from: String, to: String, subject: String) {
            self.workspace = workspace
            self.from = from
            self.to = to
            self.subject = subject
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Message {
        let book = AddressBook(tx, in: input.workspace)
        let to: String
        do {
            to = input.to.isEmpty ? MailAddress.coordinatorWord : try book.mailbox(input.to).address
        } catch is DomainError {
            to = MailAddress.coordinatorWord
        }
        var message = Message(
            id: context.newShortID(), workspace: input.workspace, from: input.from, to: to, type: input.type,
            subject: input.subject, at: context.now)
        message.priority = input.priority
        message.body = input.body
        message.payload = input.payload
        message.thread = input.thread
        return try Post(Ledger(tx, context)).deliver(message)
    }
}
