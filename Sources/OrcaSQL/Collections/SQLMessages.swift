package import OrcaDomain
import OrcaStore

struct SQLMessages: MessageCollection {
    let db: any SQLConnection

    private static let columns = """
        sequence, id, workspace_id, sender, recipient, type, priority, subject, body, payload, thread, created_at,
        delivery, injected_at, submitted_at, read_at, acknowledged_at, taken_by, taken_until
        """
    static let byID = SQL("SELECT \(columns) FROM messages WHERE id = ?1")
    static let unreadOfRecipient = SQL(
        """
        SELECT \(columns) FROM messages
        WHERE recipient = ?1 AND workspace_id = ?2 AND read_at IS NULL AND sequence > ?3 ORDER BY sequence LIMIT ?4
        """)
    static let unreadCount = SQL(
        "SELECT count(*) FROM messages WHERE recipient = ?1 AND workspace_id = ?2 AND read_at IS NULL")
    static let queuedOfRecipient = SQL(
        """
        SELECT \(columns) FROM messages
        WHERE recipient = ?1 AND workspace_id = ?2 AND read_at IS NULL AND delivery = 'queued'
        ORDER BY sequence LIMIT ?3
        """)
    static let takenBy = SQL(
        "SELECT \(columns) FROM messages WHERE taken_by = ?1 AND taken_by <> '' ORDER BY sequence")
    static let newestOfRecipient = SQL(
        """
        SELECT \(columns) FROM messages WHERE recipient = ?1 AND workspace_id = ?2 AND sequence < ?3
        ORDER BY sequence DESC LIMIT ?4
        """)
    private static let newestOfWorkspace = SQL(
        "SELECT \(columns) FROM messages WHERE workspace_id = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3")
    static let ofThread = SQL(
        """
        SELECT \(columns) FROM messages WHERE thread = ?1 AND thread <> '' AND workspace_id = ?2
        ORDER BY sequence LIMIT ?3
        """)
    private static let questionColumns = """
        message_id, workspace_id, asker, status, answer_id, awaited_until, asked_at, ended_at
        """
    static let questionByID = SQL("SELECT \(questionColumns) FROM questions WHERE message_id = ?1")
    private static let pending = SQL(
        """
        SELECT \(questionColumns) FROM questions WHERE asker = ?1 AND workspace_id = ?2 AND status = 'pending'
        ORDER BY message_id
        """)
    private static let openOfWorkspace = SQL(
        """
        SELECT \(questionColumns) FROM questions WHERE workspace_id = ?1 AND status = 'pending'
        ORDER BY asked_at, message_id LIMIT ?2
        """)
    static let awaited = SQL(
        """
        SELECT answer_id FROM questions
        WHERE asker = ?1 AND workspace_id = ?2 AND awaited_until IS NOT NULL AND awaited_until > ?3
            AND answer_id IS NOT NULL
        """)

    func find(_ id: MessageID) throws -> Message? {
        try db.first(Self.byID, [.text(id.text)], Self.read)
    }

    func unread(of recipient: String, in workspace: WorkspaceID, after sequence: Int64, limit: Int) throws -> [Message]
    {
        try db.query(
            Self.unreadOfRecipient,
            [.text(recipient), .text(workspace.text), .integer(sequence), .integer(limit)], Self.read)
    }

    func countUnread(of recipient: String, in workspace: WorkspaceID) throws -> Int {
        try db.first(Self.unreadCount, [.text(recipient), .text(workspace.text)]) { $0.int(0) } ?? 0
    }

    func queued(for recipient: String, in workspace: WorkspaceID, limit: Int) throws -> [Message] {
        try db.query(
            Self.queuedOfRecipient, [.text(recipient), .text(workspace.text), .integer(limit)], Self.read)
    }

    func taken(by delivery: String) throws -> [Message] {
        try db.query(Self.takenBy, [.text(delivery)], Self.read)
    }

