package import OrcaDomain
package import OrcaStore

/// Registers an agent, or refreshes the one of that name.
package enum RegisterAgent: Command {
    package struct Input: Sendable {
        package var workspace: WorkspaceID
        package var name: String
        package var kind: Agent.Kind
        package var tool: String
        package var tags: [String]
        package var capabilities: [String: String]
        package var capacity: Int
        package var host: String

        package init(
            workspace: WorkspaceID, name: String, kind: Agent.Kind = .cli, tool: String = "", tags: [String] = [],
            capabilities: [String: String] = [:], capacity: Int = 1, host: String = ""
        ) {
            self.workspace = workspace
            self.name = name
            self.kind = kind
            self.tool = tool
            self.tags = tags
            self.capabilities = capabilities
            self.capacity = capacity
            self.host = host
        }
    }

    package static func run(
        _ input: Input, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> (agent: Agent, isNew: Bool) {
        try AgentRules.check(input)
        let known = try tx.agents.find(name: input.name, in: input.workspace)
        var agent = known ?? Agent(id: context.newID(), workspace: input.workspace, name: input.name, at: context.now)
        agent.kind = input.kind
        agent.tool = input.tool
        agent.tags = Set(input.tags).sorted()
        agent.capabilities = input.capabilities
        agent.capacity = input.capacity
        agent.host = input.host
        agent.lastSeenAt = max(agent.lastSeenAt, context.now)
        let ledger = Ledger(tx, context)
        guard known != nil else {
            try tx.insert(agent)
            try ledger.record(.agentRegistered, workspace: agent.workspace, entity: agent.id.text, image(agent))
            return (agent, true)
        }
        agent.version += 1
        try tx.save(agent)
        try ledger.record(.agentUpdated, workspace: agent.workspace, entity: agent.id.text, image(agent))
        return (agent, false)
    }

    static func image(_ agent: Agent) -> EventData {
        [
            "name": .text(agent.name), "tags": .texts(agent.tags), "capacity": .number(Int64(agent.capacity)),
            "draining": .flag(agent.isDraining),
        ]
    }
}

enum AgentRules {
    static func check(_ input: RegisterAgent.Input) throws {
        try Names.checkAgent(input.name)
        try Names.checkLength(input.tool, max: Limits.nameBytesMax, field: "tool")
        try Names.checkLength(input.host, max: Limits.nameBytesMax * 2, field: "host")
        try check(tags: input.tags)
        try check(capacity: input.capacity)
        try Names.checkCount(input.capabilities.count, max: Limits.capabilitiesMax, field: "capabilities")
        for (name, value) in input.capabilities {
            guard CapabilityConstraint(name)?.comparison == .present else {
                throw DomainError(
                    .invalidArgument,
                    "'\(name.prefix(40))' is no name for a capability; use letters, digits, '_', '-' and '.'.",
                    details: ["field": "capabilities"])
            }
            try Names.checkLength(value, max: Limits.nameBytesMax, field: "capabilities")
        }
    }

    static func check(tags: [String]) throws {
        try Names.checkCount(tags.count, max: Limits.tagsMax, field: "tags")
        for tag in tags { try Names.checkWord(tag, field: "tags") }
    }

    static func check(capacity: Int) throws {
        guard (1...Limits.capacityMax).contains(capacity) else {
            throw DomainError(
                .invalidArgument, "capacity is \(capacity); it must be between 1 and \(Limits.capacityMax).",
                details: ["field": "capacity"])
        }
    }
}
