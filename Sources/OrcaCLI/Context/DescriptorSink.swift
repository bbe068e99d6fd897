import Glibc
import OrcaSupport

/// Text to a file descriptor, held back until there is enough of it.
///
/// When nobody reads any more (`orca log | head`) the process ends quietly, like other filters.
package final class DescriptorSink: TextSink {
    private let descriptor: Int32
    private let bufferMax: Int
    private var buffer: [UInt8] = []

    /// With `bufferMax` 0 every write goes out at once.
    package init(_ descriptor: Int32, bufferMax: Int = 64 << 10) {
        self.descriptor = descriptor
        self.bufferMax = bufferMax
    }

    package func write(bytes: [UInt8]) {
        buffer += bytes
        if buffer.count >= bufferMax { flush() }
    }

    package func flush() {
        var done = 0
        while done < buffer.count {
            let count = buffer.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
            if count >= 0 {
                done += count
            } else if errno == EAGAIN {
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, -1)
            } else if errno != EINTR {
                end(errno)
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Nobody reads, which is how filters end; or there is no room, which only the other descriptor can still say.
    private func end(_ code: Int32) -> Never {
        guard code != EPIPE else { _exit(0) }
        if descriptor == STDOUT_FILENO {
            let text =
                "error: The answer cannot be written: \(SystemError(code, "").reason). Free some room, or write it elsewhere.\n"
            // What fails here cannot be said anywhere.
            _ = text.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
        }
        _exit(1)
    }
}
