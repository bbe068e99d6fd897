import OrcaSupport
import Synchronization

/// Runs one command of an attempt and ends its whole tree when the attempt is over for another reason.
final class SupervisedRun: Sendable {
    enum End: Sendable, Hashable {
        case exited(ExitStatus)
        case timedOut
        case lost
        case stopped
    }

    private let process = Mutex<SupervisedProcess?>(nil)

    /// How the work is: running while nothing runs, so that a lease is kept while an attempt is prepared or wound up.
    var state: ProcessEntry.State {
        process.withLock { $0 }?.state ?? .running
    }

    /// Runs the command to its end, or ends it when `lost` or `stop` is raised or its time is up.
    func run(
        _ command: SubprocessCommand, input: SubprocessInput, marker: String, timeout: Duration?, grace: Duration,
        lost: StopSignal, stop: StopSignal, output: ([UInt8]) -> Void
    ) throws(SubprocessError) -> End {
        let started = try SupervisedProcess(command, input: input, marker: marker)
        process.withLock { $0 = started }
        defer {
            process.withLock { $0 = nil }
            started.end(grace: grace)
        }
        let pause = try started.follow(
            until: timeout.map(Deadline.after) ?? .never, wake: [lost.descriptor, stop.descriptor], output)
        switch pause {
        case .exited(let status): return .exited(status)
        case .deadlinePassed: return .timedOut
        case .woken(let position): return position == 0 ? .lost : .stopped
        }
    }
}
