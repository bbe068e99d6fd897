import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore
import OrcaSupport

extension HandlerTable {
    mutating func addMessages() {
        write(Operations.sendMessage, need: .attempt) { request, tx, context in
            try Self.send(request, tx, context)
        }
        write(Operations.replyMessage, need: .attempt) { request, tx, context in
            let workspace = try Lookup(tx).workspace(request.workspace, for: context.actor).id
            let input = ReplyMessage.Input(
                workspace: workspace, message: request.message, from: request.from, body: request.body)
            let answer = try ReplyMessage.run(input, in: tx, context)
            return .with { $0.message = OrcaV1.Message(answer) }
        }
        custom(Operations.takeMessages, need: .attempt) { request, invocation in
            try await MailWait(invocation).take(request)
        }
        custom(Operations.markMessages, need: .attempt) { request, invocation in
            try await Self.mark(request, invocation)
        }
        read(Operations.listMessages) { request, store, context in
            try Self.list(request, store, context)
        }
        write(Operations.resetOrchestration) { request, tx, context in
            try Self.reset(request, tx, context)
        }
    }

    mutating func addQuestions() {
        write(Operations.askQuestion, need: .attempt) { request, tx, context in
            let workspace = try Lookup(tx).workspace(request.workspace, for: context.actor).id
            let input = AskQuestion.Input(
                workspace: workspace, from: try Self.speaker(request.from, context.actor), to: request.to,
                question: request.question, options: request.options)
            let message = try AskQuestion.run(input, in: tx, context)
            return .with { $0.message = OrcaV1.Message(message) }
        }
        read(Operations.listQuestions) { request, store, context in
            try Self.openQuestions(request, store, context)
        }
        custom(Operations.awaitAnswer, need: .attempt) { request, invocation in
            try await MailWait(invocation).answer(request)
        }
        custom(Operations.markAnswer, need: .attempt) { request, invocation in
            let answer = try await invocation.runtime.store.write { tx in
                try MarkAnswer.run(MessageID(stored: request.question), in: tx, invocation.context())
            }
            return .with { $0.answer = answer.map { OrcaV1.Message($0) } }
        }
    }

    private static func openQuestions(
        _ request: OrcaV1.ListQuestionsRequest, _ store: any StoreReader, _ context: CommandContext
    ) throws -> OrcaV1.ListQuestionsResponse {
        let workspace = try Lookup(store).workspace(request.workspace, for: context.actor).id
        let limit = try Cursor.page(limit: request.limit, cursor: "").limit
        let recipient =
            request.recipient.isEmpty
            ? "" : try AddressBook(store, in: workspace).mailbox(request.recipient).address
        let found = try store.messages.openQuestions(in: workspace, limit: Limits.pageRowsMax)
            .compactMap { try store.messages.find($0.message) }
            .filter { recipient.isEmpty || $0.to == recipient }
        return try .with {
            $0.questions = try found.prefix(limit).map { try OrcaV1.OpenQuestion($0, in: store) }
        }
    }

    private static func speaker(_ named: String, _ actor: Actor) throws -> String {
        if !named.isEmpty { return named }
        guard let own = actor.terminal else {
            throw DomainError(.invalidArgument, "Missing --from", details: ["field": "from"])
        }
        return own.text
    }

    private static func send(
        _ request: OrcaV1.SendMessageRequest, _ tx: any StoreTransaction, _ context: CommandContext
    ) throws -> OrcaV1.SendMessageResponse {
        let workspace = try Lookup(tx).workspace(request.workspace, for: context.actor).id
        var input = SendMessage.Input(
            workspace: workspace, from: try speaker(request.from, context.actor), to: request.to,
            subject: request.subject)
        input.type = try Words.domain(request.type, or: .status, field: "type")
        input.priority = try Words.domain(request.priority, or: .normal, field: "priority")
        input.body = request.body
        input.payload = request.payload
        input.thread = request.thread
        input.outcome = try Words.domain(request.outcome, or: .succeeded, field: "outcome")
        if !request.run.isEmpty { input.run = try Lookup(tx).run(request.run, in: workspace).id }
        let output = try SendMessage.run(input, in: tx, context)
        return .with {
            $0.messages = output.messages.map { OrcaV1.Message($0) }
            $0.gone = zip(output.messages, output.states).filter { $0.1 == .gone }.map(\.0.to)
            $0.lifecycle = output.lifecycle.map { OrcaV1.Lifecycle($0) }
            $0.isGroup = output.isGroup
        }
    }

