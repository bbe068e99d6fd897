import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport
import Synchronization

/// The event stream without gaps: opens it again after a break and reads what was dropped.
///
/// One thread calls `next`; any thread may call `cancel`.
final class EventFollower: Sendable {
    struct Filter: Sendable {
        var workspace: String
        var entity = ""
        var typePrefix = ""
    }

    private struct State {
        /// The last event that was handed out; 0 at the beginning, -1 for "from now".
        var after: Int64
        var pending: [OrcaV1.Event] = []
        var failures = 0
    }

    private let client: any OrcaClient
    private let filter: Filter
    private let state: Mutex<State>
    private let stream = Mutex<TypedStream<OrcaV1.WatchEventsResponse>?>(nil)
    private let canceled = StopSignal()

    /// Times in a row that the stream may break without an event in between.
    private static let failuresMax = 6

    init(_ client: any OrcaClient, _ filter: Filter, after: Int64) {
        self.client = client
        self.filter = filter
        state = Mutex(State(after: after))
    }

    /// The next event; waits for it. `nil` once it is canceled.
    func next() throws(APIError) -> OrcaV1.Event? {
        let result: Result<OrcaV1.Event?, APIError> = state.withLock { state in
            do throws(APIError) { return .success(try advance(&state)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    func cancel() {
        canceled.raise()
        stream.withLock { $0 }?.cancel()
    }

    private func advance(_ state: inout State) throws(APIError) -> OrcaV1.Event? {
        while !canceled.isRaised {
            if !state.pending.isEmpty { return handOut(state.pending.removeFirst(), &state) }
            do throws(APIError) {
                switch try open(state.after).next()?.item {
                case .event(let event): return handOut(event, &state)
                case .gap(let gap): try fill(gap, &state)
                case nil: try pause(nil, &state)
                }
            } catch {
                try pause(error, &state)
            }
        }
        return nil
    }

    private func handOut(_ event: OrcaV1.Event, _ state: inout State) -> OrcaV1.Event {
        state.after = event.sequence
        state.failures = 0
        return event
    }

    private func open(_ after: Int64) throws(APIError) -> TypedStream<OrcaV1.WatchEventsResponse> {
        if let open = stream.withLock({ $0 }) { return open }
        var request = OrcaV1.WatchEventsRequest()
        request.workspace = filter.workspace
        request.after = after
        request.entity = filter.entity
        request.typePrefix = filter.typePrefix
        let opened = try client.stream(Operations.watchEvents, request)
        stream.withLock { $0 = opened }
        // Whoever canceled meanwhile saw no stream to cancel.
        if canceled.isRaised { opened.cancel() }
        return opened
    }

    /// The stream ended or broke: the next turn opens it again from where it was.
    private func pause(_ error: APIError?, _ state: inout State) throws(APIError) {
        stream.withLock {
            $0?.cancel()
            $0 = nil
        }
        if canceled.isRaised { return }
        state.failures += 1
        if let error, state.failures > Self.failuresMax || error.category != .unavailable { throw error }
        if state.failures > Self.failuresMax {
            throw APIError(
                "stream_broken", .unavailable,
                "The server ends the event stream again and again. See 'orca status' and 'orca logs'.")
        }
        canceled.wait(until: .after(.milliseconds(25 << state.failures)))
    }

    private func fill(_ gap: OrcaV1.WatchEventsResponse.Gap, _ state: inout State) throws(APIError) {
        var request = OrcaV1.ListEventsRequest()
        request.workspace = filter.workspace
        request.entity = filter.entity
        request.typePrefix = filter.typePrefix
        request.after = max(0, gap.fromSequence - 1)
        request.limit = 1000
        while request.after < gap.toSequence {
            let page = try client.call(Operations.listEvents, request)
            state.pending += page.events.filter { $0.sequence <= gap.toSequence }
            guard page.lastSequence > request.after else { return }
            request.after = page.lastSequence
        }
    }
}
