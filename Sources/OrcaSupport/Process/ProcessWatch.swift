import CLinux
import Glibc

/// A process that is not our child, followed through its pidfd.
package final class ProcessWatch: Sendable {
    package let identity: ProcessEntry.Identity
    private let pidfd: OwnedDescriptor

    /// Fails with `ESRCH` when there is no such process.
    package init(pid: Int32) throws(SystemError) {
        let raw = orca_pidfd_open(pid)
        guard raw >= 0 else { throw .last("follow process", String(pid)) }
        pidfd = OwnedDescriptor(raw)
        // Read after the descriptor was opened: were the number given out again, this would be the new owner's.
        guard let entry = ProcessTable.entry(pid), entry.state != .dead else {
            throw SystemError(ESRCH, "follow process", String(pid))
        }
        identity = entry.identity
    }

    /// Readable from the moment the process has exited.
    package var descriptor: Int32 { pidfd.raw }

    package var state: ProcessEntry.State {
        identity.isAlive ? ProcessTable.state(of: identity.pid) : .dead
    }
}
