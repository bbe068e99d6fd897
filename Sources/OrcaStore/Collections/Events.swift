package import OrcaDomain

package protocol EventCollection {
    /// After a sequence number, in order.
    func page(_ filter: EventFilter, after sequence: Int64, limit: Int) throws -> [Event]
    /// Before a sequence number, newest first.
    func newest(_ filter: EventFilter, before sequence: Int64, limit: Int) throws -> [Event]
    /// The newest sequence number; 0 when nothing happened yet.
    func lastSequence(in workspace: WorkspaceID) throws -> Int64
    /// The oldest that is still kept; events before it were compacted away.
    func firstSequence(in workspace: WorkspaceID) throws -> Int64
}

package struct EventFilter: Sendable {
    package var workspace: WorkspaceID
    /// Id of the entity.
    package var entity = ""
    package var typePrefix = ""
    /// Only these, unless empty.
    package var types: Set<EventType> = []
    /// Only those whose data has this JSON text, with its quotes, unless empty. A reset concerns everybody.
    package var mention = ""

    package init(workspace: WorkspaceID) {
        self.workspace = workspace
    }

    package func admits(_ event: Event) -> Bool {
        event.workspace == workspace && (entity.isEmpty || event.entityID == entity)
            && (typePrefix.isEmpty || event.type.rawValue.hasPrefix(typePrefix))
            && (types.isEmpty || types.contains(event.type))
            && (mention.isEmpty || event.data.contains(mention) || event.type == .orchestrationReset)
    }
}

/// An event before it has its place in the sequence.
package struct EventDraft: Sendable {
    package var workspace: WorkspaceID
    package var type: EventType
    package var entityID: String
    package var at: Timestamp
    package var actor: String
    package var operation: String
    package var requestID: String
    package var idempotencyKey: String
    package var data: EventData

    package init(
        workspace: WorkspaceID, type: EventType, entityID: String, at: Timestamp, actor: String, operation: String,
        requestID: String, idempotencyKey: String, data: EventData
    ) {
        self.workspace = workspace
        self.type = type
        self.entityID = entityID
        self.at = at
        self.actor = actor
        self.operation = operation
        self.requestID = requestID
        self.idempotencyKey = idempotencyKey
        self.data = data
    }
}

package protocol EventWriting {
    /// Gives it the workspace's next sequence number.
    func append(_ event: EventDraft) throws
    /// Forgets the oldest events of a workspace down to `keeping`, at most `limit` a call. Returns how many went.
    func compactEvents(in workspace: WorkspaceID, keeping: Int64, limit: Int) throws -> Int
}
