import OrcaDomain
import OrcaStore

/// Collects the reasons behind one task's standing.
struct Explainer {
    let store: any StoreReader
    let now: Timestamp
    let task: WorkTask

    func failed() throws -> ExplainTask.Output {
        let body = try Lookup(store).body(of: task.id)
        let policy = try task.retry ?? Lookup(store).project(of: task).settings.retry
        let reason = Reason(
            "failed",
            "\(task.failures) of \(policy.attemptsMax) attempts failed in a row. The last error: "
                + (body.error.isEmpty ? "none was given" : String(body.error.prefix(300))),
            next: "orca retry \(task.ref)", details: ["failures": String(task.failures)])
        return ExplainTask.Output(summary: "\(task.ref) failed and is not tried again by itself.", reasons: [reason])
    }

    func held() throws -> ExplainTask.Output {
        guard let lease = try store.leases.live(task.id) else {
            return ExplainTask.Output(
                summary: "\(task.ref) is marked as dispatched but nobody holds it.",
                reasons: [Reason("inconsistent", "Its lease is missing.", next: "orca doctor --fix")])
        }
        let left = Texts.duration(milliseconds: lease.expiresAt.milliseconds - now.milliseconds)
        let verb = lease.isOffer ? "was offered to" : "is held by"
        let reason = Reason(
            lease.isOffer ? "offered" : "held",
            "Attempt \(lease.token) \(verb) \(lease.agentName); the lease runs for another \(left) unless it is renewed.",
            next: "orca attempt show \(lease.attempt)",
            details: [
                "holder": lease.agentName, "attempt": lease.attempt.text,
                "expires_at_ms": String(lease.expiresAt.milliseconds),
            ])
        return ExplainTask.Output(summary: "\(task.ref) \(verb) \(lease.agentName).", reasons: [reason])
    }

    func unmetConditions(showing limit: Int) throws -> [Reason] {
        var reasons: [Reason] = []
        if task.openDependencies > 0 {
            for edge in try store.dependencies.dependencies(of: task.id) where reasons.count < limit {
                guard let needed = try store.tasks.find(edge.dependsOn),
                    !Dependency.isMet(by: needed.status, edge.policy)
                else { continue }
                reasons.append(waiting(for: needed))
            }
        }
        if let start = task.notBefore, start > now {
            let wait = Texts.duration(milliseconds: start.milliseconds - now.milliseconds)
            reasons.append(
                Reason(
                    "not_before", "It may not start for another \(wait).",
                    next: "orca task update \(task.ref) --clear-not-before",
                    details: ["not_before_ms": String(start.milliseconds)]))
        }
        return reasons
    }

    private func waiting(for needed: WorkTask) -> Reason {
        let next: String
        switch needed.status {
        case .failed: next = "orca retry \(needed.ref)"
        case .canceled: next = "orca task undepend \(task.ref) \(needed.ref)"
        case .ready: next = "orca claim \(needed.ref)"
        case .pending, .dispatched, .blocked, .completed: next = "orca explain \(needed.ref)"
        }
        let holder = needed.holder.isEmpty ? "" : " to \(needed.holder)"
        return Reason(
            "dependency", "It waits for \(needed.ref) (\(needed.title)), which is \(needed.status.rawValue)\(holder).",
            next: next, details: ["task": needed.ref, "status": needed.status.rawValue])
    }

    /// What keeps a ready task from being claimed.
    func obstacles(among agentsMax: Int) throws -> [Reason] {
        var reasons: [Reason] = []
        if let until = task.backoffUntil, until > now {
            let wait = Texts.duration(milliseconds: until.milliseconds - now.milliseconds)
            reasons.append(
                Reason(
                    "backoff",
                    "It failed \(task.failures) time\(task.failures == 1 ? "" : "s"); the next attempt may "
                        + "start in \(wait).",
                    details: ["backoff_until_ms": String(until.milliseconds)]))
        }
        let project = try Lookup(store).project(of: task)
        let max = project.settings.concurrentMax
        let running = try store.projects.counts(project.id)[.dispatched]
        if max > 0, running >= max {
            reasons.append(
                Reason(
                    "project_limit", "\(project.key) runs \(running) tasks, its limit.",
                    next: "orca project update \(project.key) --max-concurrent \(max * 2)"))
        }
        return try reasons + agentObstacles(project, among: agentsMax)
    }

    private func agentObstacles(_ project: Project, among agentsMax: Int) throws -> [Reason] {
        let since = now.adding(milliseconds: -Agent.patienceMS)
        let present = try store.agents.present(in: task.workspace, since: since, limit: agentsMax)
        guard !present.isEmpty else {
            return [
                Reason(
                    "no_agent", "No agent was seen in the last two minutes.",
                    next: "orca work --project \(project.key) --agents 1 -- COMMAND")
            ]
        }
        let requirement = try Lookup(store).requirement(of: task)
        var lacking: [String: Int] = [:]
        for agent in present {
            if !project.settings.admits(agentTags: agent.tags) {
                lacking["it lacks the tags that \(project.key) allows", default: 0] += 1
                continue
            }
            let found = requirement.shortcomings(
                ofAgent: agent.name, tags: Set(agent.tags), capabilities: agent.capabilities)
            if found.isEmpty && agent.freeSlots > 0 { return [] }
            let words = found.first?.sentence ?? "it already holds as many tasks as it can"
            lacking[words, default: 0] += 1
        }
        return lacking.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { words, count in
            Reason(
                Self.code(for: words), "\(count) of \(present.count) agents cannot take it: \(words).",
                next: "orca agent list")
        }
    }

    private static func code(for words: String) -> String {
        if words.hasPrefix("the agent lacks the tags") { return "tags" }
        if words.hasPrefix("the agent does not meet") { return "capability" }
        if words.hasPrefix("it is assigned") { return "assignee" }
        return words.hasPrefix("it already holds") ? "capacity" : "project_tags"
    }
}
