import Glibc
import OrcaStore
import OrcaSupport
import Synchronization

/// "One server per store": an advisory lock beside the file. It goes with its holder, however that ends.
final class StoreLock: Sendable {
    private let lock: Mutex<FileLock?>

    /// Waits for another holder as long as `patience`.
    init(beside path: String, holder: String, patience: Duration) throws {
        let lockPath = path + ".lock"
        do {
            let taken = try Self.take(lockPath, until: .after(patience))
            try taken.note(holder)
            lock = Mutex(taken)
        } catch {
            switch error.code {
            case EWOULDBLOCK:
                // The holder wrote its note right after it took the lock; a missing note is not worth failing for.
                let note = (try? Files.readText(lockPath, limit: 4_096)) ?? ""
                throw StoreError.heldByOther(holder: note.isEmpty ? "another server" : note)
            case EROFS, EACCES, EPERM: throw StoreError.readOnly(error.description)
            case ENOSPC, EDQUOT: throw StoreError.full(error.description)
            default: throw StoreError.cannotOpen(error.description)
            }
        }
    }

    private static func take(_ path: String, until deadline: Deadline) throws(SystemError) -> FileLock {
        while true {
            do {
                return try FileLock(path, wait: false)
            } catch {
                guard error.code == EWOULDBLOCK, !deadline.hasPassed else { throw error }
                // A lock that is waited for in the kernel cannot be given up.
                _ = Poll.readable([], until: .after(.milliseconds(5)))
            }
        }
    }

    func release() {
        lock.withLock { lock in
            lock?.unlock()
            lock = nil
        }
    }
}
