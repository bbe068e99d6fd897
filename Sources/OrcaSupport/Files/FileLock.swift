import CLinux
import Glibc

/// An advisory lock on a file, for everybody on this machine; it goes with its holder, however that ends.
package final class FileLock: Sendable {
    package let path: String
    private let file: OwnedDescriptor

    /// Takes the lock. Without `wait` it fails with `EWOULDBLOCK` when somebody has it. The file is made when it
    /// is missing and stays when the lock is gone.
    package init(_ path: String, exclusive: Bool = true, wait: Bool = true) throws(SystemError) {
        self.path = path
        file = try OwnedDescriptor.open(path, O_RDWR | O_CREAT)
        guard orca_flock(file.raw, exclusive ? 1 : 0, wait ? 1 : 0) == 0 else { throw .last("lock", path) }
    }

    /// Gives the lock back before the object goes away.
    package func unlock() {
        orca_funlock(file.raw)
    }

    /// Runs the body while holding the lock.
    package static func holding<R>(_ path: String, _ body: () throws -> R) throws -> R {
        let lock = try FileLock(path)
        defer { lock.unlock() }
        return try body()
    }

    /// What the holder wrote about itself, for error messages.
    package func note(_ text: String) throws(SystemError) {
        guard ftruncate(file.raw, 0) == 0, lseek(file.raw, 0, SEEK_SET) == 0 else { throw .last("write", path) }
        try file.write(Array(text.utf8), to: path)
    }
}