    func newest(to recipient: String, in workspace: WorkspaceID, before sequence: Int64, limit: Int) throws -> [Message]
    {
        if recipient.isEmpty {
            return try db.query(
                Self.newestOfWorkspace, [.text(workspace.text), .integer(sequence), .integer(limit)], Self.read)
        }
        return try db.query(
            Self.newestOfRecipient,
            [.text(recipient), .text(workspace.text), .integer(sequence), .integer(limit)], Self.read)
    }

    func thread(_ thread: String, in workspace: WorkspaceID, limit: Int) throws -> [Message] {
        try db.query(Self.ofThread, [.text(thread), .text(workspace.text), .integer(limit)], Self.read)
    }

    func question(_ id: MessageID) throws -> Question? {
        try db.first(Self.questionByID, [.text(id.text)], Self.readQuestion)
    }

    func pendingQuestions(of asker: String, in workspace: WorkspaceID) throws -> [Question] {
        try db.query(Self.pending, [.text(asker), .text(workspace.text)], Self.readQuestion)
    }

    func openQuestions(in workspace: WorkspaceID, limit: Int) throws -> [Question] {
        try db.query(Self.openOfWorkspace, [.text(workspace.text), .integer(limit)], Self.readQuestion)
    }

    func awaitedAnswers(of asker: String, in workspace: WorkspaceID, at now: Timestamp) throws -> Set<MessageID> {
        let found = try db.query(Self.awaited, [.text(asker), .text(workspace.text), .integer(now.milliseconds)]) {
            MessageID(stored: $0.text(0))
        }
        return Set(found)
    }

    private static func read(_ row: any SQLRow) throws -> Message {
        var message = Message(
            id: MessageID(stored: row.text(1)), workspace: WorkspaceID(stored: row.text(2)), from: row.text(3),
            to: row.text(4), type: try MessageType.stored(row.text(5)), subject: row.text(7), at: time(row, 11))
        message.sequence = row.integer(0)
        message.priority = try MessagePriority.stored(row.text(6))
        message.body = row.text(8)
        message.payload = row.text(9)
        message.thread = row.text(10)
        message.delivery = try MessageDelivery.stored(row.text(12))
        message.injectedAt = optionalTime(row, 13)
        message.submittedAt = optionalTime(row, 14)
        message.readAt = optionalTime(row, 15)
        message.acknowledgedAt = optionalTime(row, 16)
        message.takenBy = row.text(17)
        message.takenUntil = optionalTime(row, 18)
        return message
    }

    private static func readQuestion(_ row: any SQLRow) throws -> Question {
        var question = Question(
            message: MessageID(stored: row.text(0)), workspace: WorkspaceID(stored: row.text(1)), asker: row.text(2),
            at: time(row, 6))
        question.status = try Question.Status.stored(row.text(3))
        question.answer = row.optionalText(4).map { MessageID(stored: $0) }
        question.awaitedUntil = optionalTime(row, 5)
        question.endedAt = optionalTime(row, 7)
        return question
    }

    private static func time(_ row: any SQLRow, _ column: Int) -> Timestamp {
        Timestamp(milliseconds: row.integer(column))
    }

    private static func optionalTime(_ row: any SQLRow, _ column: Int) -> Timestamp? {
        row.optionalInteger(column).map { Timestamp(milliseconds: $0) }
    }
}

