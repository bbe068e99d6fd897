import CLinux
import Glibc
import Synchronization

/// A latch that any number of threads can wait for or poll on: once raised it stays raised.
package final class StopSignal: Sendable {
    private let event: OwnedDescriptor
    private let raised = Atomic(false)

    package init() {
        let raw = orca_eventfd()
        precondition(raw >= 0, "out of file descriptors")
        event = OwnedDescriptor(raw)
    }

    package var isRaised: Bool { raised.load(ordering: .acquiring) }

    /// Readable from the moment the signal is raised; nobody may read from it.
    package var descriptor: Int32 { event.raw }

    /// Raises the signal. May be called from any thread, any number of times.
    package func raise() {
        guard !raised.exchange(true, ordering: .acquiringAndReleasing) else { return }
        orca_eventfd_ring(event.raw)
    }

    /// Waits for the signal; true when it is raised, false when the deadline passed first.
    @discardableResult
    package func wait(until deadline: Deadline = .never) -> Bool {
        isRaised || !Poll.readable([event.raw], until: deadline).isEmpty
    }
}
