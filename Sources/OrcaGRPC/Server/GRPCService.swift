import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Synchronization

/// From calls to operations and back. Knows the catalogue and a performer, and nothing behind it.
final class GRPCService: RPCService {
    let performer: any Performer
    let hooks: GRPCServerHooks
    let limits: GRPCLimits
    let metrics = GRPCMetrics()
    let streams = OpenStreams()
    let reflection = ReflectionService()
    private let names = RequestNames()
    private let operations: [String: APIOperation]

    init(performer: any Performer, hooks: GRPCServerHooks, limits: GRPCLimits) {
        self.performer = performer
        self.hooks = hooks
        self.limits = limits
        operations = Dictionary(
            uniqueKeysWithValues: Operations.all.map { (GRPCNames.path(of: $0), $0) })
    }

    /// Ends all streams and takes no new ones; calls in flight go on.
    func beginStopping() { streams.close() }

    /// One call on its way through the service.
    struct Exchange: Sendable {
        let call: RPCCall
        let id: String
    }

    func handle(_ call: RPCCall, _ message: [UInt8]?) {
        let exchange = Exchange(call: call, id: names.name(own: call.text("x-request-id")))
        call.addHeader("x-request-id", exchange.id)
        let operation = operations[call.method]
        let name = operation?.name ?? (Self.builtIns.contains(call.method) ? call.method : "none")
        guard metrics.enter(max: limits.callsMax) else {
            call.finish(StatusDetails.status(Self.overloaded))
            return
        }
        let answer: @Sendable () async throws -> Void
        do throws(APIError) {
            if call.timeoutMS == 0 { throw Self.ended(.timeOver) }
            if let operation {
                let context = try context(of: exchange)
                let request = try decode(message, operation)
                answer = { try await self.serve(operation, request, context, exchange) }
            } else if Self.builtIns.contains(call.method) {
                let message = try check(message)
                answer = { try await self.serveBuiltIn(message, exchange) }
            } else {
                throw APIError(
                    "no_such_operation", .notFound,
                    "Nothing is served as \(call.method); ask the reflection service what is.")
            }
        } catch {
            finish(exchange, name, error)
            return
        }
        call.run {
            do {
                try await answer()
                self.metrics.leave(operation: name, code: .ok)
            } catch {
                self.finish(exchange, name, error)
            }
            call.forget()
        }
    }

    private func finish(_ exchange: Exchange, _ name: String, _ error: any Error) {
        let status = StatusDetails.status(told(error, name, exchange))
        exchange.call.finish(status)
        metrics.leave(operation: name, code: status.code)
    }

    // MARK: Operations

    private func serve(
        _ operation: APIOperation, _ request: any ProtoMessage, _ context: CallContext, _ exchange: Exchange
    ) async throws {
        guard operation.serverStreaming else {
            let response = try await performer.perform(operation, request, context)
            exchange.call.finish(message: response.wireBytes())
            return
        }
        guard !streams.isClosed else { throw Self.stopping }
        let stream = try await performer.open(operation, request, context)
        try await forward(stream, exchange)
    }

    /// Sends what a stream yields until it ends, the client leaves, or the server stops.
    private func forward(_ stream: any ResponseStream, _ exchange: Exchange) async throws {
        let call = exchange.call
        defer { stream.cancel() }
        guard let ticket = streams.add({ stream.cancel() }) else { throw Self.stopping }
        defer { streams.remove(ticket) }
        metrics.streamOpened()
        defer { metrics.streamClosed() }
        call.addHeader(GRPCNames.streamHeader, "open")
        call.sendHead()
        try await withTaskCancellationHandler {
            while let messages = try await stream.next() {
                metrics.countStreamed(messages.count)
                for (index, message) in messages.enumerated() {
                    guard await call.write(message.wireBytes(), more: index + 1 < messages.count) else {
                        throw CancellationError()
                    }
                }
            }
        } onCancel: {
            stream.cancel()
        }
        if let end = call.end { throw Self.ended(end) }
        call.finish()
    }

    private func decode(_ message: [UInt8]?, _ operation: APIOperation) throws(APIError) -> any ProtoMessage {
        let bytes = try check(message)
        do {
            return try operation.requestType.init(
                wireBytes: bytes, limits: ProtoLimits(bytesMax: limits.messageBytesMax))
        } catch {
            throw APIError(error)
        }
    }

    private func check(_ message: [UInt8]?) throws(APIError) -> [UInt8] {
        guard let message else {
            throw CallFields.badRequest("The call ended before its message came; send one.")
        }
        guard message.count <= limits.messageBytesMax else {
            throw APIError(
                "body_too_large", .invalidArgument,
                "The body is larger than \(limits.messageBytesMax) bytes; send less at once.")
        }
        return message
    }

    // MARK: Headers

    private func context(of exchange: Exchange) throws(APIError) -> CallContext {
        let call = exchange.call
        let plain = try call.single("x-orca-caller")
        let name = try CallFields.callerName(plain == nil ? call.single("x-orca-caller-bin") : plain)
        let caller = try CallFields.caller(
            authorization: call.single("authorization"), name: name, isOwners: call.isOwners, over: "TCP")
        return CallContext(
            caller: caller, idempotencyKey: try CallFields.idempotencyKey(call.single("idempotency-key")),
            requestID: exchange.id,
            timeoutMS: call.timeoutMS.map { Int(min(max(1, $0), Int64(CallFields.timeoutMSMax))) })
    }

    // MARK: Errors

    private func told(_ error: any Error, _ name: String, _ exchange: Exchange) -> APIError {
        if let end = exchange.call.end { return Self.ended(end) }
        switch error {
        case let error as APIError: return error
        case is CancellationError: return Self.ended(.clientLeft)
        default:
            hooks.reportInternalError(name, exchange.id, error)
            return APIError(
                "internal", .internal,
                "The server failed on this request; its log tells why, under \(exchange.id).")
        }
    }

    /// The error of a call that was cancelled.
    private static func ended(_ end: RPCCall.End) -> APIError {
        switch end {
        case .timeOver:
            APIError("deadline_exceeded", .deadlineExceeded, "The time that the call's deadline gave is over.")
        case .stopping: stopping
        case .tooSlow:
            APIError(
                "too_slow", .unavailable,
                "The client took too long to send its message or to take the server's; follow again from the last sequence."
            )
        case .clientLeft: APIError("canceled", .unavailable, "The request was given up before it was done.")
        }
    }

    private static let stopping = APIError(
        "stopping", .unavailable, "The server is stopping; try again in a moment.")
    private static let overloaded = APIError(
        "overloaded", .resourceExhausted, "The server has too many calls in flight; try again in a moment.",
        details: ["retry_after_ms": "1000"])
}

/// Names of the protocol.
enum GRPCNames {
    /// `/orca.v1.TaskService/ClaimTask`
    static func path(of operation: APIOperation) -> String { "/orca.v1.\(operation.service)/\(operation.name)" }

    /// In the head of a stream that is open: tells it from one that ended at once.
    static let streamHeader = "x-orca-stream"
}

extension RPCCall {
    /// A header as text; `nil` when it is not there. Several values are none that a caller could have meant.
    func single(_ name: String) throws(APIError) -> String? {
        let values = header(name)
        guard values.count <= 1 else { throw CallFields.badRequest("\(name) is there \(values.count) times.") }
        return values.first.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The first value of a header.
    func text(_ name: String) -> String? { header(name).first.map { String(decoding: $0, as: UTF8.self) } }
}
