import Synchronization

/// A long-running program under supervision: its output is handed on as it comes, and its whole tree can be ended.
///
/// Its environment carries `ORCA_TREE=<marker>`. One thread follows it with `follow`; any thread may call `end`,
/// `state` and `tree`.
package final class SupervisedProcess: Sendable {
    package let child: ChildProcess
    package let tree: ProcessTree
    private let output: OwnedDescriptor
    private let ended = Mutex<ExitStatus?>(nil)

    /// Why `follow` returned.
    package enum Pause: Sendable, Hashable {
        case exited(ExitStatus)
        /// Position in `wake` of a descriptor that became readable.
        case woken(Int)
        case deadlinePassed
    }

    /// Starts the program with standard output and standard error in one pipe to us.
    package init(
        _ command: SubprocessCommand, input: SubprocessInput = .null, marker: String = ProcessTree.newMarker()
    ) throws(SubprocessError) {
        var command = command
        command.environment[ProcessTree.markerName] = marker
        let source = try ChildStreams.open(input)
        let pipe = try ChildStreams.pipe()
        child = try ChildProcess.spawn(
            command, input: source?.raw ?? 0, output: pipe.writer.raw, error: pipe.writer.raw)
        output = pipe.reader
        tree = ProcessTree(root: child.pid, marker: "\(ProcessTree.markerName)=\(marker)")
    }

    /// Hands on output until the program exits, one of `wake` becomes readable, or the deadline passes. The
    /// program's own last words have been handed on when it returns `exited`; it is a zombie until `end`.
    package func follow(
        until deadline: Deadline = .never, wake: [Int32] = [], _ consume: ([UInt8]) -> Void
    ) throws(SubprocessError) -> Pause {
        var pipe = OutputPipe(output)
        while true {
            if let status = child.status {
                try pipe.drain(consume)
                return .exited(status)
            }
            let ready = Poll.readable([child.descriptor, pipe.descriptor] + wake, until: deadline)
            if ready.contains(1) { _ = try pipe.readAvailable(consume) }
            if ready.contains(0) { continue }
            if let first = ready.first(where: { $0 >= 2 }) { return .woken(first - 2) }
            if ready.isEmpty || deadline.hasPassed { return .deadlinePassed }
        }
    }

    /// Whether it gets on with its work: a stopped process is not alive, a silent one is.
    package var state: ProcessEntry.State {
        child.status == nil ? tree.state() : .dead
    }

    /// Ends whatever is left of the tree and frees its number. Returns how the program itself ended.
    @discardableResult
    package func end(grace: Duration = .seconds(2)) -> ExitStatus {
        ended.withLock { ended in
            // Once it was reaped, its number may be somebody else's.
            if let ended { return ended }
            tree.kill(grace: grace)
            let status = child.reap()
            ended = status
            return status
        }
    }
}
