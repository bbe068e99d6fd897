import CLinux
import Glibc

/// A file descriptor that is closed exactly once, when its last owner goes away.
package final class OwnedDescriptor: Sendable {
    package let raw: Int32

    /// Takes over an open descriptor.
    package init(_ raw: Int32) {
        precondition(raw >= 0, "an open descriptor is needed")
        self.raw = raw
    }

    deinit {
        close(raw)
    }

    /// Opens a file, close-on-exec. `mode` counts only with `O_CREAT`.
    package static func open(_ path: String, _ flags: Int32, mode: UInt32 = 0o600) throws(SystemError)
        -> OwnedDescriptor
    {
        let raw = orca_open(path, flags, mode)
        guard raw >= 0 else { throw .last("open", path) }
        return OwnedDescriptor(raw)
    }

    /// Writes all bytes; blocks while the other side is slow.
    package func write(_ bytes: [UInt8], to name: String = "") throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { Glibc.write(raw, $0.baseAddress! + done, $0.count - done) }
            if written >= 0 {
                done += written
            } else if errno != EINTR {
                throw .last("write", name)
            }
        }
    }

    /// Reads what is there, at most `limit` bytes. An empty array is the end; `nil` means nothing yet (only on a
    /// descriptor that never blocks).
    package func read(atMost limit: Int, from name: String = "") throws(SystemError) -> [UInt8]? {
        while true {
            var failed = false
            let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                let got = Glibc.read(raw, buffer.baseAddress!, limit)
                failed = got < 0
                count = max(0, got)
            }
            if !failed { return bytes }
            if errno == EAGAIN { return nil }
            if errno != EINTR { throw .last("read", name) }
        }
    }
}
