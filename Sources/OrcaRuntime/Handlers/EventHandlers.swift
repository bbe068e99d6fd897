import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore

extension HandlerTable {
    mutating func addEvents() {
        custom(Operations.listEvents, need: .read) { request, invocation in
            try await EventQueries.list(request, invocation)
        }
    }
}

/// Reading the change log in pages.
enum EventQueries {
    static func filter(
        _ store: any StoreReader, _ actor: Actor, workspace: String, entity: String, prefix: String
    ) throws -> EventFilter {
        let lookup = Lookup(store)
        let found = try lookup.workspace(workspace, for: actor)
        var filter = EventFilter(workspace: found.id)
        // A ref is what people have at hand; the log knows ids.
        filter.entity = try entity.contains("-") ? lookup.task(entity, in: found.id).id.text : entity
        filter.typePrefix = prefix
        return filter
    }

    static func list(
        _ request: OrcaV1.ListEventsRequest, _ invocation: Invocation
    ) async throws -> OrcaV1.ListEventsResponse {
        let limit = try Cursor.page(limit: request.limit, cursor: "").limit
        let actor = invocation.actor
        let (filter, last) = try await invocation.runtime.store.read { store in
            let filter = try Self.filter(
                store, actor, workspace: request.workspace, entity: request.entity, prefix: request.typePrefix)
            return (filter, try store.events.lastSequence(in: filter.workspace))
        }
        if request.newestFirst { return try await newest(filter, limit, invocation) }
        let after = request.after < 0 ? last : request.after
        let poll = LongPoll(runtime: invocation.runtime, filter: filter, waitMS: Int64(request.waitMs))
        let found = try await poll.answer { () -> OrcaV1.ListEventsResponse? in
            let page = try await Self.page(filter, after: after, limit, invocation)
            return page.events.isEmpty && request.waitMs > 0 ? nil : page
        }
        return found ?? .with { $0.lastSequence = after }
    }

    private static func page(
        _ filter: EventFilter, after: Int64, _ limit: Int, _ invocation: Invocation
    ) async throws -> OrcaV1.ListEventsResponse {
        try await invocation.runtime.store.read { store in
            let first = try store.events.firstSequence(in: filter.workspace)
            let last = try store.events.lastSequence(in: filter.workspace)
            guard after >= first - 1 else {
                throw DomainError(
                    .resyncRequired,
                    "Events up to \(first - 1) were compacted away. Read the current state, then follow from \(last).",
                    details: ["first_sequence": String(first), "snapshot_sequence": String(last)])
            }
            let events = try store.events.page(filter, after: after, limit: limit)
            return .with {
                $0.events = events.map { OrcaV1.Event($0) }
                // With less than a page there was nothing more that matches: go on from the end.
                $0.lastSequence = events.count == limit ? events.last?.sequence ?? after : max(after, last)
            }
        }
    }

    private static func newest(
        _ filter: EventFilter, _ limit: Int, _ invocation: Invocation
    ) async throws -> OrcaV1.ListEventsResponse {
        try await invocation.runtime.store.read { store in
            let events = try store.events.newest(filter, before: .max, limit: limit)
            return .with {
                $0.events = events.map { OrcaV1.Event($0) }
                $0.lastSequence = events.first?.sequence ?? 0
            }
        }
    }
}
