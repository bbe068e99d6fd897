/// One entry of the change log.
package struct Event: Sendable, Hashable {
    /// Gap-free in the workspace, in commit order, from 1.
    package var sequence: Int64
    package var at: Timestamp
    package var workspace: WorkspaceID
    package var type: EventType
    package var entityID: String
    package var actor: String
    package var operation: String
    package var requestID: String
    package var idempotencyKey: String
    /// A JSON object.
    package var data: String

    package init(
        sequence: Int64, at: Timestamp, workspace: WorkspaceID, type: EventType, entityID: String, actor: String,
        operation: String, requestID: String, idempotencyKey: String, data: String
    ) {
        self.sequence = sequence
        self.at = at
        self.workspace = workspace
        self.type = type
        self.entityID = entityID
        self.actor = actor
        self.operation = operation
        self.requestID = requestID
        self.idempotencyKey = idempotencyKey
        self.data = data
    }
}

/// What happened: entity and verb in the past tense.
package enum EventType: String, Sendable, Hashable, CaseIterable {
    case workspaceCreated = "workspace.created"
    case workspaceUpdated = "workspace.updated"
    case projectCreated = "project.created"
    case projectUpdated = "project.updated"
    case projectDeleted = "project.deleted"
    case taskCreated = "task.created"
    case taskUpdated = "task.updated"
    case taskDeleted = "task.deleted"
    case taskReady = "task.ready"
    case taskWaiting = "task.waiting"
    case taskClaimed = "task.claimed"
    case taskOffered = "task.offered"
    case taskAccepted = "task.accepted"
    case taskProgressed = "task.progressed"
    case taskCompleted = "task.completed"
    case taskAdopted = "task.adopted"
    case taskAttemptFailed = "task.attempt_failed"
    case taskFailed = "task.failed"
    case taskReleased = "task.released"
    case taskCanceled = "task.canceled"
    case taskRetried = "task.retried"
    case taskOverridden = "task.overridden"
    case taskResultLate = "task.result_late"
    case leaseExpired = "lease.expired"
    case leaseExtended = "lease.extended"
    case offerLapsed = "offer.lapsed"
    case agentRegistered = "agent.registered"
    case agentUpdated = "agent.updated"
    case agentDeleted = "agent.deleted"
    case terminalCreated = "terminal.created"
    case terminalChanged = "terminal.changed"
    case terminalExited = "terminal.exited"
    case repoAdded = "repo.added"
    case repoUpdated = "repo.updated"
    case worktreeCreated = "worktree.created"
    case worktreeUpdated = "worktree.updated"
    case worktreeRemoved = "worktree.removed"
    case gateOpened = "gate.opened"
    case gateResolved = "gate.resolved"
    case gateTimedOut = "gate.timed_out"
    case gateCanceled = "gate.canceled"
    case dispatchCreated = "dispatch.created"
    case dispatchPrompted = "dispatch.prompted"
    case runStarted = "run.started"
    case runChanged = "run.changed"
    case runEnded = "run.ended"
    case messageSent = "message.sent"
    case messageSubmitted = "message.submitted"
    case messageRead = "message.read"
    case messageAcknowledged = "message.acknowledged"
    case orchestrationReset = "orchestration.reset"

    package var entityKind: String {
        String(rawValue.prefix { $0 != "." })
    }
}
