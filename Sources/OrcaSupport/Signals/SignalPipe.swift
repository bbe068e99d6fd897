import CLinux
import Glibc

/// Signals as bytes of a pipe, so that a loop can poll for them beside its other work.
///
/// What a signal does belongs to the whole process: install one pipe per signal, once, and keep it.
package final class SignalPipe: Sendable {
    private let reader: OwnedDescriptor
    private let writer: OwnedDescriptor
    private let signals: [Int32]

    /// From now on these signals do nothing but arrive here.
    package init(_ signals: [Int32]) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard orca_pipe(&ends) == 0 else { throw .last("make a pipe for signals") }
        reader = OwnedDescriptor(ends[0])
        writer = OwnedDescriptor(ends[1])
        self.signals = signals
        // The handler must not block in a process that is flooded with signals.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        for signal in signals where orca_signal_to_pipe(signal, ends[1]) != 0 {
            throw .last("handle signal", String(signal))
        }
    }

    deinit {
        for signal in signals { orca_signal_default(signal) }
    }

    /// Readable while a signal waits.
    package var descriptor: Int32 { reader.raw }

    /// The next signal that arrived; `nil` when the deadline passed first.
    package func next(until deadline: Deadline = .never) -> Int32? {
        while true {
            var byte: UInt8 = 0
            if read(reader.raw, &byte, 1) == 1 { return Int32(byte) }
            if Poll.readable([reader.raw], until: deadline).isEmpty { return nil }
        }
    }

    /// A write to a pipe or socket whose reader has gone becomes an error instead of the end of the process.
    package static func ignoreBrokenPipes() {
        orca_signal_ignore(SIGPIPE)
    }
}
