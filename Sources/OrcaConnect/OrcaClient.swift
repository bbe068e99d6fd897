package import OrcaAPI
package import OrcaProtobuf

/// Whoever carries out operations for a client program, synchronously. Safe to use from several threads.
package protocol OrcaClient: Sendable {
    /// Carries out one operation. `request` is of the operation's request type, the result of its response type.
    ///
    /// A write without a key gets one, so that it can be sent again when the connection breaks before the answer.
    func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, idempotencyKey: String?
    ) throws(APIError) -> any ProtoMessage

    /// Opens a server stream.
    func open(_ operation: APIOperation, _ request: any ProtoMessage) throws(APIError) -> any ClientStream
}

/// One open server stream.
package protocol ClientStream: Sendable {
    /// The next message; waits for it. `nil` when the server ended the stream or `cancel` was called.
    func next() throws(APIError) -> (any ProtoMessage)?

    /// Ends the stream; a waiting `next` returns. May be called from any thread, more than once.
    func cancel()
}

extension OrcaClient {
    package func call<Request: ProtoMessage, Response: ProtoMessage>(
        _ operation: TypedOperation<Request, Response>, _ request: Request, idempotencyKey: String? = nil
    ) throws(APIError) -> Response {
        let answer = try perform(operation.erased, request, idempotencyKey: idempotencyKey)
        guard let response = answer as? Response else {
            preconditionFailure("\(operation.erased.name) answered with \(type(of: answer))")
        }
        return response
    }

    package func stream<Request: ProtoMessage, Response: ProtoMessage>(
        _ operation: TypedOperation<Request, Response>, _ request: Request
    ) throws(APIError) -> TypedStream<Response> {
        TypedStream(try open(operation.erased, request))
    }
}

/// A stream of messages of one type.
package struct TypedStream<Message: ProtoMessage>: Sendable {
    package let erased: any ClientStream

    package init(_ erased: any ClientStream) { self.erased = erased }

    package func next() throws(APIError) -> Message? {
        guard let message = try erased.next() else { return nil }
        guard let typed = message as? Message else { preconditionFailure("the stream carries \(type(of: message))") }
        return typed
    }

    package func cancel() { erased.cancel() }
}
