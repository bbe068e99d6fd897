package import OrcaDomain

/// Everything a use case gets from outside.
package struct CommandContext: Sendable {
    package let now: Timestamp
    package let actor: Actor
    /// Name of the operation, for the event log.
    package let operation: String
    package let requestID: String
    package let idempotencyKey: String
    package let chance: Chance
    /// The server that carries it out; empty where there is only one.
    package let node: String

    package init(
        now: Timestamp, actor: Actor, operation: String, requestID: String = "", idempotencyKey: String = "",
        chance: Chance, node: String = ""
    ) {
        self.now = now
        self.actor = actor
        self.operation = operation
        self.requestID = requestID
        self.idempotencyKey = idempotencyKey
        self.chance = chance
        self.node = node
    }
}
