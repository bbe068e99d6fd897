import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension Invocation {
    private func once(_ request: some ProtoMessage) throws -> OnceOnly {
        let key = call.idempotencyKey ?? ""
        return try OnceOnly(
            key: key, operation: operation.name, requestDigest: key.isEmpty ? "" : Digest.sha256(request.wireBytes()))
    }

    /// Whether `write` would answer what it has answered before. For checks that only the first time can pass.
    func isDone(_ request: some ProtoMessage) async throws -> Bool {
        let once = try once(request)
        return try await runtime.store.read { try once.hasReply(in: $0, context()) }
    }

    /// Runs a command in a transaction, done at most once for the call's idempotency key.
    func write<Request: ProtoMessage, Response: ProtoMessage>(
        _ request: Request, _ body: @escaping @Sendable (any StoreTransaction, CommandContext) throws -> Reply<Response>
    ) async throws -> Reply<Response> {
        _ = try once(request)  // refused before it waits for the writer
        return try await runtime.store.write { tx in
            let context = context()
            return try write(request, in: tx, context) { try body(tx, context) }
        }
    }

    /// The same within a transaction that is open already.
    func write<Request: ProtoMessage, Response: ProtoMessage>(
        _ request: Request, in tx: any StoreTransaction, _ context: CommandContext,
        _ body: () throws -> Reply<Response>
    ) throws -> Reply<Response> {
        try once(request).run(
            in: tx, context, encode: { $0.wireBytes() }, decode: { try Response(wireBytes: $0) }, body)
    }
}
