import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension Invocation {
    /// Runs a command in a transaction, done at most once for the call's idempotency key.
    func write<Request: ProtoMessage, Response: ProtoMessage>(
        _ request: Request, _ body: @escaping @Sendable (any StoreTransaction, CommandContext) throws -> Reply<Response>
    ) async throws -> Reply<Response> {
        let key = call.idempotencyKey ?? ""
        let once = try OnceOnly(
            key: key, operation: operation.name, requestDigest: key.isEmpty ? "" : Digest.sha256(request.wireBytes()))
        return try await runtime.store.write { tx in
            let context = context()
            return try once.run(
                in: tx, context, encode: { $0.wireBytes() }, decode: { try Response(wireBytes: $0) }
            ) {
                try body(tx, context)
            }
        }
    }
}
