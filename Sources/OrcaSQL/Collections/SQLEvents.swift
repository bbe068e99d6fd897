package import OrcaDomain
package import OrcaStore

struct SQLEvents: EventCollection {
    let db: any SQLConnection

    private static let scannedRowsMax = 10_000
    private static let columns = """
        workspace_id, sequence, at, type, entity_id, actor, operation, request_id, idempotency_key, data
        """
    static let after = SQL(
        "SELECT \(columns) FROM events WHERE workspace_id = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3")
    static let afterOfEntity = SQL(
        """
        SELECT \(columns) FROM events WHERE entity_id = ?4 AND sequence > ?2 AND workspace_id = ?1
        ORDER BY sequence LIMIT ?3
        """)
    private static let before = SQL(
        "SELECT \(columns) FROM events WHERE workspace_id = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3")
    private static let beforeOfEntity = SQL(
        """
        SELECT \(columns) FROM events WHERE entity_id = ?4 AND sequence < ?2 AND workspace_id = ?1
        ORDER BY sequence DESC LIMIT ?3
        """)
    static let last = SQL("SELECT event_last FROM workspaces WHERE id = ?1")
    private static let first = SQL("SELECT event_first FROM workspaces WHERE id = ?1")

    func page(_ filter: EventFilter, after sequence: Int64, limit: Int) throws -> [Event] {
        try collect(filter, from: sequence, limit: limit, Self.after, Self.afterOfEntity)
    }

    func newest(_ filter: EventFilter, before sequence: Int64, limit: Int) throws -> [Event] {
        try collect(filter, from: sequence, limit: limit, Self.before, Self.beforeOfEntity)
    }

    func lastSequence(in workspace: WorkspaceID) throws -> Int64 {
        let read = { try db.first(Self.last, [.text(workspace.text)]) { $0.integer(0) } }
        return try db.memory?.lastSequence(of: workspace.text, read: read) ?? read() ?? 0
    }

    func firstSequence(in workspace: WorkspaceID) throws -> Int64 {
        try db.first(Self.first, [.text(workspace.text)]) { $0.integer(0) } ?? 1
    }

    private func collect(
        _ filter: EventFilter, from start: Int64, limit: Int, _ all: SQL, _ ofEntity: SQL
    ) throws -> [Event] {
        var kept: [Event] = []
        var position = start
        var scanned = 0
        while scanned < Self.scannedRowsMax {
            var parameters: [SQLValue] = [.text(filter.workspace.text), .integer(position), .integer(limit)]
            if !filter.entity.isEmpty { parameters.append(.text(filter.entity)) }
            let batch = try db.query(filter.entity.isEmpty ? all : ofEntity, parameters, Self.read)
            for event in batch where filter.admits(event) && kept.count < limit { kept.append(event) }
            guard kept.count < limit, batch.count == limit, let last = batch.last else { break }
            scanned += batch.count
            position = last.sequence
        }
        return kept
    }

    private static func read(_ row: any SQLRow) throws -> Event {
        Event(
            sequence: row.integer(1), at: Timestamp(milliseconds: row.integer(2)),
            workspace: WorkspaceID(stored: row.text(0)), type: try EventType.stored(row.text(3)),
            entityID: row.text(4), actor: row.text(5), operation: row.text(6), requestID: row.text(7),
            idempotencyKey: row.text(8), data: row.text(9))
    }
}

extension SQLSession {
    /// The number comes from a row of the transaction: database sequences commit out of order, and a reader's cursor
    /// would skip events.
    static let takeSequence = SQL("UPDATE workspaces SET event_last = event_last + 1 WHERE id = ?1")
    static let insertEvent = SQL(
        """
        INSERT INTO events (workspace_id, sequence, at, type, entity_id, actor, operation, request_id, idempotency_key,
            data)
        SELECT id, event_last, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM workspaces WHERE id = ?1
        """)
    private static let insertNumbered = SQL(
        """
        INSERT INTO events (workspace_id, at, type, entity_id, actor, operation, request_id, idempotency_key, data,
            sequence)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """)
    private static let bounds = SQL("SELECT event_first, event_last FROM workspaces WHERE id = ?1")
    private static let setFirst = SQL("UPDATE workspaces SET event_first = ?2 WHERE id = ?1")
    private static let forgetEvents = SQL("DELETE FROM events WHERE workspace_id = ?1 AND sequence < ?2")

    package func append(_ event: EventDraft) throws {
        let workspace = event.workspace.text
        let claim = RowClaim(rows: 1, what: "workspace \(workspace)")
        if let memory = db.memory {
            let read = { try db.first(SQLEvents.last, [.text(workspace)]) { $0.integer(0) } }
            guard let sequence = try memory.nextSequence(of: workspace, read: read) else {
                throw StoreError.staleWrite(claim.what)
            }
            return try db.post(Self.insertNumbered, parameters(event) + [.integer(sequence)])
        }
        try db.post(Self.takeSequence, [.text(workspace)], claim)
        try db.post(Self.insertEvent, parameters(event), claim)
    }

    private func parameters(_ event: EventDraft) -> [SQLValue] {
        [
            .text(event.workspace.text), .integer(event.at.milliseconds), .text(event.type.rawValue),
            .text(event.entityID), .text(event.actor), .text(event.operation), .text(event.requestID),
            .text(event.idempotencyKey), .text(TextCodec.encode(event.data)),
        ]
    }

    package func compactEvents(in workspace: WorkspaceID, keeping: Int64, limit: Int) throws -> Int {
        let bounds = try db.first(Self.bounds, [.text(workspace.text)]) { ($0.integer(0), $0.integer(1)) }
        guard let (first, stored) = bounds else { return 0 }
        let last = db.memory?.lastSequence(of: workspace.text) { stored } ?? stored
        let wanted = min(last - keeping + 1, first + Int64(limit))
        guard wanted > first else { return 0 }
        try db.post(Self.setFirst, [.text(workspace.text), .integer(wanted)])
        return try db.execute(Self.forgetEvents, [.text(workspace.text), .integer(wanted)])
    }
}
