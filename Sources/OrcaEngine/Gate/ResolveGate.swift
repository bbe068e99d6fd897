package import OrcaDomain
package import OrcaStore

/// Makes the decision a gate asks for. The same decision twice is the same as once.
package enum ResolveGate: Command {
    package struct Input: Sendable {
        package var gate: Gate
        package var resolution: String

        package init(gate: Gate, resolution: String) {
            self.gate = gate
            self.resolution = resolution
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Gate {
        guard input.resolution.contains(where: { !$0.isWhitespace }) else {
            throw DomainError(.invalidArgument, "A resolution needs a text.", details: ["field": "resolution"])
        }
        try Names.checkLength(input.resolution, max: Limits.questionBytesMax, field: "resolution")
        if input.gate.status == .resolved, input.gate.resolution == input.resolution { return input.gate }
        return try GateKeeper(Ledger(tx, context)).close(
            input.gate, on: .answered, resolution: input.resolution, by: context.actor.name)
    }
}

/// Takes the defaults of gates that nobody answered in time. Answers how many there were.
package enum TimeOutGates: Command {
    /// How many gates one transaction closes at most.
    package static let batchMax = 200

    package static func run(_ limit: Int, in tx: any StoreTransaction, _ context: CommandContext) throws -> Int {
        let overdue = try tx.gates.overdue(at: context.now, limit: min(limit, batchMax))
        let keeper = GateKeeper(Ledger(tx, context))
        for gate in overdue {
            _ = try keeper.close(gate, on: .timedOut, resolution: gate.fallback, by: "timeout")
        }
        return overdue.count
    }
}
