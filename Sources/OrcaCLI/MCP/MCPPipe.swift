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
    private let output = MCPOutput()
    private var session = MCPSession()

    init(_ server: MCPServer, connect: @escaping (StopSignal) throws(APIError) -> any OrcaClient) {
        self.server = server
        self.connect = connect
    }

    /// Serves until the input ends.
    func run() {
        var lines = MessageLines()
        while let bytes = Self.read() {
            for line in lines.take(bytes) { take(line) }
        }
        for line in lines.finish() { take(line) }
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
        case .errand(let errand): start(errand, deliver)
        }
    }

    private func start(_ errand: MCPErrand, _ deliver: @escaping @Sendable (JSONValue?) -> Void) {
        let stop = StopSignal()
        switch calls.begin(errand.id, stop, atMost: Self.callsMax) {
        case .inUse:
            return deliver(
                RPCError(.invalidRequest, "This id is that of a request without answer. Use another.").answer(
                    to: errand.id))
        case .tooMany:
            return deliver(
                RPCError(.internal, "\(Self.callsMax) calls are running; that is the most. Wait for one to end.")
                    .answer(
                        to: errand.id))
        case .begun: break
        }
        do {
            let client = try connect(stop)
            if let beginning = errand.beginning { output.send(beginning) }
            // It ends with its body; `calls` knows when.
            _ = try ManagedThread("orca-mcp-call") { [server, calls, output] in
                let answers = server.answers(to: errand, Self.perform(errand, client))
                // After a cancellation no answer is wanted.
                if !stop.isRaised { for progress in answers.dropLast() { output.send(progress) } }
                deliver(stop.isRaised ? nil : answers.last)
                calls.leave(errand.id)
            }
        } catch {
            let reason = (error as? APIError) ?? APIError("overloaded", .resourceExhausted, "No thread: \(error).")
            deliver(server.answers(to: errand, .failure(reason)).last)
            calls.leave(errand.id)
        }
    }

    private static func perform(
        _ errand: MCPErrand, _ client: any OrcaClient
    ) -> Result<any ProtoMessage, APIError> {
        do {
            return .success(
                try client.perform(errand.operation, errand.message, idempotencyKey: errand.idempotencyKey))
        } catch {
            return .failure(error)
        }
    }
}

/// The requests that have no answer yet. Safe on any thread.
private final class MCPCalls: Sendable {
    enum Beginning { case begun, inUse, tooMany }

    private let open = Mutex<[RPCID: StopSignal]>([:])
    private let wake = Wakeup()

    func begin(_ id: RPCID, _ stop: StopSignal, atMost most: Int) -> Beginning {
        open.withLock { open in
            if open[id] != nil { return .inUse }
            if open.count >= most { return .tooMany }
            open[id] = stop
            return .begun
        }
    }

    /// Unknown ids are those of requests that have their answer.
    func cancel(_ id: RPCID) { open.withLock { $0[id] }?.raise() }

    /// The answer has been sent, or will never be.
    func leave(_ id: RPCID) {
        _ = open.withLock { $0.removeValue(forKey: id) }
        wake.ring()
    }

    func end(within patience: Duration) {
        let deadline = Deadline.after(patience)
        while !open.withLock({ $0.isEmpty }), !deadline.hasPassed {
            wake.hear(until: deadline)
        }
        for stop in open.withLock({ Array($0.values) }) { stop.raise() }
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
