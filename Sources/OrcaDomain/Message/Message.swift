/// One piece of mail to one recipient. Mail to a group is one row for each member.
package struct Message: Sendable, Hashable {
    package var id: MessageID
    package var workspace: WorkspaceID
    /// Given by the store, growing; 0 before it is stored.
    package var sequence: Int64
    /// Address of the sender.
    package var from: String
    /// Address of the recipient, never a group.
    package var to: String
    package var type: MessageType
    package var priority: MessagePriority
    package var subject: String
    package var body: String
    /// JSON text; empty when there is none.
    package var payload: String
    /// What it belongs to: the id of the first message, or a word of the sender's; empty for mail that stands alone.
    package var thread: String
    package var createdAt: Timestamp

    // The delivery ledger: how far it has come, and when.
    package var delivery: MessageDelivery
    package var injectedAt: Timestamp?
    package var submittedAt: Timestamp?
    package var readAt: Timestamp?
    package var acknowledgedAt: Timestamp?

    /// Names the handing over that is under way; empty when there is none.
    package var takenBy: String
    /// Until then nobody else gets it; the caller that took it may still be writing it out.
    package var takenUntil: Timestamp?

    package init(
        id: MessageID, workspace: WorkspaceID, from: String, to: String, type: MessageType, subject: String,
        at now: Timestamp
    ) {
        self.id = id
        self.workspace = workspace
        self.from = from
        self.to = to
        self.type = type
        self.subject = subject
        sequence = 0
        priority = .normal
        body = ""
        payload = ""
        thread = ""
        createdAt = now
        delivery = .queued
        takenBy = ""
    }

    package var isUnread: Bool { readAt == nil }

    /// Whether somebody who took it may still be on the way to mark it read.
    package func isTaken(at now: Timestamp) -> Bool { takenUntil.map { $0 > now } ?? false }

    /// The thread an answer to it belongs to.
    package var threadOfReplies: String { thread.isEmpty ? id.text : thread }

    /// Notes what happened to it. False when it was nothing new.
    package mutating func note(_ trigger: MessageDelivery.Trigger, at now: Timestamp) -> Transition<MessageDelivery> {
        let transition = delivery.on(trigger)
        guard case .to(let state) = transition else { return transition }
        delivery = state
        switch trigger {
        case .injected: injectedAt = now
        case .submitted: submittedAt = now
        case .requeued: injectedAt = nil
        case .read: readAt = readAt ?? now
        case .acknowledged:
            readAt = readAt ?? now
            acknowledgedAt = now
        }
        return transition
    }
}

/// What a message is about.
package enum MessageType: String, Sendable, Hashable, CaseIterable {
    case status
    case dispatch
    /// A worker's word that its dispatch is finished; checked when it is sent.
    case workerDone = "worker_done"
    case mergeReady = "merge_ready"
    case escalation
    case handoff
    case decisionGate = "decision_gate"
    /// A sign of life: renews the sender's lease and wakes nobody.
    case heartbeat

    /// Whether it is about one dispatch, and therefore for one recipient only.
    package var isLifecycle: Bool {
        switch self {
        case .workerDone, .heartbeat: true
        case .status, .dispatch, .mergeReady, .escalation, .handoff, .decisionGate: false
        }
    }
}

package enum MessagePriority: String, Sendable, Hashable, CaseIterable {
    case normal
    case high
    case urgent
}
