import Glibc

/// Waiting for several descriptors at once.
package enum Poll {
    /// Waits until one of the descriptors can be read, has hung up or failed, or the deadline passes.
    /// Returns the positions of those that can; empty means the deadline passed. Negative descriptors are skipped.
    package static func readable(_ descriptors: [Int32], until deadline: Deadline) -> [Int] {
        var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while true {
            let count = poll(&entries, nfds_t(entries.count), deadline.pollTimeoutMS)
            if count > 0 { return entries.indices.filter { entries[$0].revents != 0 } }
            if count == 0 && deadline.hasPassed { return [] }
            precondition(count == 0 || errno == EINTR || errno == ENOMEM, "poll was called with bad arguments")
        }
    }
}
