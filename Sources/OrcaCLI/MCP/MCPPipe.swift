import Glibc
import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaMCP
import OrcaProtobuf
import OrcaSupport
import Synchronization

/// Moves the messages of one client between standard input, the protocol, the server and standard output.
///
/// One thread reads; every call of the API runs on a thread and over a connection of its own, so that it can be given up.
final class MCPPipe {
    /// Calls at once.
    private static let callsMax = 16
    /// How long calls may take to end after the input has ended: the client is about to kill this program.
    private static let farewell = Duration.milliseconds(1500)
    private static let chunkSize = 64 << 10

    private let server: MCPServer
    private let connect: (StopSignal) throws(APIError) -> any OrcaClient
    private let calls = MCPCalls()
    private let questions = MCPQuestions()
    private let output = MCPOutput()
    private var session = MCPSession()

    init(_ server: MCPServer, connect: @escaping (StopSignal) throws(APIError) -> any OrcaClient) {
        self.server = server
        self.connect = connect
        session.carriesQuestions = true
    }

    /// Serves until the input ends.
    func run() {
        var lines = MessageLines()
        while let bytes = Self.read() {
            for line in lines.take(bytes) { take(line) }
        }
        for line in lines.finish() { take(line) }
        questions.close()
        calls.end(within: Self.farewell)
    }

    /// What there is to read; `nil` at the end.
    private static func read() -> [UInt8]? {
        var chunk = [UInt8](repeating: 0, count: chunkSize)
        while true {
            let count = Glibc.read(0, &chunk, chunk.count)
            if count > 0 { return Array(chunk[..<count]) }
            // An input that cannot be read has ended.
            if count == 0 || errno != EINTR { return nil }
        }
    }

    // MARK: Messages

    private func take(_ line: MessageLines.Line) {
        guard case .message(let bytes) = line else {
            return refuse(.invalidRequest, "A message may have \(MCPServer.messageBytesMax) bytes; this one has more.")
        }
        let json: JSONValue
        do { json = try JSONValue(jsonBytes: bytes) } catch { return refuse(.notJSON, "This is not JSON: \(error).") }
        guard case .array(let messages) = json else {
            return handle(json) { [output] in output.send($0) }
        }
        guard session.revision?.hasBatches == true else {
            return refuse(.invalidRequest, "Only revision 2025-03-26 has batches. Send one message a line.")
        }
        guard (1...MCPServer.batchMax).contains(messages.count) else {
            return refuse(.invalidRequest, "A batch has 1 to \(MCPServer.batchMax) messages, not \(messages.count).")
        }
        let batch = MCPOpenBatch(messages.count)
        for message in messages {
            handle(message) { [output] in
                if let whole = batch.add($0) { output.send(whole) }
            }
        }
    }

    private func refuse(_ code: RPCError.Code, _ message: String) {
        output.send(RPCError(code, message).answer(to: nil))
    }

    /// Sees to one message; `deliver` gets its answer, or nothing, once.
    private func handle(_ json: JSONValue, deliver: @escaping @Sendable (JSONValue?) -> Void) {
        let message: RPCMessage
        do { message = try RPCMessage(json) } catch { return deliver(error.answer) }
        switch server.react(to: message, in: &session) {
        case .silence: deliver(nil)
        case .answer(let answer, _): deliver(answer)
        case .cancel(let id):
            calls.cancel(id)
            deliver(nil)
        case .reply(let id, let result):
            questions.reply(id, result)
            deliver(nil)
        case .errand(let errand): start(errand, deliver)
        case .listen(let listening): start(listening, deliver)
        }
    }

    /// Why it cannot be taken up; `nil` when it is.
    private func begin(_ id: RPCID, _ stop: StopSignal, isEndless: Bool = false) -> JSONValue? {
        switch calls.begin(id, stop, isEndless: isEndless, atMost: Self.callsMax) {
        case .inUse:
            RPCError(.invalidRequest, "This id is that of a request without answer. Use another.").answer(to: id)
        case .tooMany:
            RPCError(.internal, "\(Self.callsMax) calls are running; that is the most. Wait for one to end.")
                .answer(to: id)
        case .begun: nil
        }
    }

