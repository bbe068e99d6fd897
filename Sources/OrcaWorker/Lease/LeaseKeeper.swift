package import OrcaAPI
import OrcaDomain
package import OrcaSupport
import Synchronization

/// Keeps one lease alive while the work behind it is, on a thread of its own.
///
/// A stopped process is not alive: its lease is left to lapse. The loss of the lease raises `lost`.
package final class LeaseKeeper: Sendable {
    /// Raised when the token has been replaced or the task is over.
    package let lost = StopSignal()
    private let reason = Mutex<APIError?>(nil)
    private let done = StopSignal()
    private let doubt = Wakeup()
    private let thread: Mutex<ManagedThread?> = Mutex(nil)

    private let client: PatientClient
    private let workspace: String
    private let task: String
    private let attempt: String
    private let token: Int64
    private let ttlMS: Int32
    private let state: @Sendable () -> ProcessEntry.State
    private let onStopped: @Sendable () -> Void

    /// How often a stopped process is looked at again.
    private static let stoppedInterval = Duration.seconds(1)

    /// `state` tells how the work is; `dead` means that it is being wound up, and the lease is still needed.
    package init(
        client: PatientClient, lease: OrcaV1.Lease, workspace: String,
        state: @escaping @Sendable () -> ProcessEntry.State,
        onStopped: @escaping @Sendable () -> Void = {}
    ) throws(SystemError) {
        self.client = client
        self.workspace = workspace
        task = lease.task
        attempt = lease.attempt
        token = lease.token
        ttlMS = max(lease.ttlMs, 30)
        self.state = state
        self.onStopped = onStopped
        // The thread holds the keeper until `finish`, which whoever made it must call.
        let started = try ManagedThread("orca-lease") { self.run() }
        thread.withLock { $0 = started }
    }

    /// Why the lease was lost.
    package var loss: APIError? { reason.withLock { $0 } }

    /// Something happened to the task: look at once whether it is still ours.
    package func checkSoon() { doubt.ring() }

    /// Stops keeping the lease.
    package func finish() {
        done.raise()
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }

    private func run() {
        let interval = Duration.milliseconds(Int64(ttlMS) / 3)
        var next = Deadline.after(interval)
        var wasStopped = false
        while !done.isRaised && !lost.isRaised {
            _ = Poll.readable([done.descriptor, doubt.descriptor], until: next)
            if done.isRaised { return }
            if doubt.hear(until: .now) {
                look()
            } else if state() == .stopped {
                if !wasStopped { onStopped() }
                wasStopped = true
                next = .after(min(interval, Self.stoppedInterval))
            } else {
                wasStopped = false
                renew()
                next = .after(interval)
            }
        }
    }

    private func renew() {
        var request = OrcaV1.RenewLeaseRequest()
        request.workspace = workspace
        request.task = task
        request.token = token
        do { _ = try client.call(Operations.renewLease, request, giveUp: done) } catch { judge(error) }
    }

    /// Reads the attempt: unlike a renewal this tells nobody that a stopped process is alive.
    private func look() {
        var request = OrcaV1.GetAttemptRequest()
        request.workspace = workspace
        request.attempt = attempt
        do throws(APIError) {
            let found = try client.call(Operations.getAttempt, request, giveUp: done).attempt ?? OrcaV1.Attempt()
            if found.outcome != .active {
                let word = found.outcome == .unspecified ? "over" : "\(found.outcome)"
                lose(
                    APIError(
                        "lease_lost", .conflict,
                        "the attempt was \(word)\(found.error.isEmpty ? "" : ": \(found.error)")"))
            }
        } catch {
            judge(error)
        }
    }

    private func judge(_ error: APIError) {
        // `internal` is the server's fault and not a verdict on this lease.
        if error.isTransient || error.category == .internal || done.isRaised { return }
        lose(error)
    }

    private func lose(_ error: APIError) {
        reason.withLock { $0 = $0 ?? error }
        lost.raise()
    }
}
