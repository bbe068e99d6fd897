import OrcaDomain
import OrcaStore

/// Invariant 8: every message to a live recipient is read once, in the order of its thread, and none is lost.
struct MailChecks {
    private var sent: [String: String] = [:]
    private var read: Set<String> = []
    private var typed: Set<String> = []
    private var hands: [String: (delivery: String, until: Timestamp)] = [:]

    /// What the server did, whether or not anybody heard the answer.
    mutating func saw(_ operation: SimulatedRequest.Operation, _ answer: SimulatedAnswer, _ world: EngineWorld) throws {
        switch (operation, answer) {
        case (.send(_, let to, let subject, _), .done): sent[subject] = to
        case (.take(let recipient, let delivery), .mail(let ids)):
            try handedOut(ids, to: recipient, delivery, world)
        case (.mark, .mail(let ids)): read.formUnion(ids)
        default: break
        }
    }

    private mutating func handedOut(
        _ ids: [String], to recipient: String, _ delivery: String, _ world: EngineWorld
    ) throws {
        let messages = try ids.compactMap { try world.session.messages.find(MessageID(stored: $0)) }
        if messages.count != ids.count { throw Violation(8, "mail was handed out that is not there") }
        for (index, message) in messages.enumerated() {
            let id = message.id.text
            if message.to != recipient { throw Violation(8, "\(id) went to \(recipient), it is for \(message.to)") }
            if read.contains(id) { throw Violation(8, "\(id) was handed out again after it had been read") }
            if let hand = hands[id], hand.delivery != delivery, hand.until > world.now {
                throw Violation(8, "\(id) is in two hands, \(hand.delivery) and \(delivery)")
            }
            hands[id] = (delivery, world.now.adding(milliseconds: Limits.takenMS))
            try checkOrder(of: message, after: messages[..<index], world)
        }
    }

    private func checkOrder(
        of message: Message, after earlier: ArraySlice<Message>, _ world: EngineWorld
    ) throws {
        guard !message.thread.isEmpty else { return }
        let thread = try world.session.messages.thread(message.thread, in: message.workspace, limit: 10_000)
        for older in thread where older.sequence < message.sequence && older.to == message.to && older.isUnread {
            if !earlier.contains(where: { $0.id == older.id }) {
                throw Violation(8, "\(message.id) overtook \(older.id) in \(message.thread)")
            }
        }
    }

    /// A batch that is about to be typed.
    mutating func typing(_ messages: [Message]) throws {
        for message in messages {
            if read.contains(message.id.text) { throw Violation(8, "\(message.id) was typed after it had been read") }
            if !typed.insert(message.id.text).inserted { throw Violation(8, "\(message.id) was typed twice") }
        }
    }

    /// Not a key was pressed.
    mutating func notTyped(_ messages: [Message]) {
        for message in messages { typed.remove(message.id.text) }
    }

    func check(_ world: EngineWorld) throws {
        let all = try Self.all(world)
        var found: [String: Int] = [:]
        for message in all { found[message.subject, default: 0] += 1 }
        for (subject, to) in sent {
            let count = found[subject] ?? 0
            if count != 1 { throw Violation(8, "'\(subject)' to \(to) was acknowledged and is there \(count) times") }
        }
    }

    func unread(_ world: EngineWorld) throws -> Int {
        try Self.all(world).count(where: \.isUnread)
    }

    private static func all(_ world: EngineWorld) throws -> [Message] {
        try world.session.messages.newest(to: "", in: try world.workspace.id, before: .max, limit: 10_000)
    }
}
