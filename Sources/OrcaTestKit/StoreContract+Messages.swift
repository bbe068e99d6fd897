import OrcaDomain
import OrcaStore

// Mail and questions.
extension StoreContract {
    static func mail(_ store: any Store) async throws {
        try await Samples.prepare(store)
        try await store.write { tx in
            let home = Samples.workspace.id
            var first = message("a", to: "term_b")
            first.payload = "{\"q\":\"“x”\"}"
            first.thread = "msg_root"
            first.priority = .urgent
            first.sequence = try tx.insert(first)
            var second = message("b", to: "term_b")
            second.sequence = try tx.insert(second)
            var other = message("c", to: "term_c", type: .heartbeat)
            other.sequence = try tx.insert(other)
            try require(first.sequence < second.sequence && second.sequence < other.sequence, "sequence numbers grow")
            try requireEqual(try tx.messages.find(first.id), first, "message")
            try requireEqual(
                try ids(tx.messages.unread(of: "term_b", in: home, after: 0, limit: 9)), ["a", "b"], "unread")
            try requireEqual(
                try ids(tx.messages.unread(of: "term_b", in: home, after: first.sequence, limit: 9)), ["b"],
                "unread after a number")
            try requireEqual(
                try ids(tx.messages.newest(to: "", in: home, before: .max, limit: 2)), ["c", "b"], "the newest of all")
            try requireEqual(
                try ids(tx.messages.newest(to: "term_b", in: home, before: second.sequence, limit: 2)), ["a"],
                "the newest of one")
            try requireEqual(try ids(tx.messages.thread("msg_root", in: home, limit: 9)), ["a"], "thread")
            try requireEqual(try tx.messages.countUnread(of: "term_b", in: home), 2, "unread count")

            _ = first.note(.injected, at: Samples.now)
            first.takenBy = "d1"
            first.takenUntil = Samples.now
            try tx.save(first)
            try requireEqual(try tx.messages.find(first.id), first, "the ledger")
            try requireEqual(try ids(tx.messages.queued(for: "term_b", in: home, limit: 9)), ["b"], "mail to push")
            try requireEqual(try ids(tx.messages.taken(by: "d1")), ["a"], "mail of a delivery")
            try require(try tx.messages.taken(by: "").isEmpty, "mail that nobody took is found as taken")
            _ = first.note(.read, at: Samples.now)
            try tx.save(first)
            try requireEqual(try ids(tx.messages.unread(of: "term_b", in: home, after: 0, limit: 9)), ["b"], "unread")

            var newer = message("d", to: "term_c", type: .heartbeat)
            newer.sequence = try tx.insert(newer)
            try tx.deleteHeartbeats(before: newer)
            try requireEqual(
                try ids(tx.messages.newest(to: "term_c", in: home, before: .max, limit: 9)), ["d"], "heartbeats")
            try requireEqual(try tx.forgetMessages(readBefore: Samples.now, limit: 9), 0, "forgotten too early")
            let later = Samples.now.adding(milliseconds: 1)
            try requireEqual(try tx.forgetMessages(readBefore: later, limit: 9), 1, "forgotten")
            try requireEqual(try tx.deleteMessages(of: home), 2, "deleted")
        }
    }

    static func questions(_ store: any Store) async throws {
        try await Samples.prepare(store)
        try await store.write { tx in
            let home = Samples.workspace.id
            let root = message("q", to: "term_c")
            _ = try tx.insert(root)
            var question = Question(message: root.id, workspace: home, asker: "term_a", at: Samples.now)
            try tx.insert(question)
            try requireEqual(try tx.messages.question(root.id), question, "question")
            try requireEqual(try tx.messages.pendingQuestions(of: "term_a", in: home), [question], "pending questions")
            try requireEqual(try tx.messages.openQuestions(in: home, limit: 5), [question], "open questions")
            try require(try tx.messages.openQuestions(in: home, limit: 0).isEmpty, "a limit holds")
            let answer = message("r", to: "term_a")
            _ = try tx.insert(answer)
            question.status = .answered
            question.answer = answer.id
            question.awaitedUntil = Samples.now.adding(milliseconds: 10)
            question.endedAt = Samples.now
            try tx.save(question)
            try requireEqual(try tx.messages.question(root.id), question, "question")
            try require(try tx.messages.pendingQuestions(of: "term_a", in: home).isEmpty, "it is answered")
            try require(try tx.messages.openQuestions(in: home, limit: 5).isEmpty, "it is answered")
            try requireEqual(
                try tx.messages.awaitedAnswers(of: "term_a", in: home, at: Samples.now), [answer.id], "awaited")
            let late = Samples.now.adding(milliseconds: 10)
            try require(
                try tx.messages.awaitedAnswers(of: "term_a", in: home, at: late).isEmpty, "nobody waits any more")
            _ = try tx.deleteMessages(of: home)
            try requireEqual(try tx.messages.question(root.id), nil, "questions go with the mail")
        }
    }

    private static func message(_ suffix: String, to: String, type: MessageType = .status) -> Message {
        Message(
            id: MessageID(suffix: suffix), workspace: Samples.workspace.id, from: "term_a", to: to, type: type,
            subject: "Subject ✓", at: Samples.now)
    }

    private static func ids(_ messages: [Message]) -> [String] {
        messages.map { String($0.id.text.dropFirst(MessageKind.prefix.count)) }
    }
}
