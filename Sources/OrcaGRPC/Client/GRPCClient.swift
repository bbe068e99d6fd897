import CGRPC
import Glibc
package import OrcaAPI
package import OrcaConnect
import OrcaDomain
package import OrcaProtobuf
import OrcaSupport
package import OrcaTLS
import Synchronization

/// A client of the API over gRPC. Blocking, for threads of one's own; safe to use from several.
///
/// The library keeps one connection and makes a new one when it breaks. A request is sent again when that cannot do harm:
/// reads, and writes, which all carry an idempotency key.
package final class GRPCClient: OrcaClient {
    /// How to reach the server, and who asks.
    package struct Options: Sendable {
        package enum Target: Sendable, Hashable {
            case unix(String)
            case tcp(host: String, port: UInt16)
        }

        package var target: Target
        /// With it, TLS is spoken. Not over unix sockets.
        package var tls: TLSTrust?
        package var token: String?
        /// What the caller calls itself in the event log.
        package var callerName: String?
        package var requestID: String?
        /// Milliseconds one call may take.
        package var timeoutMS = HTTPClient.timeoutMSDefault

        package init(_ target: Target) { self.target = target }
    }

    /// Times a request is sent.
    static let triesMax = 4
    /// Bytes of one answer.
    static let answerBytesMax = 64 << 20

    private let library: RPCLibrary
    private let options: Options
    // The library's channel; it lives until `deinit`, and is for any number of threads.
    nonisolated(unsafe) private let channel: OpaquePointer
    private let live = Mutex<[ObjectIdentifier: RPCRequest]>([:])

    /// Connects with the first call, not before.
    package init(_ options: Options, _ library: RPCLibrary) {
        self.library = library
        self.options = options
        channel = Self.channel(options, library)
    }

    deinit { rpc_channel_free(library.table, channel) }

    private static func channel(_ options: Options, _ library: RPCLibrary) -> OpaquePointer {
        var limits = GRPCLimits().forLibrary
        limits.message_bytes = Int32(answerBytesMax)
        limits.metadata_bytes = 64 << 10
        let target =
            switch options.target {
            case .unix(let path): "unix:" + path
            case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            }
        guard let trust = options.tls else { return rpc_channel_new(library.table, target, nil, &limits) }
        let paths = [trust.authorities, trust.certificate, trust.key ?? trust.certificate].map { strdup($0 ?? "") }
        defer { for path in paths { free(path) } }
        var tls = rpc_tls()
        if trust.authorities != nil { tls.authority = UnsafePointer(paths[0]) }
        if trust.certificate != nil { (tls.certificate, tls.key) = (UnsafePointer(paths[1]), UnsafePointer(paths[2])) }
        return rpc_channel_new(library.table, target, &tls, &limits)
    }

    package func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, idempotencyKey: String?
    ) throws(APIError) -> any ProtoMessage {
        let key = operation.isRead ? nil : idempotencyKey ?? HTTPClient.newKey()
        let deadline = Deadline.after(.milliseconds(options.timeoutMS))
        let bytes = request.wireBytes()
        var attempt = 1
        while true {
            let outcome = exchange(operation, bytes, key, deadline)
            switch outcome {
            case .success(let body): return try decode(operation.responseType, body)
            case .failure(let failure):
                guard failure.isOfTransport, attempt < Self.triesMax, !deadline.hasPassed else { throw failure.error }
                // It would wait longer from try to try, and fail every call until then.
                rpc_channel_wake(library.table, channel)
                poll(nil, 0, Int32(20 << attempt))
                attempt += 1
            }
        }
    }

    package func open(_ operation: APIOperation, _ request: any ProtoMessage) throws(APIError) -> any ClientStream {
        let call = start(operation, nil, timeoutMS: nil)
        guard call.open(request.wireBytes(), header: GRPCNames.streamHeader) else {
            let isStrange = call.next() != nil
            if isStrange { call.cancel() }
            while call.next() != nil {}
            let outcome = call.finish()
            guard !isStrange, outcome.code != RPCCode.ok.rawValue else {
                throw APIError(
                    "foreign_server", .unavailable,
                    "What answers there is not orcad: its streams begin in another way. See who it is with 'orca doctor'."
                )
            }
            throw failure(outcome, operation, call).error
        }
        return GRPCStream(call) { [responseType = operation.responseType] bytes throws(APIError) in
            try Self.decode(responseType, bytes)
        }
    }

    /// Ends all calls that wait for their answers, as a client does that goes away. Streams have a `cancel` of their own.
    package func cancelAll() {
        for call in live.withLock({ Array($0.values) }) { call.cancel() }
    }

    // MARK: One call

    private func start(_ operation: APIOperation, _ key: String?, timeoutMS: Int64?) -> RPCRequest {
        var headers: [(String, [UInt8])] = []
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { headers.append((name, Array(value.utf8))) }
        }
        add("authorization", options.token.map { "Bearer \($0)" })
        add("idempotency-key", key)
        add("x-request-id", options.requestID)
        // A plain header holds ASCII only.
        let isPlain = options.callerName?.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ?? true
        add(isPlain ? "x-orca-caller" : "x-orca-caller-bin", options.callerName)
        return RPCRequest(
            library, channel, method: GRPCNames.path(of: operation), headers: headers, timeoutMS: timeoutMS)
    }

    private func exchange(
        _ operation: APIOperation, _ bytes: [UInt8], _ key: String?, _ deadline: Deadline
    ) -> Result<[UInt8], Failure> {
        let left = deadline.remaining.map { max(1, $0.milliseconds) }
        let call = start(operation, key, timeoutMS: left)
        live.withLock { $0[ObjectIdentifier(call)] = call }
        defer { live.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(call)) } }
        let result = call.unary(bytes)
        return result.code == RPCCode.ok.rawValue ? .success(result.body) : .failure(failure(result, operation, call))
    }

    private struct Failure: Error {
        let error: APIError
        /// The request may be sent again: no server has answered it.
        let isOfTransport: Bool
    }

    private func failure(
        _ result: RPCRequest.Outcome, _ operation: APIOperation, _ call: RPCRequest
    ) -> Failure {
        if let told = StatusDetails.error(result.details) {
            var error = told
            if error.category == .unauthenticated, options.token == nil {
                error.message += " Make one there with 'orca token create', and give it to this client."
            }
            return Failure(error: error, isOfTransport: false)
        }
        switch RPCCode(rawValue: result.code) {
        case .unavailable:
            return Failure(
                error: APIError(
                    "server_unreachable", .unavailable,
                    "No gRPC server answers: \(result.message). See with 'orca status' that it runs and serves gRPC."),
                isOfTransport: true)
        case .deadlineExceeded:
            return Failure(
                error: APIError(
                    "deadline_exceeded", .deadlineExceeded, "The server did not answer in time. Give the call longer."),
                isOfTransport: false)
        case .cancelled where !call.isGivenUp:
            // The library's server answers so for a moment when it begins to stop, and ends so what does not end in time.
            return Failure(
                error: APIError(
                    "connection_broken", .unavailable,
                    "The server ended the call before it answered, as one does that stops. Try again; 'orca status' says how it is."
                ), isOfTransport: true)
        case .cancelled:
            return Failure(
                error: APIError("canceled", .unavailable, "The call was given up before its answer came."),
                isOfTransport: false)
        case .resourceExhausted where result.message.contains("larger than max"):
            return Failure(
                error: APIError(
                    "body_too_large", .invalidArgument, "The message is too large: \(result.message)."),
                isOfTransport: false)
        default:
            return Failure(
                error: APIError(
                    "grpc_\(result.code)", StatusDetails.category(result.code),
                    "The server answered \(operation.name) with gRPC status \(result.code): \(result.message)."),
                isOfTransport: false)
        }
    }

    private func decode(_ type: any ProtoMessage.Type, _ bytes: [UInt8]) throws(APIError) -> any ProtoMessage {
        try Self.decode(type, bytes)
    }

    private static func decode(_ type: any ProtoMessage.Type, _ bytes: [UInt8]) throws(APIError) -> any ProtoMessage {
        do {
            return try type.init(wireBytes: bytes, limits: ProtoLimits(bytesMax: answerBytesMax))
        } catch {
            throw APIError(
                "unreadable_answer", .unavailable,
                "The answer is not one of Orca's (\(error)). Compare 'orca version' with 'orca status'.")
        }
    }
}
