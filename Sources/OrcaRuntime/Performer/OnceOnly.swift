import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

/// Idempotent writes: the reply is stored in the same transaction as the effect. Because transactions are serialised,
/// a concurrent duplicate waits for the first and then finds its reply.
enum OnceOnly {
    static let keyBytesMax = 256

    static func write<Request: ProtoMessage, Response: ProtoMessage>(
        _ request: Request, _ invocation: Invocation,
        _ body: @escaping @Sendable (any StoreTransaction, CommandContext) throws -> Reply<Response>
    ) async throws -> Reply<Response> {
        let key = invocation.call.idempotencyKey ?? ""
        guard !key.isEmpty else {
            return try await invocation.runtime.store.write { tx in try body(tx, invocation.context()) }
        }
        guard key.utf8.count <= keyBytesMax else {
            throw DomainError(
                .limitExceeded, "The idempotency key has \(key.utf8.count) bytes; the most is \(keyBytesMax).")
        }
        let digest = Digest.sha256(request.wireBytes())
        return try await invocation.runtime.store.write { tx in
            let operation = invocation.operation.name
            if let stored = try tx.replies.find(
                identity: invocation.actor.identity, operation: operation, key: key)
            {
                return .answer(try replay(stored, digest: digest))
            }
            let context = invocation.context()
            let reply = try body(tx, context)
            if case .answer(let response) = reply {
                try tx.insert(
                    StoredReply(
                        identity: invocation.actor.identity, operation: operation, key: key, requestDigest: digest,
                        response: response.wireBytes(), at: context.now))
            }
            return reply
        }
    }

    private static func replay<Response: ProtoMessage>(_ stored: StoredReply, digest: String) throws -> Response {
        guard stored.requestDigest == digest else {
            throw DomainError(
                .idempotencyMismatch,
                "The idempotency key '\(stored.key)' was already used for another \(stored.operation). Use a new key for "
                    + "a new request.",
                details: ["idempotency_key": stored.key])
        }
        return try Response(wireBytes: stored.response)
    }
}
