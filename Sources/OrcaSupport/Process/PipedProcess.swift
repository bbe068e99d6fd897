import CLinux
import Glibc

/// A child that is talked with over its standard input and output. Neither a child that does not read nor one that
/// writes without end can hold us up: what we do has a deadline, and what it sends is taken a piece at a time.
package final class PipedProcess: Sendable {
    private let child: ChildProcess
    private let input: OwnedDescriptor
    private let output: OwnedDescriptor

    private static let readBytesMax = 256 << 10

    /// Starts the program; its standard error goes nowhere.
    package init(_ command: SubprocessCommand) throws(SubprocessError) {
        // A child that has ended is no reason for us to end.
        SignalPipe.ignoreBrokenPipes()
        var ends: [Int32] = [-1, -1]
        guard orca_pipe_in(&ends) == 0 else { throw .system(.last("make a pipe")) }
        let (theirs, ours) = (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
        let back = try ChildStreams.pipe()
        let null = try ChildStreams.null()
        child = try ChildProcess.spawn(command, input: theirs.raw, output: back.writer.raw, error: null.raw)
        input = ours
        output = back.reader
    }

    package var pid: Int32 { child.pid }
    /// Readable when there is output, and when that has ended.
    package var outputDescriptor: Int32 { output.raw }
    /// Readable from the moment the child has ended.
    package var exitDescriptor: Int32 { child.descriptor }
    /// How it ended; `nil` while it runs.
    package var status: ExitStatus? { child.status }

    /// What it has written since: empty at the end, `nil` when there is nothing now.
    package func read() throws(SystemError) -> [UInt8]? {
        try output.read(atMost: Self.readBytesMax, from: "output of a child")
    }

    /// Writes all of it; false when the child did not take it in time or reads no more.
    package func write(_ bytes: [UInt8], until deadline: Deadline) -> Bool {
        var done = 0
        while done < bytes.count {
            let written = bytes[done...].withUnsafeBytes { Glibc.write(input.raw, $0.baseAddress, $0.count) }
            if written > 0 {
                done += written
            } else if errno == EAGAIN {
                guard waitForRoom(until: deadline) else { return false }
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    private func waitForRoom(until deadline: Deadline) -> Bool {
        var entry = pollfd(fd: input.raw, events: Int16(POLLOUT), revents: 0)
        while true {
            let count = poll(&entry, 1, deadline.pollTimeoutMS)
            if count > 0 { return entry.revents & Int16(POLLERR) == 0 }
            if deadline.hasPassed { return false }
        }
    }

    /// Ends it at once. Answers how it ended.
    @discardableResult
    package func kill() -> ExitStatus {
        child.signal(SIGKILL)
        return child.reap()
    }
}
