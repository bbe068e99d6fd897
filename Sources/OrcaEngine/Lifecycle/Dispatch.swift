import OrcaDomain
import OrcaStore

/// Hands a ready task to an agent: attempt, lease, slot and event in one stroke. The only place that makes leases.
struct Dispatch {
    let tx: any StoreTransaction
    let context: CommandContext

    init(_ tx: any StoreTransaction, _ context: CommandContext) {
        self.tx = tx
        self.context = context
    }

    func dispatch(_ ready: WorkTask, to agent: Agent, in project: Project, _ terms: ClaimTerms) throws -> Claim {
        try give(ready, to: agent, terms, ttlMS: terms.ttlMS ?? project.settings.leaseTTLMS, isOffer: false)
    }

    /// A push: a short lease that the agent has to acknowledge.
    func offer(_ ready: WorkTask, to agent: Agent, in project: Project) throws -> Claim {
        let terms = ClaimTerms(agentName: agent.name, host: agent.host)
        return try give(ready, to: agent, terms, ttlMS: project.settings.offerTTLMS, isOffer: true)
    }

    private func give(
        _ ready: WorkTask, to agent: Agent, _ terms: ClaimTerms, ttlMS: Int64, isOffer: Bool
    ) throws -> Claim {
        let ledger = Ledger(tx, context)
        var task = ready
        _ = try ledger.move(&task, on: .claimed, verb: "claimed")
        task.lastToken += 1
        task.backoffUntil = nil
        task.holder = agent.name
        // One suffix for both ids: whoever has the lease's id can find the attempt's.
        let suffix = context.chance.suffix(at: context.now)
        let attempt = Attempt(
            id: AttemptID(suffix: suffix), workspace: task.workspace, task: task.id, taskRef: task.ref,
            token: task.lastToken, agent: agent.id, agentName: agent.name, session: terms.session, host: terms.host,
            startedAt: context.now)
        let lease = Lease(
            id: LeaseID(suffix: suffix), workspace: task.workspace, project: task.project, task: task.id,
            taskRef: task.ref, attempt: attempt.id, agent: agent.id, agentName: agent.name, token: task.lastToken,
            ttlMS: ttlMS, at: context.now, isOffer: isOffer)
        task.attempt = attempt.id
        try ledger.save(&task, before: ready)
        try tx.insert(attempt)
        try tx.insert(lease)
        try tx.touch(agent.id, at: context.now, leases: 1)
        try ledger.record(
            isOffer ? .taskOffered : .taskClaimed, task,
            ["attempt": .text(attempt.id.text), "agent": .text(agent.name), "ttl_ms": .number(ttlMS)])
        return Claim(task: task, attempt: attempt, lease: lease)
    }
}
