package import OrcaDomain
package import OrcaEngine
import OrcaStore

// Short forms for tests about terminals and mail.
extension EngineWorld {
    /// A live terminal with the handle `term_NAME`.
    @discardableResult
    package func terminal(_ name: String, kind: String = "", title: String = "") throws -> Terminal {
        let workspace = try workspace.id
        return try transact { tx, context in
            var terminal = Terminal(
                id: TerminalID(suffix: name), workspace: workspace, directory: "/", createdBy: "tester",
                at: context.now)
            terminal.kind = kind
            terminal.title = title
            terminal.state = .idle
            try tx.insert(terminal)
            return terminal
        }
    }

    /// The program in a terminal ends.
    package func exit(_ name: String) throws {
        try transact { tx, context in
            guard var terminal = try tx.terminals.find(TerminalID(suffix: name)) else { return }
            terminal.state = .exited
            terminal.endedAt = context.now
            terminal.version += 1
            try tx.save(terminal)
        }
    }

    @discardableResult
    package func send(
        _ subject: String, from: String, to: String, type: MessageType = .status, body: String = "",
        payload: String = "", thread: String = "", outcome: WorkerReport.Outcome = .succeeded
    ) throws -> SendMessage.Output {
        var input = SendMessage.Input(workspace: try workspace.id, from: from, to: to, subject: subject)
        input.type = type
        input.body = body
        input.payload = payload
        input.thread = thread
        input.outcome = outcome
        let wanted = input
        return try transact("SendMessage") { try SendMessage.run(wanted, in: $0, $1) }
    }

    package func take(
        _ recipient: String, as delivery: String, types: Set<MessageType> = [], heldMS: Int64 = Limits.takenMS
    ) throws -> [Message] {
        var input = TakeMessages.Input(workspace: try workspace.id, recipient: recipient, delivery: delivery)
        input.types = types
        input.heldMS = heldMS
        let wanted = input
        return try transact("TakeMessages") { try TakeMessages.run(wanted, in: $0, $1) }
    }

    package func mark(_ recipient: String, _ delivery: String, acknowledged: Bool = false) throws -> [Message] {
        let input = MarkMessages.Input(
            workspace: try workspace.id, recipient: recipient, delivery: delivery, isAcknowledged: acknowledged)
        return try transact("MarkMessages") { try MarkMessages.run(input, in: $0, $1) }
    }

    package func reply(_ message: String, _ body: String) throws -> Message {
        let input = ReplyMessage.Input(workspace: try workspace.id, message: message, from: "", body: body)
        return try transact("ReplyMessage") { try ReplyMessage.run(input, in: $0, $1) }
    }
}
