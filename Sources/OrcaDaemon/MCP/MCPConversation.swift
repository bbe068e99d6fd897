import OrcaAPI
import OrcaHTTP
import OrcaMCP
import OrcaProtobuf
import OrcaRuntime
import OrcaSupport

/// One POST of a client and what it is answered with: at once, or as events.
struct MCPConversation: Sendable {
    let server: MCPServer
    let runtime: Runtime
    let calls: MCPCalls
    let caller: Caller
    let requestID: String

    func answer(_ post: MCPPost) async -> PathAnswer {
        switch server.react(to: post) {
        case .answer(let status, let json, let session):
            let fields = session.map { [("Mcp-Session-Id", $0)] } ?? []
            return .whole(HTTPResponse(status: status, body: json?.jsonBytes() ?? [], fields: fields))
        case .cancel(let id, let session):
            calls.cancel(MCPCalls.Key(session: session, id: id))
            return Self.accepted
        case .reply(let id, let result, let session):
            calls.reply(MCPCalls.Key(session: session, id: id), result)
            return Self.accepted
        case .listen(let listening): return .events(events(of: listening))
        case .errand(let errand, let session):
            // Whoever wants to be told on the way, or can be asked, gets events.
            if post.takesEvents, errand.tellsProgress || errand.mayAsk { return .events(events(of: errand, session)) }
            return await whole(errand, session)
        }
    }

    private static let accepted = PathAnswer.whole(HTTPResponse(status: 202, body: []))

    // MARK: One answer

    private func whole(_ errand: MCPErrand, _ session: String?) async -> PathAnswer {
        let task = Task { await run(errand, session, nil) }
        let answer = await withTaskCancellationHandler {
            await calls.during(key(errand, session), task) { await task.value } ?? overloaded(errand)
        } onCancel: {
            task.cancel()
        }
        // HTTP wants an answer even where the client does not.
        return .whole(HTTPResponse(status: 200, body: (answer ?? canceled(errand)).jsonBytes()))
    }

    private func events(of errand: MCPErrand, _ session: String?) -> MCPEvents {
        let events = MCPEvents()
        if let beginning = errand.beginning { events.put(beginning) }
        events.follow(
            Task {
                let task = Task { await run(errand, session, events) }
                let answer = await withTaskCancellationHandler {
                    await calls.during(key(errand, session), task) { await task.value } ?? overloaded(errand)
                } onCancel: {
                    task.cancel()
                }
                if let answer { events.put(answer) }
                events.end()
            })
        return events
    }

    private func key(_ errand: MCPErrand, _ session: String?) -> MCPCalls.Key? {
        session.map { MCPCalls.Key(session: $0, id: errand.id) }
    }

    /// `nil` when no answer is wanted any more.
    private func run(_ errand: MCPErrand, _ session: String?, _ events: MCPEvents?) async -> JSONValue? {
        var errand = errand
        while true {
            let outcome = await perform(errand, events)
            if Task.isCancelled { return nil }
            switch server.next(after: errand, outcome) {
            case .answer(let progress, let answer):
                if let progress { events?.put(progress: progress) }
                return answer
            case .ask(let inquiry):
                guard let events, let session else { return canceled(errand) }
                let key = MCPCalls.Key(session: session, id: inquiry.id)
                let reply = await calls.reply(to: key, within: MCPInquiry.answerWithin) { events.put(inquiry.message) }
                errand = server.errand(after: inquiry, reply: reply)
            }
        }
    }

    private func perform(_ errand: MCPErrand, _ events: MCPEvents?) async -> Result<any ProtoMessage, APIError> {
        var context = CallContext(caller: caller, idempotencyKey: errand.idempotencyKey, requestID: requestID)
        if let events, errand.tellsProgress {
            context.onProgress = { count in
                if let progress = errand.progress(count) { events.put(progress: progress) }
            }
        }
        return await perform(errand.operation, errand.message, context)
    }

    private func perform(
        _ operation: APIOperation, _ message: any ProtoMessage, _ context: CallContext
    ) async -> Result<any ProtoMessage, APIError> {
        do {
            return .success(try await runtime.perform(operation, message, context))
        } catch {
            return .failure(error as? APIError ?? APIError(anything: error))
        }
    }

    private func canceled(_ errand: MCPErrand) -> JSONValue {
        RPCError(.internal, "The call was canceled.").answer(to: errand.id)
    }

    private func overloaded(_ errand: MCPErrand) -> JSONValue {
        RPCError(
            .invalidRequest,
            "This id is that of a call without answer, or the session has \(MCPCalls.perSessionMax) calls open. "
                + "Wait for one to end."
        ).answer(to: errand.id)
    }

    // MARK: Subscriptions

    private func events(of listening: MCPListening) -> MCPEvents {
        let events = MCPEvents()
        events.put(listening.acknowledgement)
        events.follow(
            Task {
                await withTaskGroup(of: Void.self) { group in
                    for watch in listening.watches { group.addTask { await follow(watch, events) } }
                }
            })
        return events
    }

    private func follow(_ watch: MCPWatch, _ events: MCPEvents) async {
        var watch = watch
        let context = CallContext(caller: caller, requestID: requestID)
        while !watch.isOver, !Task.isCancelled {
            let outcome = await perform(watch.operation, watch.message, context)
            if let news = watch.take(outcome), !Task.isCancelled { events.put(news) }
        }
    }
}