extension SQLSession {
    static let insertMessage = SQL(
        """
        INSERT INTO messages (id, workspace_id, sender, recipient, type, priority, subject, body, payload, thread,
            created_at, delivery, injected_at, submitted_at, read_at, acknowledged_at, taken_by, taken_until)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
        RETURNING sequence
        """)
    static let saveMessage = SQL(
        """
        UPDATE messages SET delivery = ?2, injected_at = ?3, submitted_at = ?4, read_at = ?5, acknowledged_at = ?6,
            taken_by = ?7, taken_until = ?8
        WHERE id = ?1
        """)
    static let forgetHeartbeats = SQL(
        """
        DELETE FROM messages
        WHERE recipient = ?1 AND sender = ?2 AND workspace_id = ?3 AND type = 'heartbeat' AND id <> ?4
        """)
    private static let insertQuestion = SQL(
        """
        INSERT INTO questions (message_id, workspace_id, asker, status, answer_id, awaited_until, asked_at, ended_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """)
    private static let saveQuestion = SQL(
        """
        UPDATE questions SET workspace_id = ?2, asker = ?3, status = ?4, answer_id = ?5, awaited_until = ?6,
            asked_at = ?7, ended_at = ?8
        WHERE message_id = ?1
        """)
    private static let deleteAllMessages = SQL("DELETE FROM messages WHERE workspace_id = ?1")
    private static let deleteAllQuestions = SQL("DELETE FROM questions WHERE workspace_id = ?1")
    private static let forgetReadMessages = SQL(
        """
        DELETE FROM messages WHERE sequence IN (
            SELECT sequence FROM messages WHERE read_at IS NOT NULL AND read_at < ?1 ORDER BY read_at LIMIT ?2)
        """)
    private static let forgetOldQuestions = SQL(
        """
        DELETE FROM questions WHERE status <> 'pending' AND ended_at < ?1
            AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.id = questions.message_id)
        """)

    package func insert(_ message: Message) throws -> Int64 {
        let ledger = ledger(of: message)
        let parameters: [SQLValue] =
            [
                .text(message.id.text), .text(message.workspace.text), .text(message.from), .text(message.to),
                .text(message.type.rawValue), .text(message.priority.rawValue), .text(message.subject),
                .text(message.body), .text(message.payload), .text(message.thread),
                .integer(message.createdAt.milliseconds),
            ] + ledger
        guard let sequence = try db.first(Self.insertMessage, parameters, { $0.integer(0) }) else {
            throw StoreError.staleWrite("message \(message.id)")
        }
        return sequence
    }

    package func save(_ message: Message) throws {
        try updateOne(Self.saveMessage, [.text(message.id.text)] + ledger(of: message), "message \(message.id)")
    }

    package func deleteHeartbeats(before message: Message) throws {
        try db.post(
            Self.forgetHeartbeats,
            [.text(message.to), .text(message.from), .text(message.workspace.text), .text(message.id.text)])
    }

    package func insert(_ question: Question) throws {
        try db.post(Self.insertQuestion, questionParameters(question))
    }

    package func save(_ question: Question) throws {
        try updateOne(Self.saveQuestion, questionParameters(question), "question \(question.message)")
    }

    package func deleteMessages(of workspace: WorkspaceID) throws -> Int {
        try db.post(Self.deleteAllQuestions, [.text(workspace.text)])
        return try db.execute(Self.deleteAllMessages, [.text(workspace.text)])
    }

    package func forgetMessages(readBefore time: Timestamp, limit: Int) throws -> Int {
        let gone = try db.execute(Self.forgetReadMessages, [.integer(time.milliseconds), .integer(limit)])
        if gone > 0 { try db.execute(Self.forgetOldQuestions, [.integer(time.milliseconds)]) }
        return gone
    }

    private func ledger(of message: Message) -> [SQLValue] {
        [
            .text(message.delivery.rawValue), .optional(message.injectedAt?.milliseconds),
            .optional(message.submittedAt?.milliseconds), .optional(message.readAt?.milliseconds),
            .optional(message.acknowledgedAt?.milliseconds), .text(message.takenBy),
            .optional(message.takenUntil?.milliseconds),
        ]
    }

    private func questionParameters(_ question: Question) -> [SQLValue] {
        [
            .text(question.message.text), .text(question.workspace.text), .text(question.asker),
            .text(question.status.rawValue), .optional(question.answer?.text),
            .optional(question.awaitedUntil?.milliseconds), .integer(question.askedAt.milliseconds),
            .optional(question.endedAt?.milliseconds),
        ]
    }
}
