package import OrcaDomain
package import OrcaStore

/// The order in which ready tasks are handed out. Costs one index seek per project and distinct requirement, however
/// many tasks wait.
package struct ClaimQueue {
    let store: any StoreReader
    let now: Timestamp

    package init(store: any StoreReader, now: Timestamp) {
        self.store = store
        self.now = now
    }

    /// The best task that this agent may claim right now.
    func best(
        for agent: Agent, in workspace: WorkspaceID, only project: Project?
    ) throws -> (task: WorkTask, project: Project)? {
        var best: (task: WorkTask, project: Project)?
        for project in try candidates(in: workspace, only: project) where try hasRoom(project) {
            guard let head = try heads(of: project, for: agent, limit: 1).first else { continue }
            if let current = best, !Self.isBefore(head, current.task) { continue }
            best = (head, project)
        }
        return best
    }

    /// What could be claimed now, in claim order; with an agent, only what that agent could claim.
    package func preview(
        in workspace: WorkspaceID, only project: Project?, for agent: Agent?, limit: Int
    ) throws -> [WorkTask] {
        var found: [WorkTask] = []
        for project in try candidates(in: workspace, only: project) {
            if agent != nil, try !hasRoom(project) { continue }
            found += try heads(of: project, for: agent, limit: limit)
        }
        return Array(found.sorted(by: Self.isBefore).prefix(limit))
    }

    private func candidates(in workspace: WorkspaceID, only project: Project?) throws -> [Project] {
        if let project { return [project] }
        return try store.tasks.queuedProjects(in: workspace).compactMap { try store.projects.find($0) }
    }

    private func hasRoom(_ project: Project) throws -> Bool {
        guard project.settings.concurrentMax > 0 else { return true }
        return try store.projects.counts(project.id)[.dispatched] < project.settings.concurrentMax
    }

    private func heads(of project: Project, for agent: Agent?, limit: Int) throws -> [WorkTask] {
        if let agent, !project.settings.admits(agentTags: agent.tags) { return [] }
        var heads: [WorkTask] = []
        for row in try store.tasks.queuedRequirements(in: project) {
            if let agent, try !meets(agent, requirement: row) { continue }
            heads += try store.tasks.queueHead(project: project, requirement: row, limit: limit)
        }
        return Array(heads.sorted(by: Self.isBefore).prefix(limit))
    }

    private func meets(_ agent: Agent, requirement row: Int64) throws -> Bool {
        if row == 0 { return true }
        guard let requirement = try store.tasks.requirement(row) else { return false }
        return requirement.shortcomings(
            ofAgent: agent.name, tags: Set(agent.tags), capabilities: agent.capabilities
        ).isEmpty
    }

    private static func isBefore(_ left: WorkTask, _ right: WorkTask) -> Bool {
        left.priority != right.priority ? left.priority > right.priority : left.id < right.id
    }
}
