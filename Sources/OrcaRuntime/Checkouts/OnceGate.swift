import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore
import OrcaSupport

/// Lets one call of an idempotency key work at a time: a duplicate waits for the first and then finds its reply. For
/// operations whose work is longer than a transaction.
final class OnceGate: Sendable {
    private let locks = KeyedLock()

    func run<R>(_ key: String, _ body: () async throws -> R) async throws -> R {
        guard !key.isEmpty else { return try await body() }
        return try await locks.holding(key, body)
    }
}

extension Invocation {
    /// Carries out work that is longer than a transaction at most once: `body` ends with `write`, which stores its reply.
    func onceOnly<Request: ProtoMessage, Response: ProtoMessage>(
        _ request: Request, _ body: () async throws -> Response
    ) async throws -> Response {
        let key = call.idempotencyKey ?? ""
        let identity = actor.identity
        return try await runtime.onceGate.run(key.isEmpty ? "" : "\(identity) \(operation.name) \(key)") {
            if !key.isEmpty {
                let name = operation.name
                let stored = try await runtime.store.read {
                    try $0.replies.find(identity: identity, operation: name, key: key)
                }
                // Another body under this key is refused by the write that stores the reply; here it only must not be
                // answered with the reply to the first.
                if let stored, stored.requestDigest == Digest.sha256(request.wireBytes()) {
                    return try Response(wireBytes: stored.response)
                }
                if stored != nil {
                    throw DomainError(
                        .idempotencyMismatch,
                        "The idempotency key '\(key)' was already used for another \(name). Use a new key for a new request.",
                        details: ["idempotency_key": key])
                }
            }
            return try await body()
        }
    }
}
