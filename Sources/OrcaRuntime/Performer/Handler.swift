import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

/// What carries out one operation of the catalogue.
struct Handler: Sendable {
    let need: Authority.Need
    let run: @Sendable (any ProtoMessage, Invocation) async throws -> any ProtoMessage
    /// The same as a part of somebody else's transaction; `nil` for what does more than that.
    let inBatch: InBatch?

    typealias InBatch =
        @Sendable (any ProtoMessage, any StoreTransaction, Invocation, CommandContext) throws ->
        any ProtoMessage
}

/// One call on its way through the runtime, after authentication.
struct Invocation: Sendable {
    let operation: APIOperation
    let actor: Actor
    let call: CallContext
    let runtime: Runtime

    /// The engine's context; takes the time anew, so that a command that waited runs at the time it runs.
    func context() -> CommandContext {
        CommandContext(
            now: runtime.clock.now, actor: actor, operation: operation.name, requestID: call.requestID,
            idempotencyKey: call.idempotencyKey ?? "", chance: runtime.chance,
            node: runtime.node)
    }
}
