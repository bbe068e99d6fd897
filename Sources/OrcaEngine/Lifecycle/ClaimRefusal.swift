import OrcaDomain
import OrcaStore

/// Why a claim is refused: each check names what stands in the way and what to do.
enum ClaimRefusal {
    static func check(_ task: WorkTask, at now: Timestamp, in store: any StoreReader) throws {
        switch task.status {
        case .ready:
            if let until = task.backoffUntil, until > now {
                let wait = Texts.duration(milliseconds: until.milliseconds - now.milliseconds)
                throw DomainError(
                    .taskNotReady,
                    "\(task.ref) failed \(task.failures) time\(task.failures == 1 ? "" : "s") and waits \(wait) before "
                        + "the next attempt.",
                    details: ["task": task.ref, "backoff_until_ms": String(until.milliseconds)])
            }
        case .dispatched:
            throw try held(task, in: store)
        case .pending, .blocked:
            throw DomainError(
                .taskNotReady,
                "\(task.ref) is \(task.status.rawValue) and cannot be claimed yet. 'orca explain \(task.ref)' says why.",
                details: ["task": task.ref, "status": task.status.rawValue])
        case .completed, .failed, .canceled:
            let next =
                task.status == .failed
                ? "'orca retry \(task.ref)' makes it claimable again." : "There is nothing left to do on it."
            throw DomainError(
                .taskFinished, "\(task.ref) is already \(task.status.rawValue). \(next)",
                details: ["task": task.ref, "status": task.status.rawValue])
        }
    }

    private static func held(_ task: WorkTask, in store: any StoreReader) throws -> DomainError {
        var details = ["task": task.ref, "holder": task.holder]
        if let lease = try store.leases.live(task.id) {
            details["attempt"] = lease.attempt.text
            details["expires_at_ms"] = String(lease.expiresAt.milliseconds)
        }
        return DomainError(
            .taskHeld,
            "\(task.ref) is held by \(task.holder) (attempt \(task.lastToken)). Claim another task with 'orca claim', "
                + "or see 'orca explain \(task.ref)'.",
            details: details)
    }

    static func check(_ agent: Agent) throws {
        if agent.isDraining {
            throw DomainError(
                .agentDraining,
                "\(agent.name) is draining and takes no new work. 'orca agent update \(agent.name) --draining=false' "
                    + "changes that.",
                details: ["agent": agent.name])
        }
        if agent.freeSlots == 0 {
            throw DomainError(
                .agentBusy,
                "\(agent.name) already holds \(agent.activeLeases) of \(agent.capacity) tasks. Finish or release one, or "
                    + "raise it with 'orca agent update \(agent.name) --capacity N'.",
                details: ["agent": agent.name, "capacity": String(agent.capacity)])
        }
    }

    static func check(_ agent: Agent, against task: WorkTask, _ project: Project, in store: any StoreReader) throws {
        let requirement = try Lookup(store).requirement(of: task)
        let lacking = requirement.shortcomings(
            ofAgent: agent.name, tags: Set(agent.tags), capabilities: agent.capabilities)
        if let first = lacking.first {
            throw DomainError(
                .notEligible,
                "\(agent.name) may not claim \(task.ref): "
                    + lacking.map(\.sentence).joined(separator: "; ") + ".",
                details: ["task": task.ref, "agent": agent.name, "reason": first.code])
        }
        if !project.settings.admits(agentTags: agent.tags) {
            throw DomainError(
                .notEligible,
                "\(agent.name) may not work in \(project.key): it has none of the tags "
                    + "\(project.settings.allowedAgentTags.joined(separator: ", ")).",
                details: ["project": project.key, "agent": agent.name, "reason": "project_tags"])
        }
        let max = project.settings.concurrentMax
        if max > 0, try store.projects.counts(project.id)[.dispatched] >= max {
            throw DomainError(
                .projectFull,
                "\(project.key) already runs \(max) tasks at once, its limit. Wait for one to end, or raise it with "
                    + "'orca project update \(project.key) --max-concurrent N'.",
                details: ["project": project.key, "limit": String(max)])
        }
    }
}
