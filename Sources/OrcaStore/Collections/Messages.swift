package import OrcaDomain

package protocol MessageCollection {
    func find(_ id: MessageID) throws -> Message?
    /// What a recipient has not read, oldest first, after a sequence number; also what somebody has taken.
    func unread(of recipient: String, in workspace: WorkspaceID, after sequence: Int64, limit: Int) throws -> [Message]
    func countUnread(of recipient: String, in workspace: WorkspaceID) throws -> Int
    /// Unread mail that was never typed into its recipient's terminal, oldest first.
    func queued(for recipient: String, in workspace: WorkspaceID, limit: Int) throws -> [Message]
    /// What was handed out under a name, oldest first.
    func taken(by delivery: String) throws -> [Message]
    /// Newest first, before a sequence number; of one recipient, or of all when it is empty.
    func newest(to recipient: String, in workspace: WorkspaceID, before sequence: Int64, limit: Int) throws -> [Message]
    /// One thread, oldest first.
    func thread(_ thread: String, in workspace: WorkspaceID, limit: Int) throws -> [Message]
    func question(_ id: MessageID) throws -> Question?
    /// Questions of an asker that still wait for an answer.
    func pendingQuestions(of asker: String, in workspace: WorkspaceID) throws -> [Question]
    /// All questions that still wait for an answer, oldest first.
    func openQuestions(in workspace: WorkspaceID, limit: Int) throws -> [Question]
    /// Answers that are kept for a caller that waits for them.
    func awaitedAnswers(of asker: String, in workspace: WorkspaceID, at now: Timestamp) throws -> Set<MessageID>
}

package protocol MessageWriting {
    /// Stores it under the next sequence number, which it answers.
    func insert(_ message: Message) throws -> Int64
    /// Saves what became of it; what was written stays as it was.
    func save(_ message: Message) throws
    /// A sign of life replaces those before it.
    func deleteHeartbeats(before message: Message) throws
    func insert(_ question: Question) throws
    func save(_ question: Question) throws
    /// All mail and all questions of a workspace. Returns how many messages there were.
    func deleteMessages(of workspace: WorkspaceID) throws -> Int
    /// Forgets mail that was read before `time`, at most `limit` a call. Returns how many went.
    func forgetMessages(readBefore time: Timestamp, limit: Int) throws -> Int
}
