package import OrcaDomain
package import OrcaStore
import OrcaSupport

/// Asks somebody something and keeps the question open until it is answered. Waiting for the answer is another matter
/// (`AwaitAnswer`): both sides may be restarted in between.
package enum AskQuestion: Command {
    package struct Input: Sendable {
        package var workspace: WorkspaceID
        package var from: String
        package var to: String
        package var question: String
        /// What one may choose from; empty means any text.
        package var options: [String]

        package init(workspace: WorkspaceID, from: String, to: String, question: String, options: [String]) {
            self.workspace = workspace
            self.from = from
            self.to = to
            self.question = question
            self.options = options
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Message {
        try check(input)
        let book = AddressBook(tx, in: input.workspace)
        let to = try book.mailbox(input.to, seenFrom: input.from).address
        let from = try book.mailbox(input.from).address
        try Speaker(tx, context.actor).check(from)
        guard from != to else {
            throw DomainError(
                .invalidArgument,
                "A question to oneself is never answered: --to \(to) is the asker. Name whoever should answer.",
                details: ["field": "to"])
        }
        var message = Message(
            id: context.newShortID(), workspace: input.workspace, from: from, to: to, type: .decisionGate,
            subject: "Question", at: context.now)
        message.body = input.question
        message.payload = try payload(of: input, from: from, in: tx)
        try tx.insert(Question(message: message.id, workspace: input.workspace, asker: from, at: context.now))
        return try Post(Ledger(tx, context)).deliver(message)
    }

    private static func check(_ input: Input) throws {
        if case .group = MailAddress(input.to) {
            throw DomainError(
                .invalidArgument,
                "ask does not support group addresses; use send --type decision_gate for fan-out questions",
                details: ["field": "to"])
        }
        guard input.question.contains(where: { !$0.isWhitespace }) else {
            throw DomainError(.invalidArgument, "Missing --question", details: ["field": "question"])
        }
        try Names.checkLength(input.question, max: Limits.questionBytesMax, field: "question")
        try Names.checkCount(input.options.count, max: Limits.optionsMax, field: "options")
        for option in input.options { try Names.checkLength(option, max: Limits.textBytesMax, field: "options") }
    }

    /// The question once more, for programs; with the work it is about, when the asker has some.
    private static func payload(of input: Input, from: String, in store: any StoreReader) throws -> String {
        var members: [JSONValue.Member] = [
            .init("question", .string(input.question)), .init("options", .array(input.options.map { .string($0) })),
        ]
        if case .terminal(let id) = MailAddress(from), let record = try store.dispatches.live(in: id) {
            members.append(.init("taskId", .string(record.task.text)))
            members.append(.init("dispatchId", .string(DispatchRecord.shownID(of: record.attempt))))
        }
        return String(decoding: JSONValue.object(members).jsonBytes(), as: UTF8.self)
    }
}

/// Looks for the answer to a question, and keeps it for the caller for as long as it says that it waits. Answers the
/// answer, which stays unread until the caller has written it out; `nil` while there is none.
package enum AwaitAnswer: Command {
    package struct Input: Sendable {
        package var workspace: WorkspaceID
        package var question: String
        /// How long the caller will wait for it.
        package var waitMS: Int64

        package init(workspace: WorkspaceID, question: String, waitMS: Int64) {
            self.workspace = workspace
            self.question = question
            self.waitMS = waitMS
        }
    }

    package struct Output: Sendable {
        package var question: Question
        package var answer: Message?
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Output {
        guard var question = try tx.messages.question(MessageID(stored: input.question)),
            question.workspace == input.workspace
        else {
            throw DomainError(
                .questionNotFound,
                "There is no question '\(input.question.prefix(80))'. 'orca orchestration ask' answers the id of each "
                    + "question as threadId; a reset forgets them.",
                details: ["question": input.question])
        }
        try Speaker(tx, context.actor).check(question.asker)
        let answer = try question.answer.flatMap { try tx.messages.find($0) }
        let until = context.now.adding(milliseconds: max(0, input.waitMS) + Limits.takenMS)
        if answer?.isUnread ?? true, question.awaitedUntil.map({ $0 < until }) ?? true {
            question.awaitedUntil = until
            try tx.save(question)
        }
        return Output(question: question, answer: answer)
    }
}

/// Says that an answer has reached whoever asked.
package enum MarkAnswer: Command {
    package static func run(_ id: MessageID, in tx: any StoreTransaction, _ context: CommandContext) throws -> Message?
    {
        guard var question = try tx.messages.question(id) else { return nil }
        try Speaker(tx, context.actor).check(question.asker)
        if question.awaitedUntil != nil {
            question.awaitedUntil = nil
            try tx.save(question)
        }
        guard let answer = try question.answer.flatMap({ try tx.messages.find($0) }) else { return nil }
        return try Post(Ledger(tx, context)).note(.read, answer)
    }
}

/// Ends the questions of a terminal that has gone: nobody waits for their answers any more. Answers how many there
/// were.
package enum CloseQuestions: Command {
    package static func run(
        _ terminal: Terminal, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Int {
        let open = try tx.messages.pendingQuestions(of: terminal.id.text, in: terminal.workspace)
        for pending in open {
            var question = pending
            guard case .to(let status) = question.status.on(.closed) else { continue }
            question.status = status
            question.awaitedUntil = nil
            question.endedAt = context.now
            try tx.save(question)
        }
        return open.count
    }
}
