package import OrcaStore

/// A use case that changes something: one synchronous function over one transaction. Time, ids, chance and the caller
/// come in through the context, so that the same input always gives the same output.
package protocol Command {
    associatedtype Input
    associatedtype Output
    static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Output
}

/// A use case that only reads.
package protocol Query {
    associatedtype Input
    associatedtype Output
    static func run(_ input: Input, in store: any StoreReader, _ context: CommandContext) throws -> Output
}
