import OrcaAPI
import OrcaSupport
import Synchronization

/// The threads of a pool and what they have done.
final class Crew: Sendable {
    private struct State {
        var summary = WorkSummary()
        var busy = 0
    }

    /// Raised when no more tasks shall be claimed.
    let halt = StopSignal()
    private let options: WorkOptions
    private let state = Mutex(State())
    private let threads = Mutex<[ManagedThread]>([])
    private let change = Wakeup()

    /// What a claim that waits at the server is given to come back before it is left behind.
    private static let idleGrace = Duration.milliseconds(300)

    init(_ options: WorkOptions) {
        self.options = options
    }

    var summary: WorkSummary { state.withLock { $0.summary } }

    /// The pool cannot go on.
    func fail(_ error: APIError) {
        state.withLock { $0.summary.failure = $0.summary.failure ?? error }
        halt.raise()
    }

    func start(_ context: WorkerContext) throws(SystemError) {
        for name in options.agentNames {
            let thread = try ManagedThread("orca-work") { [self] in
                ClaimLoop(context: context, crew: self, agent: name).run()
            }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Runs one attempt and keeps its report.
    func attempt(_ body: () -> AttemptReport) {
        state.withLock { $0.busy += 1 }
        let report = body()
        state.withLock { state in
            state.busy -= 1
            state.summary.reports.append(report)
        }
        change.ring()
    }

    /// Returns when all threads have ended. After a stop or a failure a thread that only waits for the answer to a
    /// claim is not waited for long: should the claim still succeed, it is given back, or its lease lapses.
    func waitUntilDone(_ stop: StopSignal) {
        let threads = threads.withLock { $0 }
        var leaveAt = Deadline.never
        while true {
            // What is waited for is decided once a round: whatever happens after this makes its descriptor readable.
            let running = threads.filter { !$0.isFinished }
            if running.isEmpty { return }
            let isStopped = stop.isRaised
            if isStopped { halt.raise() }
            let isHalted = halt.isRaised
            if isHalted {
                leaveAt = min(leaveAt, .after(Self.idleGrace))
                let isHurried = isStopped || summary.failure != nil
                if isHurried, leaveAt.hasPassed, state.withLock({ $0.busy == 0 }) { return }
            }
            // After the grace a thread that ends, or has done its attempt, wakes us.
            let until = isHalted && !leaveAt.hasPassed ? leaveAt : Deadline.never
            let signals = (isHalted ? [] : [halt.descriptor]) + (isStopped ? [] : [stop.descriptor])
            _ = Poll.readable([change.descriptor] + signals + running.map(\.descriptor), until: until)
            change.hear(until: .now)
        }
    }
}
