import OrcaDomain
import OrcaEngine
import OrcaStore

/// A caller that gets mail: it asks, writes out what it got, and says so. It can vanish at every point.
struct SimulatedReader {
    enum Stage {
        case idle
        case asked
        case writing([String], until: Timestamp)
        case marking([String])
    }

    let recipient: String
    var delivery = ""
    var stage = Stage.idle
    var sentAt = Timestamp(milliseconds: 0)
    var asleepUntil = Timestamp(milliseconds: 0)
}

// What goes on in the mail room.
extension Simulator {
    private static let messagesMax = 120

    /// Three terminals with two callers each.
    mutating func openMailRoom() throws {
        for name in ["x", "y", "z"] {
            try world.terminal(name)
            readers.append(SimulatedReader(recipient: "term_" + name))
            readers.append(SimulatedReader(recipient: "term_" + name))
        }
    }

    /// Somebody writes, and somebody types.
    mutating func carryMail() throws {
        let names = ["term_x", "term_y", "term_z"]
        if !isHealed, mailSent < Self.messagesMax, chance(oneIn: 3) {
            mailSent += 1
            let thread = chance(oneIn: 3) ? "" : "thread-\(roll(3))"
            send(.send(from: names[roll(3)], to: names[roll(3)], subject: "mail-\(mailSent)", thread: thread))
        }
        if chance(oneIn: 8) { try push(to: ["x", "y", "z"][roll(3)]) }
    }

    /// The typist is part of the server: it dies with it, between any two of its steps.
    private mutating func push(to name: String) throws {
        guard let terminal = try world.session.terminals.find(TerminalID(suffix: name)) else { return }
        guard let batch = try world.transact("Push", { try BeginPush.run(terminal, in: $0, $1) }) else { return }
        try mail.typing(batch.messages)
        log("typing \(batch.messages.count) messages into \(terminal.id)")
        if !isHealed, chance(oneIn: 6) { return try crash() }
        let outcome: EndPush.Outcome = [.submitted, .typed, .refused][roll(3)]
        if outcome == .refused { mail.notTyped(batch.messages) }
        let end = EndPush.Input(messages: batch.messages.map(\.id), outcome: outcome)
        try world.transact("Push") { _ = try EndPush.run(end, in: $0, $1) }
    }

    mutating func read(_ index: Int) throws {
        var reader = readers[index]
        guard reader.asleepUntil <= world.now else { return }
        if !isHealed, chance(oneIn: 30) {
            reader.stage = .idle
            reader.asleepUntil = world.now.adding(milliseconds: Int64(roll(40_000)))
            readers[index] = reader
            return log("a reader of \(reader.recipient) vanishes")
        }
        let isLate = world.now.milliseconds - reader.sentAt.milliseconds > 5_000
        switch reader.stage {
        case .idle:
            guard chance(oneIn: 3), try hasMail(reader) else { return }
            nextKey += 1
            reader.delivery = "delivery-\(nextKey)"
            reader.stage = .asked
            reader.sentAt = world.now
            readers[index] = reader
            ask(.take(recipient: reader.recipient, delivery: reader.delivery), from: index)
        case .asked:
            guard isLate else { return }
            readers[index].sentAt = world.now
            ask(.take(recipient: reader.recipient, delivery: reader.delivery), from: index)
        case .writing(let ids, let until):
            guard until <= world.now else { return }
            reader.stage = .marking(ids)
            reader.sentAt = world.now
            readers[index] = reader
            ask(.mark(recipient: reader.recipient, delivery: reader.delivery, messages: ids), from: index)
        case .marking(let ids):
            guard isLate else { return }
            readers[index].sentAt = world.now
            ask(.mark(recipient: reader.recipient, delivery: reader.delivery, messages: ids), from: index)
        }
    }

    /// At the end nobody asks for nothing, so that the network comes to rest.
    private func hasMail(_ reader: SimulatedReader) throws -> Bool {
        guard isHealed else { return true }
        return try world.session.messages.countUnread(of: reader.recipient, in: try world.workspace.id) > 0
    }

    private mutating func ask(_ operation: SimulatedRequest.Operation, from reader: Int) {
        nextKey += 1
        post(
            SimulatedRequest(
                key: "key-\(nextKey)", operation: operation, agent: nil, reader: reader, sentAt: world.now))
    }

    mutating func receiveMail(_ answer: SimulatedAnswer, to request: SimulatedRequest, _ index: Int) {
        guard case .mail(let ids) = answer else {
            readers[index].stage = .idle
            return
        }
        switch (request.operation, readers[index].stage) {
        case (.take(_, let delivery), .asked) where delivery == readers[index].delivery:
            // Writing takes a moment; sometimes longer than the mail is kept for the caller.
            let takes = Int64(isHealed ? 100 : chance(oneIn: 10) ? 20_000 : roll(3_000))
            readers[index].stage =
                ids.isEmpty ? .idle : .writing(ids, until: world.now.adding(milliseconds: takes))
        case (.mark(_, let delivery, _), .marking) where delivery == readers[index].delivery:
            readers[index].stage = .idle
        default: break
        }
    }
}
