package import OrcaDomain
package import OrcaStore

/// Changes an agent's tags, capacity or whether it takes new work.
package enum UpdateAgent: Command {
    package struct Input: Sendable {
        package var agent: Agent
        package var tags: [String]?
        package var capacity: Int?
        package var draining: Bool?
        package var expectedVersion: Int?

        package init(
            agent: Agent, tags: [String]? = nil, capacity: Int? = nil, draining: Bool? = nil,
            expectedVersion: Int? = nil
        ) {
            self.agent = agent
            self.tags = tags
            self.capacity = capacity
            self.draining = draining
            self.expectedVersion = expectedVersion
        }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Agent {
        try VersionCheck.check(input.agent.version, expected: input.expectedVersion, what: input.agent.name)
        var agent = input.agent
        if let tags = input.tags {
            try AgentRules.check(tags: tags)
            agent.tags = Set(tags).sorted()
        }
        if let capacity = input.capacity {
            try AgentRules.check(capacity: capacity)
            agent.capacity = capacity
        }
        agent.isDraining = input.draining ?? agent.isDraining
        guard agent != input.agent else { return agent }
        agent.version += 1
        try tx.save(agent)
        try Ledger(tx, context).record(
            .agentUpdated, workspace: agent.workspace, entity: agent.id.text, RegisterAgent.image(agent))
        return agent
    }
}

/// Says that an agent is there; optionally renews every lease it holds.
package enum HeartbeatAgent: Command {
    package struct Input: Sendable {
        package var agent: Agent
        package var renewsLeases: Bool

        package init(agent: Agent, renewsLeases: Bool) {
            self.agent = agent
            self.renewsLeases = renewsLeases
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> (agent: Agent, renewed: Int) {
        try tx.touch(input.agent.id, at: context.now, leases: 0)
        var agent = input.agent
        agent.lastSeenAt = max(agent.lastSeenAt, context.now)
        guard input.renewsLeases else { return (agent, 0) }
        // An offer must be accepted; a heartbeat does not keep it.
        let held = try tx.leases.held(by: agent.id, limit: Limits.capacityMax).filter { !$0.isOffer }
        for var lease in held {
            lease.renew(at: context.now, ttlMS: nil)
            try tx.save(lease)
        }
        return (agent, held.count)
    }
}

/// Forgets an agent that holds nothing. Its attempts keep its name.
package enum DeleteAgent: Command {
    package static func run(_ agent: Agent, in tx: any StoreTransaction, _ context: CommandContext) throws {
        guard agent.activeLeases == 0 else {
            throw DomainError(
                .inUse,
                "\(agent.name) holds \(agent.activeLeases) task\(agent.activeLeases == 1 ? "" : "s"). Release them first; "
                    + "see 'orca lease list --agent \(agent.name)'.",
                details: ["agent": agent.name])
        }
        try tx.delete(agent.id)
        try Ledger(tx, context).record(
            .agentDeleted, workspace: agent.workspace, entity: agent.id.text, ["name": .text(agent.name)])
    }
}
