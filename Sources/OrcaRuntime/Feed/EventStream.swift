import OrcaAPI
import OrcaDomain
import OrcaEngine
package import OrcaProtobuf
import OrcaStore
import Synchronization

/// One reader of the change log. It holds a position, nothing else: a slow reader falls back to reading the store in
/// pages, so it costs no memory and loses nothing but what retention has taken; that it is told by a gap.
package final class EventStream: ResponseStream {
    private static let pageMax = 256

    private let filter: EventFilter
    private let runtime: Runtime
    private let state: Mutex<(position: Int64, isOver: Bool, waiting: Task<Void, Never>?)>

    private init(filter: EventFilter, position: Int64, runtime: Runtime) {
        self.filter = filter
        self.runtime = runtime
        state = Mutex((position: position, isOver: false, waiting: nil))
    }

    static func open(_ request: OrcaV1.WatchEventsRequest, _ invocation: Invocation) async throws -> EventStream {
        let actor = invocation.actor
        let runtime = invocation.runtime
        let (filter, last) = try await runtime.store.read { store in
            let filter = try EventQueries.filter(
                store, actor, workspace: request.workspace, entity: request.entity, prefix: request.typePrefix)
            return (filter, try store.events.lastSequence(in: filter.workspace))
        }
        guard request.after <= last else {
            throw DomainError(
                .invalidArgument,
                "There is no event \(request.after) yet; the newest is \(last). Pass -1 to begin with the next one.",
                details: ["field": "after", "last_sequence": String(last)])
        }
        let position = request.after < 0 ? last : request.after
        await runtime.feed.enter(filter.workspace)
        return EventStream(filter: filter, position: position, runtime: runtime)
    }

    deinit {
        if !state.withLock({ $0.isOver }) { runtime.feed.leave(filter.workspace) }
    }

    package func next() async throws -> [any ProtoMessage]? {
        while true {
            let (position, isOver) = state.withLock { ($0.position, $0.isOver) }
            if isOver || Task.isCancelled { return nil }
            let found = try await messages(after: position)
            if !found.isEmpty { return found }
            await waitForMore(after: state.withLock { $0.position })
        }
    }

    package func cancel() {
        let waiting = state.withLock { state -> Task<Void, Never>? in
            guard !state.isOver else { return nil }
            state.isOver = true
            runtime.feed.leave(filter.workspace)
            return state.waiting
        }
        waiting?.cancel()
    }

    private func waitForMore(after position: Int64) async {
        let wait = Task { [filter, runtime] in await runtime.feed.wait(filter, after: position) }
        let isOver = state.withLock { state in
            state.waiting = wait
            return state.isOver
        }
        if isOver { wait.cancel() }
        await withTaskCancellationHandler {
            await wait.value
        } onCancel: {
            wait.cancel()
        }
    }

    private func messages(after position: Int64) async throws -> [any ProtoMessage] {
        if let recent = runtime.feed.recent(in: filter.workspace, after: position) {
            return advance(Array(recent.prefix(Self.pageMax)), gapAfter: nil)
        }
        let filter = filter
        let (page, first) = try await runtime.store.read { store in
            (
                try store.events.page(EventFilter(workspace: filter.workspace), after: position, limit: Self.pageMax),
                try store.events.firstSequence(in: filter.workspace)
            )
        }
        return advance(page, gapAfter: first > position + 1 ? (position, first) : nil)
    }

    private func advance(_ events: [Event], gapAfter gap: (position: Int64, first: Int64)?) -> [any ProtoMessage] {
        var messages: [any ProtoMessage] = []
        if let gap {
            messages.append(
                OrcaV1.WatchEventsResponse.with {
                    $0.item = .gap(
                        .with {
                            $0.fromSequence = gap.position + 1
                            $0.toSequence = gap.first - 1
                        })
                })
        }
        if let last = events.last?.sequence ?? gap.map({ $0.first - 1 }) {
            state.withLock { $0.position = last }
        }
        for event in events where filter.admits(event) {
            messages.append(OrcaV1.WatchEventsResponse.with { $0.item = .event(OrcaV1.Event(event)) })
        }
        return messages
    }
}
