package import OrcaDomain
import OrcaStore

// The bugs about mail.
extension MutantTransaction {
    package func insert(_ message: Message) throws -> Int64 {
        if mutant == .mailLost, dice.roll(oneIn: 10) { return 1 }
        return try real.insert(message)
    }

    package func save(_ message: Message) throws {
        var message = message
        switch mutant {
        case .mailNotTaken:
            message.takenUntil = nil
        case .mailReadForgotten where message.readAt != nil:
            message.readAt = nil
            message.delivery = .queued
            message.takenUntil = nil
        case .mailTypedForgotten where message.delivery == .injected || message.delivery == .submitted:
            message.delivery = .queued
        default: break
        }
        try real.save(message)
    }
}

/// Does not tell that older mail is with somebody.
struct HastyMailbox: MessageCollection {
    let real: any MessageCollection

    func unread(of recipient: String, in workspace: WorkspaceID, after sequence: Int64, limit: Int) throws -> [Message]
    {
        try real.unread(of: recipient, in: workspace, after: sequence, limit: limit).filter { $0.takenUntil == nil }
    }

    func find(_ id: MessageID) throws -> Message? { try real.find(id) }
    func countUnread(of recipient: String, in workspace: WorkspaceID) throws -> Int {
        try real.countUnread(of: recipient, in: workspace)
    }
    func queued(for recipient: String, in workspace: WorkspaceID, limit: Int) throws -> [Message] {
        try real.queued(for: recipient, in: workspace, limit: limit)
    }
    func taken(by delivery: String) throws -> [Message] { try real.taken(by: delivery) }
    func newest(to recipient: String, in workspace: WorkspaceID, before sequence: Int64, limit: Int) throws -> [Message]
    {
        try real.newest(to: recipient, in: workspace, before: sequence, limit: limit)
    }
    func thread(_ thread: String, in workspace: WorkspaceID, limit: Int) throws -> [Message] {
        try real.thread(thread, in: workspace, limit: limit)
    }
    func question(_ id: MessageID) throws -> Question? { try real.question(id) }
    func pendingQuestions(of asker: String, in workspace: WorkspaceID) throws -> [Question] {
        try real.pendingQuestions(of: asker, in: workspace)
    }
    func openQuestions(in workspace: WorkspaceID, limit: Int) throws -> [Question] {
        try real.openQuestions(in: workspace, limit: limit)
    }
    func awaitedAnswers(of asker: String, in workspace: WorkspaceID, at now: Timestamp) throws -> Set<MessageID> {
        try real.awaitedAnswers(of: asker, in: workspace, at: now)
    }
}
