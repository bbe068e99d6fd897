import OrcaDomain
import OrcaStore

/// The only place that stores mail: with its event, and with what it answers.
struct Post {
    let ledger: Ledger

    init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    private var tx: any StoreTransaction { ledger.tx }
    private var context: CommandContext { ledger.context }

    /// Stores one message. A sign of life counts as read at once, and wakes nobody.
    func deliver(_ draft: Message) throws -> Message {
        var message = draft
        if message.type == .heartbeat {
            _ = message.note(.read, at: context.now)
            message.sequence = try tx.insert(message)
            try tx.deleteHeartbeats(before: message)
            return message
        }
        try checkRoom(for: message)
        message.sequence = try tx.insert(message)
        try answerQuestion(with: message)
        try ledger.record(
            .messageSent, workspace: message.workspace, entity: message.id.text,
            [
                "from": .text(message.from), "to": .text(message.to), "type": .text(message.type.rawValue),
                "priority": .text(message.priority.rawValue), "thread": .text(message.thread),
                "subject": .text(String(message.subject.prefix(200))),
            ])
        return message
    }

    /// Marks mail as read or acknowledged; twice is the same as once.
    func note(_ trigger: MessageDelivery.Trigger, _ message: Message) throws -> Message {
        var noted = message
        guard case .to = noted.note(trigger, at: context.now) else { return noted }
        noted.takenUntil = nil
        try tx.save(noted)
        let type: EventType
        switch trigger {
        case .read: type = .messageRead
        case .acknowledged: type = .messageAcknowledged
        case .submitted: type = .messageSubmitted
        case .injected, .requeued: return noted
        }
        try ledger.record(
            type, workspace: noted.workspace, entity: noted.id.text,
            ["to": .text(noted.to), "type": .text(noted.type.rawValue)])
        return noted
    }

    private func checkRoom(for message: Message) throws {
        let unread = try tx.messages.countUnread(of: message.to, in: message.workspace)
        guard unread >= Limits.unreadPerRecipientMax else { return }
        throw DomainError(
            .limitExceeded,
            "\(message.to) has \(unread) unread messages, the most there can be. It has to read them first: 'orca "
                + "orchestration check --terminal \(message.to)'.",
            details: ["address": message.to, "limit": String(Limits.unreadPerRecipientMax)])
    }

    /// The first message to the asker in the thread of a question is its answer.
    private func answerQuestion(with message: Message) throws {
        guard message.thread.hasPrefix(MessageKind.prefix),
            var question = try tx.messages.question(MessageID(stored: message.thread)),
            question.workspace == message.workspace, question.asker == message.to,
            case .to(let status) = question.status.on(.answered)
        else { return }
        question.status = status
        question.answer = message.id
        question.endedAt = context.now
        try tx.save(question)
    }
}
