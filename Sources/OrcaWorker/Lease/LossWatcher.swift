import OrcaAPI
import OrcaConnect
import OrcaDomain
package import OrcaSupport
import Synchronization

/// Follows the server's events and makes the keeper of a task look at once when something ends its attempt, so that a
/// cancel is noticed within moments and not with the next renewal. When events cannot be had, renewals still tell.
package final class LossWatcher: Sendable {
    private let client: PatientClient
    private let workspace: String
    private let keepers = Mutex<[String: LeaseKeeper]>([:])
    private let stop = StopSignal()
    private let current = Mutex<TypedStream<OrcaV1.WatchEventsResponse>?>(nil)
    private let thread: Mutex<ManagedThread?> = Mutex(nil)

    /// Events that may mean the end of an attempt.
    private static let endings: Set<String> = [
        "task.canceled", "task.overridden", "task.released", "task.attempt_failed", "task.failed", "task.completed",
        "task.deleted", "lease.expired", "offer.lapsed", "project.deleted",
    ]

    package init(client: PatientClient, workspace: String) throws(SystemError) {
        self.client = client
        self.workspace = workspace
        let started = try ManagedThread("orca-watch") { self.run() }
        thread.withLock { $0 = started }
    }

    package func add(_ keeper: LeaseKeeper, task: String) { keepers.withLock { $0[task] = keeper } }
    package func remove(task: String) { keepers.withLock { $0[task] = nil } }

    /// Ends the watching; must be called.
    package func finish() {
        stop.raise()
        current.withLock { $0 }?.cancel()
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }

    private func run() {
        let backoff = Backoff(initial: .milliseconds(200), maximum: .seconds(10))
        var random = SystemRandomNumberGenerator()
        var failures = 0
        while !stop.isRaised {
            do {
                try follow { failures = 0 }
            } catch {
                // Not reported: renewals notice what is missed here, and say so when the server is away.
            }
            stop.wait(until: .after(backoff.delay(attempt: failures, random: &random)))
            failures = min(failures + 1, 10)
        }
    }

    private func follow(onEvent: () -> Void) throws(APIError) {
        var request = OrcaV1.WatchEventsRequest()
        request.workspace = workspace
        request.after = -1
        let stream = try client.client.stream(Operations.watchEvents, request)
        current.withLock { $0 = stream }
        defer {
            current.withLock { $0 = nil }
            stream.cancel()
        }
        // What happened before the stream was open has to be asked for.
        keepers.withLock { Array($0.values) }.forEach { $0.checkSoon() }
        while !stop.isRaised, let message = try stream.next() {
            onEvent()
            switch message.item {
            case .event(let event) where Self.endings.contains(event.type):
                keepers.withLock { $0[event.entityId] }?.checkSoon()
            case .gap: keepers.withLock { Array($0.values) }.forEach { $0.checkSoon() }
            case .event, nil: break
            }
        }
    }
}
