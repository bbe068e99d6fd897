/// The right to work on an attempt until a time. At most one is live per task.
package struct Lease: Sendable, Hashable {
    package var id: LeaseID
    package var workspace: WorkspaceID
    package var project: ProjectID
    package var task: TaskID
    package var taskRef: String
    package var attempt: AttemptID
    package var agent: AgentID
    package var agentName: String
    package var token: Int64
    package var ttlMS: Int64
    package var acquiredAt: Timestamp
    package var renewedAt: Timestamp
    package var expiresAt: Timestamp
    /// An offer that was not acknowledged yet.
    package var isOffer: Bool

    package init(
        id: LeaseID, workspace: WorkspaceID, project: ProjectID, task: TaskID, taskRef: String, attempt: AttemptID,
        agent: AgentID, agentName: String, token: Int64, ttlMS: Int64, at now: Timestamp, isOffer: Bool = false
    ) {
        self.id = id
        self.workspace = workspace
        self.project = project
        self.task = task
        self.taskRef = taskRef
        self.attempt = attempt
        self.agent = agent
        self.agentName = agentName
        self.token = token
        self.ttlMS = ttlMS
        self.isOffer = isOffer
        acquiredAt = now
        renewedAt = now
        expiresAt = now.adding(milliseconds: ttlMS)
    }

    /// A holder that renews from here on has two thirds of the time left for retries.
    package var renewAfter: Timestamp { renewedAt.adding(milliseconds: ttlMS / 3) }

    /// Expiry is decided by server time, and only by the sweep: until then a renewal still wins.
    package func isOverdue(at now: Timestamp) -> Bool { expiresAt <= now }

    package mutating func renew(at now: Timestamp, ttlMS newTTL: Int64?) {
        ttlMS = newTTL ?? ttlMS
        renewedAt = now
        // A renewal with a shorter time, or after a clock went back, never takes time away that was promised.
        expiresAt = max(expiresAt, now.adding(milliseconds: ttlMS))
    }
}
