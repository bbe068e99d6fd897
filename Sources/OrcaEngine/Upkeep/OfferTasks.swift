import OrcaDomain
package import OrcaStore

/// Push distribution: offers queued tasks of projects that want it to agents that are present. Answers how many.
package enum OfferTasks: Command {
    /// How many offers one transaction makes at most.
    package static let batchMax = 50
    private static let agentsMax = 1_000
    private static let projectsMax = 100

    package static func run(_ limit: Int, in tx: any StoreTransaction, _ context: CommandContext) throws -> Int {
        var made = 0
        for project in try tx.projects.withOffersToMake(limit: projectsMax) {
            while made < min(limit, batchMax), try offerOne(of: project.id, in: tx, context) { made += 1 }
        }
        return made
    }

    private static func offerOne(
        of id: ProjectID, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> Bool {
        guard let project = try tx.projects.find(id) else { return false }
        let max = project.settings.concurrentMax
        if max > 0, try tx.projects.counts(id)[.dispatched] >= max { return false }
        let since = context.now.adding(milliseconds: -Agent.patienceMS)
        let present = try tx.agents.present(in: project.workspace, since: since, limit: agentsMax)
            .filter { project.settings.admits(agentTags: $0.tags) }
        for row in try tx.tasks.queuedRequirements(in: project) {
            guard let task = try tx.tasks.queueHead(project: project, requirement: row, limit: 1).first,
                let requirement = try tx.tasks.requirement(row),
                let chosen = try choose(present, for: task, requirement, project, in: tx)
            else { continue }
            _ = try Dispatch(tx, context).offer(task, to: chosen, in: project)
            try tx.setOfferPointer(chosen.id, of: id)
            return true
        }
        return false
    }

    private static func choose(
        _ present: [Agent], for task: WorkTask, _ requirement: Requirement, _ project: Project,
        in tx: any StoreTransaction
    ) throws -> Agent? {
        var fitting = present.filter { agent in
            requirement.shortcomings(
                ofAgent: agent.name, tags: Set(agent.tags), capabilities: agent.capabilities
            ).isEmpty
        }
        // Who let the last offer of this task lapse comes after everybody else: "it goes to the next".
        if fitting.count > 1, let last = try tx.attempts.find(task: task.id, token: task.lastToken),
            last.outcome == .released
        {
            fitting.removeAll { $0.id == last.agent }
        }
        let candidates = fitting.map {
            OfferChoice.Candidate(
                id: $0.id, name: $0.name, capacity: $0.capacity, activeLeases: $0.activeLeases)
        }
        let choice = OfferChoice.pick(
            project.settings.distribution, from: candidates, after: project.offerPointer,
            assignee: requirement.assignee)
        return choice.flatMap { choice in fitting.first { $0.id == choice.id } }
    }
}
