import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport

/// The event stream without gaps: opens it again after a break and reads what was dropped.
final class EventFollower {
    struct Filter {
        var workspace: String
        var entity = ""
        var typePrefix = ""
    }

    private let client: any OrcaClient
    private let filter: Filter
    /// The last event that was handed out; 0 at the beginning, -1 for "from now".
    private(set) var after: Int64
    private var stream: TypedStream<OrcaV1.WatchEventsResponse>?
    private var pending: [OrcaV1.Event] = []
    private var failures = 0

    /// Times in a row that the stream may break without an event in between.
    private static let failuresMax = 5

    init(_ client: any OrcaClient, _ filter: Filter, after: Int64) {
        self.client = client
        self.filter = filter
        self.after = after
    }

    /// A descriptor that becomes readable when `next` would not wait; -1 when there is none.
    var descriptor: Int32 { stream?.erased.descriptor ?? -1 }

    /// Whether `next` has something without waiting for the network.
    var hasBuffered: Bool { !pending.isEmpty || stream == nil || stream?.erased.hasBuffered == true }

    /// The next event; waits for it.
    func next() throws(APIError) -> OrcaV1.Event {
        while true {
            if !pending.isEmpty { return handOut(pending.removeFirst()) }
            do throws(APIError) {
                switch try open().next()?.item {
                case .event(let event): return handOut(event)
                case .gap(let gap): try fill(gap)
                case nil: try pause(nil)
                }
            } catch {
                try pause(error)
            }
        }
    }

    func cancel() { stream?.cancel() }

    private func handOut(_ event: OrcaV1.Event) -> OrcaV1.Event {
        after = event.sequence
        failures = 0
        return event
    }

    private func open() throws(APIError) -> TypedStream<OrcaV1.WatchEventsResponse> {
        if let stream { return stream }
        var request = OrcaV1.WatchEventsRequest()
        request.workspace = filter.workspace
        request.after = after
        request.entity = filter.entity
        request.typePrefix = filter.typePrefix
        let opened = try client.stream(Operations.watchEvents, request)
        stream = opened
        return opened
    }

    /// The stream ended or broke: the next turn opens it again from where it was.
    private func pause(_ error: APIError?) throws(APIError) {
        stream?.cancel()
        stream = nil
        failures += 1
        if let error, failures > Self.failuresMax || error.category != .unavailable { throw error }
        if failures > Self.failuresMax {
            throw APIError(
                "stream_broken", .unavailable,
                "The server ends the event stream again and again. See 'orca status' and 'orca logs'.")
        }
        Pause.milliseconds(50 << failures)
    }

    private func fill(_ gap: OrcaV1.WatchEventsResponse.Gap) throws(APIError) {
        var request = OrcaV1.ListEventsRequest()
        request.workspace = filter.workspace
        request.entity = filter.entity
        request.typePrefix = filter.typePrefix
        request.after = max(0, gap.fromSequence - 1)
        request.limit = 1000
        while request.after < gap.toSequence {
            let page = try client.call(Operations.listEvents, request)
            pending += page.events.filter { $0.sequence <= gap.toSequence }
            guard page.lastSequence > request.after else { return }
            request.after = page.lastSequence
        }
    }
}