    private func start(_ errand: MCPErrand, _ deliver: @escaping @Sendable (JSONValue?) -> Void) {
        let stop = StopSignal()
        if let refusal = begin(errand.id, stop) { return deliver(refusal) }
        do {
            let client = try connect(stop)
            if let beginning = errand.beginning { output.send(beginning) }
            // It ends with its body; `calls` knows when.
            _ = try ManagedThread("orca-mcp-call") { [server, calls, questions, output] in
                let answer = Self.answer(to: errand, server, client, stop, questions, output)
                // After a cancellation no answer is wanted.
                deliver(stop.isRaised ? nil : answer)
                calls.leave(errand.id)
            }
        } catch {
            let reason = (error as? APIError) ?? APIError("overloaded", .resourceExhausted, "No thread: \(error).")
            if case .answer(_, let answer) = server.next(after: errand, .failure(reason)) { deliver(answer) }
            calls.leave(errand.id)
        }
    }

    /// Runs errands and asks questions until there is an answer.
    private static func answer(
        to errand: MCPErrand, _ server: MCPServer, _ client: any OrcaClient, _ stop: StopSignal,
        _ questions: MCPQuestions, _ output: MCPOutput
    ) -> JSONValue? {
        var errand = errand
        while !stop.isRaised {
            let outcome = perform(errand.operation, errand.message, errand.idempotencyKey, client)
            switch server.next(after: errand, outcome) {
            case .answer(let progress, let answer):
                if let progress, !stop.isRaised { output.send(progress) }
                return answer
            case .ask(let inquiry):
                guard !stop.isRaised else { return nil }
                let reply = questions.reply(to: inquiry.id, within: MCPInquiry.answerWithin, stop) {
                    output.send(inquiry.message)
                }
                errand = server.errand(after: inquiry, reply: reply)
            }
        }
        return nil
    }

    /// Follows what a subscription is about, each on a thread of its own, until it is cancelled or the input ends.
    private func start(_ listening: MCPListening, _ deliver: @escaping @Sendable (JSONValue?) -> Void) {
        let stop = StopSignal()
        if let refusal = begin(listening.id, stop, isEndless: true) { return deliver(refusal) }
        output.send(listening.acknowledgement)
        for watch in listening.watches {
            do {
                let client = try connect(stop)
                // It ends when the signal is raised, which ends its connection.
                _ = try ManagedThread("orca-mcp-watch") { [output] in Self.follow(watch, client, stop, output) }
            } catch {
                let reason = RPCError(.internal, "What was asked for cannot be followed: \(error).")
                calls.cancel(listening.id)
                return deliver(reason.answer(to: listening.id))
            }
        }
    }

    private static func follow(_ watch: MCPWatch, _ client: any OrcaClient, _ stop: StopSignal, _ output: MCPOutput) {
        var watch = watch
        while !watch.isOver, !stop.isRaised {
            let news = watch.take(perform(watch.operation, watch.message, nil, client))
            if let news, !stop.isRaised { output.send(news) }
        }
    }

    private static func perform(
        _ operation: APIOperation, _ message: any ProtoMessage, _ key: String?, _ client: any OrcaClient
    ) -> Result<any ProtoMessage, APIError> {
        do {
            return .success(try client.perform(operation, message, idempotencyKey: key))
        } catch {
            return .failure(error)
        }
    }
}

/// The requests that have no answer yet. Safe on any thread.
private final class MCPCalls: Sendable {
    enum Beginning { case begun, inUse, tooMany }

    private struct Call {
        let stop: StopSignal
        /// It goes on until it is cancelled, and has no answer then.
        let isEndless: Bool
    }

