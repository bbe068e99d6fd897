import CLinux

/// A bell: rings that nobody has heard yet count as one. It carries no data; who hears it looks for work.
package final class Wakeup: Sendable {
    private let event: OwnedDescriptor

    package init() {
        let raw = orca_eventfd()
        precondition(raw >= 0, "out of file descriptors")
        event = OwnedDescriptor(raw)
    }

    /// Readable while a ring has not been heard.
    package var descriptor: Int32 { event.raw }

    package func ring() {
        orca_eventfd_ring(event.raw)
    }

    /// Waits for a ring and takes it; false when the deadline passed first.
    @discardableResult
    package func hear(until deadline: Deadline = .never) -> Bool {
        while true {
            if orca_eventfd_take(event.raw) == 0 { return true }
            // Another thread may take the ring between the poll and the read: then wait again.
            if Poll.readable([event.raw], until: deadline).isEmpty { return false }
        }
    }
}
