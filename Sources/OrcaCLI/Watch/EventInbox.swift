import OrcaAPI
import OrcaDomain
import OrcaSupport
import Synchronization

/// Events that a thread of their own collects, for a loop that must not wait for the network.
final class EventInbox: Sendable {
    private struct State {
        var events: [OrcaV1.Event] = []
        var failure: APIError?
    }

    private let follower: EventFollower
    private let state = Mutex(State())
    private let bell = Wakeup()
    private let thread = Mutex<ManagedThread?>(nil)

    /// Events kept until the loop takes them; beyond it the oldest go.
    private static let eventsMax = 10_000

    init(_ follower: EventFollower) throws(APIError) {
        self.follower = follower
        do throws(SystemError) {
            let started = try ManagedThread("events") { [weak self, follower] in
                while let self, self.collect(follower) {}
            }
            thread.withLock { $0 = started }
        } catch {
            throw APIError("threads_exhausted", .internal, "\(error.description). Try again.")
        }
    }

    /// Readable when there is something to take.
    var descriptor: Int32 { bell.descriptor }

    /// What has come since the last time. Throws what ended the stream.
    func take() throws(APIError) -> [OrcaV1.Event] {
        bell.hear(until: .now)
        let (events, failure) = state.withLock { state in
            defer { state.events = [] }
            return (state.events, state.failure)
        }
        if let failure { throw failure }
        return events
    }

    func finish() {
        follower.cancel()
        thread.withLock { $0 }?.join()
    }

    private func collect(_ follower: EventFollower) -> Bool {
        defer { bell.ring() }
        do throws(APIError) {
            guard let event = try follower.next() else { return false }
            state.withLock { state in
                state.events.append(event)
                if state.events.count > Self.eventsMax { state.events.removeFirst(Self.eventsMax / 2) }
            }
            return true
        } catch {
            state.withLock { $0.failure = error }
            return false
        }
    }
}
