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

/// A performer that can carry out several calls as one.
package protocol BatchPerformer: Performer {
    /// What all calls of a batch have in common, so that a batch that is carried out again comes to the same.
    func batchTerms() -> BatchTerms

    /// Whether the operation can be a part of a batch: whether the store is all it needs.
    func takesInBatch(_ operation: APIOperation) -> Bool

    /// Carries out the calls in one transaction. Without `expected` it answers what would be answered, and changes
    /// nothing; with it the transaction is committed, if every call answers what is expected. Throws `BatchRefusal`.
    func perform(
        _ calls: [BatchCall], _ terms: BatchTerms, expecting expected: [any ProtoMessage]?
    ) async throws -> [any ProtoMessage]
}

package struct BatchTerms: Sendable, Hashable {
    package let seed: UInt64
    /// Milliseconds since 1970.
    package let atMS: Int64

    package init(seed: UInt64, atMS: Int64) {
        self.seed = seed
        self.atMS = atMS
    }
}

package struct BatchCall: Sendable {
    package let operation: APIOperation
    package let request: any ProtoMessage
    package let context: CallContext

    package init(_ operation: APIOperation, _ request: any ProtoMessage, _ context: CallContext) {
        self.operation = operation
        self.request = request
        self.context = context
    }
}

/// One call of a batch was refused, and with it the whole.
package struct BatchRefusal: Error, Sendable, Hashable {
    /// From 0.
    package let position: Int
    package let error: APIError

    package init(_ position: Int, _ error: APIError) {
        self.position = position
        self.error = error
    }
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
    /// Told how many steps are done by operations that have steps; from any thread.
    package var onProgress: (@Sendable (Int) -> Void)?

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
