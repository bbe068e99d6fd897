import OrcaDomain
import OrcaStore

/// Knows the agents that call: the first claim under a new name registers it.
struct Roster {
    let tx: any StoreTransaction
    let context: CommandContext

    init(_ tx: any StoreTransaction, _ context: CommandContext) {
        self.tx = tx
        self.context = context
    }

    func agent(for terms: ClaimTerms, in workspace: WorkspaceID) throws -> Agent {
        try Self.check(terms)
        if AgentID.looksLikeOne(terms.agentName) {
            return try Lookup(tx).agent(terms.agentName, in: workspace)
        }
        if let known = try tx.agents.find(name: terms.agentName, in: workspace) { return known }
        try Names.checkAgent(terms.agentName)
        var agent = Agent(id: context.newID(), workspace: workspace, name: terms.agentName, at: context.now)
        agent.host = terms.host
        try tx.insert(agent)
        try Ledger(tx, context).record(
            .agentRegistered, workspace: workspace, entity: agent.id.text,
            ["name": .text(agent.name), "capacity": .number(1)])
        return agent
    }

    private static func check(_ terms: ClaimTerms) throws {
        if terms.agentName.isEmpty {
            throw DomainError(
                .invalidArgument, "No agent was named. Say who claims with --agent NAME (or ORCA_AGENT).",
                details: ["field": "agent"])
        }
        try Names.checkLength(terms.session, max: Limits.nameBytesMax, field: "session")
        try Names.checkLength(terms.host, max: Limits.nameBytesMax * 2, field: "host")
        if let ttl = terms.ttlMS { try LeaseTerms.check(ttlMS: ttl) }
    }
}

/// What a time to live may be.
enum LeaseTerms {
    static func check(ttlMS: Int64) throws(DomainError) {
        guard (Limits.leaseTTLMinMS...Limits.leaseTTLMaxMS).contains(ttlMS) else {
            throw DomainError(
                .invalidArgument,
                "A lease of \(ttlMS) ms is not possible; give \(Limits.leaseTTLMinMS) ms to "
                    + "\(Limits.leaseTTLMaxMS) ms (a day).",
                details: ["field": "ttl_ms"])
        }
    }
}
