package import OrcaDomain
package import OrcaStore

/// What a write answers.
package enum Reply<Response> {
    case answer(Response)
    /// Keep what was written, and refuse the caller.
    case refuse(DomainError)
}

extension Reply: Sendable where Response: Sendable {}

/// Idempotent writes: the reply is stored in the same transaction as the effect. Because transactions are serialised,
/// a concurrent duplicate waits for the first and then finds its reply. Refusals are not stored: asked again, the
/// answer may be another.
package struct OnceOnly: Sendable {
    package static let keyBytesMax = 256

    let key: String
    let operation: String
    /// Of the request: the same key with another body is refused.
    let requestDigest: String

    /// - Parameter key: empty for a write that may be repeated.
    package init(key: String, operation: String, requestDigest: String) throws(DomainError) {
        guard key.utf8.count <= Self.keyBytesMax else {
            throw DomainError(
                .limitExceeded, "The idempotency key has \(key.utf8.count) bytes; the most is \(Self.keyBytesMax).")
        }
        self.key = key
        self.operation = operation
        self.requestDigest = requestDigest
    }

    /// Whether there is a reply already. Another request under the same key is refused here, too.
    package func hasReply(in store: any StoreReader, _ context: CommandContext) throws -> Bool {
        guard !key.isEmpty else { return false }
        guard let stored = try store.replies.find(identity: context.actor.identity, operation: operation, key: key)
        else {
            return false
        }
        guard stored.requestDigest == requestDigest else { throw mismatch }
        return true
    }

    package func run<Response>(
        in tx: any StoreTransaction, _ context: CommandContext, encode: (Response) -> [UInt8],
        decode: ([UInt8]) throws -> Response, _ body: () throws -> Reply<Response>
    ) throws -> Reply<Response> {
        guard !key.isEmpty else { return try body() }
        let identity = context.actor.identity
        if let stored = try tx.replies.find(identity: identity, operation: operation, key: key) {
            guard stored.requestDigest == requestDigest else { throw mismatch }
            return .answer(try decode(stored.response))
        }
        let reply = try body()
        if case .answer(let response) = reply {
            try tx.insert(
                StoredReply(
                    identity: identity, operation: operation, key: key, requestDigest: requestDigest,
                    response: encode(response), at: context.now))
        }
        return reply
    }

    private var mismatch: DomainError {
        DomainError(
            .idempotencyMismatch,
            "The idempotency key '\(key)' was already used for another \(operation). Use a new key for a new request.",
            details: ["idempotency_key": key])
    }
}
