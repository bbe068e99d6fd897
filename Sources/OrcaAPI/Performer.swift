package import OrcaProtobuf

/// Whoever carries out operations of the catalogue: the server's runtime, or a client in front of one.
/// Transports know only this protocol and the catalogue; they never see the engine or a store.
package protocol Performer: Sendable {
    /// Carries out one unary operation. `request` is of the operation's request type, the result of its
    /// response type. Throws `APIError`.
    func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ProtoMessage

    /// Opens a server stream. The sequence ends when `cancel` is called on it or the server stops.
    func open(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ResponseStream
}

/// One open server stream, pulled by the transport.
package protocol ResponseStream: Sendable {
    /// The next messages, at least one; waits for it. `nil` when the stream has ended. Throws `APIError`.
    func next() async throws -> [any ProtoMessage]?

    /// Ends the stream; a waiting `next` returns `nil`. May be called more than once and from any thread.
    func cancel()
}

/// What a transport knows about a call besides its request.
package struct CallContext: Sendable {
    package var caller: Caller
    package var idempotencyKey: String?
    package var requestID: String
    /// Milliseconds until the caller gives up; `nil` when it did not say.
    package var timeoutMS: Int?

    package init(caller: Caller, idempotencyKey: String? = nil, requestID: String = "", timeoutMS: Int? = nil) {
        self.caller = caller
        self.idempotencyKey = idempotencyKey
        self.requestID = requestID
        self.timeoutMS = timeoutMS
    }
}

/// Who calls, as far as the transport could establish it.
package enum Caller: Sendable, Hashable {
    /// The owner of the unix socket: the peer's uid was checked. `name` is what it says it is, for the event log.
    case owner(name: String)
    /// A bearer token that the runtime must check. `name` as above.
    case bearer(secret: String, name: String)
    /// Nobody: only liveness checks.
    case anonymous
}