    private let open = Mutex<[RPCID: Call]>([:])
    private let wake = Wakeup()

    func begin(_ id: RPCID, _ stop: StopSignal, isEndless: Bool, atMost most: Int) -> Beginning {
        open.withLock { open in
            if open[id] != nil { return .inUse }
            if open.count >= most { return .tooMany }
            open[id] = Call(stop: stop, isEndless: isEndless)
            return .begun
        }
    }

    /// Unknown ids are those of requests that have their answer.
    func cancel(_ id: RPCID) {
        open.withLock { open in
            defer { if open[id]?.isEndless == true { open[id] = nil } }
            return open[id]?.stop
        }?.raise()
    }

    /// The answer has been sent, or will never be.
    func leave(_ id: RPCID) {
        _ = open.withLock { $0.removeValue(forKey: id) }
        wake.ring()
    }

    func end(within patience: Duration) {
        for (id, call) in open.withLock({ $0 }) where call.isEndless { cancel(id) }
        let deadline = Deadline.after(patience)
        while !open.withLock({ $0.isEmpty }), !deadline.hasPassed {
            wake.hear(until: deadline)
        }
        for call in open.withLock({ Array($0.values) }) { call.stop.raise() }
    }
}

/// Questions that were put to the client and have no answer yet. Safe on any thread.
private final class MCPQuestions: Sendable {
    private final class Question: Sendable {
        let wake = Wakeup()
        let answer = Mutex<JSONValue??>(nil)
    }

    private let open = Mutex<(isClosed: Bool, questions: [RPCID: Question])>((false, [:]))

    /// What the client answers; `nil` when it answers with an error, not in time, or not any more.
    func reply(to id: RPCID, within patience: Duration, _ stop: StopSignal, _ send: () -> Void) -> JSONValue? {
        let question = Question()
        let isOpen = open.withLock { open in
            if !open.isClosed { open.questions[id] = question }
            return !open.isClosed
        }
        guard isOpen else { return nil }
        send()
        let deadline = Deadline.after(patience)
        while !deadline.hasPassed {
            if let answer = question.answer.withLock({ $0 }) { return answer }
            _ = Poll.readable([question.wake.descriptor, stop.descriptor], until: deadline)
            if stop.isRaised { break }
        }
        open.withLock { _ = $0.questions.removeValue(forKey: id) }
        return nil
    }

    /// Answers to what was not asked are dropped.
    func reply(_ id: RPCID, _ result: JSONValue?) {
        guard let question = open.withLock({ $0.questions.removeValue(forKey: id) }) else { return }
        question.answer.withLock { $0 = .some(result) }
        question.wake.ring()
    }

    /// Nobody is there any more who could answer.
    func close() {
        let questions = open.withLock { open in
            defer { open = (true, [:]) }
            return open.questions.values.map { $0 }
        }
        for question in questions {
            question.answer.withLock { $0 = .some(nil) }
            question.wake.ring()
        }
    }
}

private final class MCPOpenBatch: Sendable {
    private let batch: Mutex<MCPBatch>

    init(_ count: Int) { batch = Mutex(MCPBatch(count)) }

    func add(_ answer: JSONValue?) -> JSONValue? { batch.withLock { $0.add(answer) } }
}

/// Standard output: whole messages, one a line, from any thread.
private final class MCPOutput: Sendable {
    private let turn = Mutex(())

    func send(_ message: JSONValue?) {
        guard let message else { return }
        let bytes = message.jsonBytes() + [0x0A]
        turn.withLock { _ in
            var done = 0
            while done < bytes.count {
                let count = bytes.withUnsafeBytes { Glibc.write(1, $0.baseAddress! + done, $0.count - done) }
                if count >= 0 {
                    done += count
                } else if errno == EAGAIN {
                    var entry = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
                    poll(&entry, 1, -1)
                } else if errno != EINTR {
                    // The client is gone; nothing can be said to it.
                    _exit(0)
                }
            }
        }
    }
}