    /// Marking twice is the same as marking once, so no reply needs to be kept.
    private static func mark(
        _ request: OrcaV1.MarkMessagesRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.MarkMessagesResponse {
        let marked = try await invocation.runtime.store.write { tx in
            let context = invocation.context()
            var input = MarkMessages.Input(
                workspace: try Lookup(tx).workspace(request.workspace, for: context.actor).id,
                recipient: request.recipient, delivery: request.delivery, isAcknowledged: request.acknowledge)
            input.messages = Set(request.messages.map { MessageID(stored: $0) })
            return try MarkMessages.run(input, in: tx, context)
        }
        return .with { $0.messages = marked.map { OrcaV1.Message($0) } }
    }

    private static func list(
        _ request: OrcaV1.ListMessagesRequest, _ store: any StoreReader, _ context: CommandContext
    ) throws -> OrcaV1.ListMessagesResponse {
        let workspace = try Lookup(store).workspace(request.workspace, for: context.actor).id
        let limit = try Cursor.page(limit: request.limit, cursor: "").limit
        let messages: [Message]
        if request.thread.isEmpty {
            let recipient =
                request.recipient.isEmpty
                ? "" : try AddressBook(store, in: workspace).mailbox(request.recipient).address
            messages = try store.messages.newest(
                to: recipient, in: workspace, before: request.before > 0 ? request.before : .max, limit: limit)
        } else {
            messages = try store.messages.thread(request.thread, in: workspace, limit: limit)
        }
        return .with {
            $0.messages = messages.map { OrcaV1.Message($0) }
            $0.formatted = MailBlock.banners(messages)
        }
    }

    private static func reset(
        _ request: OrcaV1.ResetOrchestrationRequest, _ tx: any StoreTransaction, _ context: CommandContext
    ) throws -> OrcaV1.ResetOrchestrationResponse {
        guard let scope: ResetOrchestration.Scope = try Words.optional(request.scope, field: "scope") else {
            throw DomainError(
                .invalidArgument, "Choose exactly one reset scope: --all, --tasks, or --messages.",
                details: ["field": "scope"])
        }
        let workspace = try Lookup(tx).workspace(request.workspace, for: context.actor).id
        // Before its first task there is no project, and nothing to clear in it.
        let project = try tx.projects.find(key: request.project, in: workspace)
        let output = try ResetOrchestration.run(
            ResetOrchestration.Input(workspace: workspace, project: project, scope: scope), in: tx, context)
        return .with {
            $0.messages = Int32(clamping: output.messages)
            $0.tasks = Int32(clamping: output.tasks)
        }
    }
}

/// Waiting for mail. A waiter costs nothing while nothing happens: the event feed wakes those whose address stands in
/// an event, and no others.
struct MailWait: Sendable {
    private let invocation: Invocation

    init(_ invocation: Invocation) {
        self.invocation = invocation
    }

    private var store: any Store { invocation.runtime.store }

    func take(_ request: OrcaV1.TakeMessagesRequest) async throws -> OrcaV1.TakeMessagesResponse {
        let invocation = invocation
        let types = try Set(
            request.types.map { type -> MessageType in try Words.domain(type, or: .status, field: "types") })
        let (workspace, recipient) = try await store.read { store in
            let workspace = try Lookup(store).workspace(request.workspace, for: invocation.actor).id
            return (workspace, try AddressBook(store, in: workspace).mailbox(request.recipient).address)
        }
        var input = TakeMessages.Input(workspace: workspace, recipient: recipient, delivery: request.delivery)
        input.types = types
        if request.hold { input.heldMS = Limits.heldMS }
        let wanted = input
        let poll = poll(workspace, recipient, waitMS: request.waitMs)
        let comesBack = { @Sendable () async throws -> Timestamp? in
            try await store.read { try PeekMessages.next(wanted, in: $0, invocation.context()) }
        }
        let found = try await poll.answer(next: comesBack) { () async throws -> [Message]? in
            let messages = try await once(wanted, peeks: request.peek)
            return messages.isEmpty ? nil : messages
        }
        return .with {
            $0.messages = (found ?? []).map { OrcaV1.Message($0) }
            $0.formatted = MailBlock.banners(found ?? [])
        }
    }

    /// Looks before it takes: of hundreds that are woken for nothing, none waits for the one writer.
    private func once(_ input: TakeMessages.Input, peeks: Bool) async throws -> [Message] {
        let invocation = invocation
        let seen = try await store.read { store in
            let again = peeks ? [] : try store.messages.taken(by: input.delivery).filter(\.isUnread)
            return try again.isEmpty ? PeekMessages.run(input, in: store, invocation.context()) : again
        }
        guard !seen.isEmpty, !peeks else { return seen }
        return try await store.write { tx in
            // Whoever has hung up takes nothing.
            try Task.checkCancellation()
            return try TakeMessages.run(input, in: tx, invocation.context())
        }
    }

    func answer(_ request: OrcaV1.AwaitAnswerRequest) async throws -> OrcaV1.AwaitAnswerResponse {
        let invocation = invocation
        let workspace = try await store.read { store in
            try Lookup(store).workspace(request.workspace, for: invocation.actor).id
        }
        let input = AwaitAnswer.Input(
            workspace: workspace, question: request.question,
            waitMS: min(Int64(request.waitMs), Limits.waitMaxMS))
        let first = try await store.write { try AwaitAnswer.run(input, in: $0, invocation.context()) }
        if first.answer != nil || request.waitMs <= 0 { return response(first.question, first.answer) }
        let poll = poll(workspace, first.question.asker, waitMS: request.waitMs)
        let found = try await poll.answer { () async throws -> (Question, Message)? in
            try await store.read { store in
                guard let question = try store.messages.question(first.question.message) else {
                    throw DomainError(
                        .questionNotFound,
                        "The question \(first.question.message) is gone: a reset has cleared the mail. Ask again.",
                        details: ["question": first.question.message.text])
                }
                return try question.answer.flatMap { try store.messages.find($0) }.map { (question, $0) }
            }
        }
        return response(found?.0 ?? first.question, found?.1)
    }

    private func response(_ question: Question, _ answer: Message?) -> OrcaV1.AwaitAnswerResponse {
        .with {
            $0.status = Words.api(question.status)
            $0.answer = answer.map { OrcaV1.Message($0) }
        }
    }

    private func poll(_ workspace: WorkspaceID, _ recipient: String, waitMS: Int32) -> LongPoll {
        var filter = EventFilter(workspace: workspace)
        // What somebody else has read lets the newer mail of its thread go.
        filter.types = [.messageSent, .messageRead, .orchestrationReset]
        var writer = JSONWriter()
        writer.string(recipient)
        filter.mention = writer.text
        return LongPoll(runtime: invocation.runtime, filter: filter, waitMS: Int64(max(0, waitMS)))
    }
}
