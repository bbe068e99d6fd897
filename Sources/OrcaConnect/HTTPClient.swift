import Glibc
package import OrcaAPI
import OrcaDomain
package import OrcaProtobuf
import OrcaSupport
import OrcaTLS
import Synchronization

/// A client of the REST API over a unix socket or TCP, with connections that are kept and used again.
///
/// A connection that breaks is replaced, and the request sent again when that cannot do harm: reads, and writes, which
/// all carry an idempotency key.
package final class HTTPClient: OrcaClient {
    private let options: ConnectOptions
    private let address: SocketAddress
    private let token: String?
    /// Read once: the system's authorities are many.
    private let tls: TLSContext?
    private let embedded: EmbeddedServer?
    private let idle = Mutex<[Socket]>([])
    private let hasConnected = Atomic(false)

    /// Milliseconds one call may take unless the options say otherwise.
    package static let timeoutMSDefault = 60_000
    /// Bytes of one answer.
    static let bodyBytesMax = 64 << 20
    /// Times a request is sent.
    static let triesMax = 4
    /// Connections kept for later.
    static let idleMax = 16

    package init(_ options: ConnectOptions) throws(APIError) {
        if case .embedded(let database) = options.endpoint {
            let server = EmbeddedServer(options, database: database)
            embedded = server
            self.options = server.options
        } else {
            embedded = nil
            self.options = options
        }
        let options = self.options
        address = try options.address()
        token = try options.bearer()
        tls = try Self.tls(address, options.trust)
    }

    private static func tls(_ address: SocketAddress, _ trust: TLSTrust) throws(APIError) -> TLSContext? {
        guard case .tls = address else { return nil }
        do throws(TLSError) {
            return try .client(trust)
        } catch {
            throw ServerConnector.explain(.untrusted(error.description), address)
        }
    }

    package func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, idempotencyKey: String?
    ) throws(APIError) -> any ProtoMessage {
        let key = operation.isRead ? nil : idempotencyKey ?? Self.newKey()
        let deadline = Deadline.after(.milliseconds(timeoutMS))
        let bytes = try encode(operation, request, key, accept: "application/json")
        var attempt = 1
        while true {
            var (socket, isFresh) = try connection(deadline)
            socket.stop = options.stop
            let answer: Answer
            do throws(TransportError) {
                answer = try Self.exchange(&socket, bytes, deadline)
            } catch {
                guard case .broken = error, attempt < Self.triesMax else {
                    throw ServerConnector.explain(error, address)
                }
                // A kept connection may have ended between two calls; only a fresh one that breaks is a reason to wait.
                if isFresh { poll(nil, 0, Int32(20 << attempt)) }
                attempt += 1
                continue
            }
            if answer.head.keepsConnection { keep(socket) }
            return try decode(operation, answer)
        }
    }

    package func open(_ operation: APIOperation, _ request: any ProtoMessage) throws(APIError) -> any ClientStream {
        let deadline = Deadline.after(.milliseconds(timeoutMS))
        let bytes = try encode(operation, request, nil, accept: "text/event-stream")
        var socket = try fresh(deadline)
        let answer: Answer
        do throws(TransportError) {
            try socket.send(bytes, until: deadline)
            let head = try HTTPResponseHead.read(&socket, until: deadline)
            if head.status == 200 { return HTTPStream(socket, head, operation.responseType) }
            answer = try Self.rest(&socket, head, deadline)
        } catch {
            throw ServerConnector.explain(error, address)
        }
        throw WireError.decode(answer.body, status: answer.head.status)
    }

    /// The socket of a server that only this client knows; `nil` when there is none.
    package var embeddedSocket: String? { embedded?.options.places.socket }

    private var timeoutMS: Int { options.timeoutMS ?? Self.timeoutMSDefault }

    // MARK: Connections

    private func connection(_ deadline: Deadline) throws(APIError) -> (socket: Socket, isFresh: Bool) {
        while let kept = idle.withLock({ $0.popLast() }) {
            if !kept.isStale { return (kept, false) }
        }
        return (try fresh(deadline), true)
    }

    private func fresh(_ deadline: Deadline) throws(APIError) -> Socket {
        try embedded?.start()
        let isFirst = !hasConnected.exchange(true, ordering: .acquiringAndReleasing)
        let connector = ServerConnector(options: options, tls: tls) { (socket) throws(APIError) in
            try self.stopIfAutoStarted(socket)
        }
        return try connector.connect(isFirst: isFirst, until: deadline)
    }

    private func keep(_ socket: Socket) {
        idle.withLock { if $0.count < Self.idleMax { $0.append(socket) } }
    }

    // MARK: Messages

    private func encode(
        _ operation: APIOperation, _ request: any ProtoMessage, _ key: String?, accept: String
    ) throws(APIError) -> [UInt8] {
        let call = try Routing.call(operation, request)
        var head =
            "\(call.method.rawValue) \(call.target) HTTP/1.1\r\nHost: \(address.hostHeader)\r\nAccept: \(accept)\r\n"
        func header(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            head += "\(name): \(Self.headerText(value))\r\n"
        }
        header("Authorization", token.map { "Bearer \($0)" })
        header("Idempotency-Key", key)
        header("X-Orca-Caller", options.callerName)
        header("X-Request-Id", options.requestID)
        // A stream lasts as long as somebody reads it.
        if !operation.serverStreaming { header("X-Orca-Timeout-Ms", String(timeoutMS)) }
        if let body = call.body {
            head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
            return Array(head.utf8) + body
        }
        if call.method != .get { head += "Content-Length: 0\r\n" }
        return Array((head + "\r\n").utf8)
    }

    private struct Answer {
        var head: HTTPResponseHead
        var body: [UInt8]
    }

    private static func exchange(
        _ socket: inout Socket, _ bytes: [UInt8], _ deadline: Deadline
    ) throws(TransportError) -> Answer {
        try socket.send(bytes, until: deadline)
        return try rest(&socket, HTTPResponseHead.read(&socket, until: deadline), deadline)
    }

    private static func rest(
        _ socket: inout Socket, _ head: HTTPResponseHead, _ deadline: Deadline
    ) throws(TransportError) -> Answer {
        var reader = HTTPBodyReader(head)
        return Answer(head: head, body: try reader.all(&socket, limit: bodyBytesMax, until: deadline))
    }

    private func decode(_ operation: APIOperation, _ answer: Answer) throws(APIError) -> any ProtoMessage {
        guard (200..<300).contains(answer.head.status) else { throw refusal(answer) }
        do {
            let body = answer.body.isEmpty ? [0x7B, 0x7D] : answer.body
            return try operation.responseType.init(jsonBytes: body, unknownFields: .skip)
        } catch {
            throw APIError(
                "unreadable_answer", .unavailable,
                "The answer from \(address) is not one of Orca's (\(error.description)). Compare 'orca version' with 'orca status'."
            )
        }
    }

    /// The server's error; to one about a missing token, how to give it one.
    private func refusal(_ answer: Answer) -> APIError {
        var error = WireError.decode(answer.body, status: answer.head.status)
        if error.category == .unauthenticated, token == nil {
            error.message += " Have one made there, and set $ORCA_TOKEN_FILE to a file with it."
        }
        return error
    }

    /// A value that cannot end its header line.
    private static func headerText(_ value: String) -> String {
        String(String.UnicodeScalarView(value.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }

    /// 26 characters: the time, then 79 random bits.
    package static func newKey() -> String {
        // Time first: keys that are stored one after the other then stand side by side in the server's table, and a
        // commit writes one page of it instead of one for each key.
        var generator = SystemRandomNumberGenerator()
        var maker = OrderedIdentifierMaker()
        return maker.next(milliseconds: SystemTime.wallMilliseconds(), random: &generator)
    }

    // MARK: Handing over

    /// Asks over the given connection, so that no other one is opened on the way.
    private func stopIfAutoStarted(_ socket: Socket) throws(APIError) -> Bool {
        var socket = socket
        let info = try ask(&socket, Operations.getServerInfo.erased, OrcaV1.GetServerInfoRequest())
        guard let server = (info as? OrcaV1.GetServerInfoResponse)?.server, server.autoStarted else { return false }
        var stop = OrcaV1.StopServerRequest()
        stop.reason = "a client of version \(ProductVersion.current) starts its own"
        _ = try ask(&socket, Operations.stopServer.erased, stop)
        return true
    }

    private func ask(
        _ socket: inout Socket, _ operation: APIOperation, _ request: any ProtoMessage
    ) throws(APIError) -> any ProtoMessage {
        let bytes = try encode(operation, request, operation.isRead ? nil : Self.newKey(), accept: "application/json")
        let answer: Answer
        do throws(TransportError) {
            answer = try Self.exchange(&socket, bytes, .after(.seconds(10)))
        } catch {
            throw ServerConnector.explain(error, address)
        }
        return try decode(operation, answer)
    }
}
