package import OrcaDomain
import OrcaSupport
import Synchronization

/// The server's time. Only this decides what is due or expired.
package protocol RuntimeClock: Sendable {
    var now: Timestamp { get }
    /// Returns after the time has passed or when the calling task is cancelled.
    func sleep(milliseconds: Int64) async
}

/// Wall time at the start, then monotonic: a jump of the machine's clock while the server runs moves nothing. Time does
/// not go back over a restart either: it starts no earlier than the last time this store has seen.
package final class ServerClock: RuntimeClock {
    private let origin: Mutex<Int64>
    private let last: Mutex<Int64>

    /// - Parameters:
    ///   - floor: the newest time that is recorded in the store.
    ///   - shared: the time of a clock to begin with, instead of this machine's.
    package init(floor: Timestamp = Timestamp(milliseconds: 0), shared: Int64? = nil) {
        let wall = max(shared ?? SystemTime.wallMilliseconds(), floor.milliseconds)
        origin = Mutex(wall - SystemTime.monotonicMilliseconds())
        last = Mutex(wall)
    }

    package var now: Timestamp {
        let reading = origin.withLock { $0 } + SystemTime.monotonicMilliseconds()
        let time = last.withLock { last in
            last = max(last, reading)
            return last
        }
        return Timestamp(milliseconds: time)
    }

    /// Goes by another clock from now on: that of the database which several servers share. Where this one is ahead it
    /// stands still until the other has come up.
    package func follow(_ shared: Int64) {
        origin.withLock { $0 = shared - SystemTime.monotonicMilliseconds() }
    }

    package func sleep(milliseconds: Int64) async {
        // Cancellation ends the sleep early, as promised; there is no other error.
        try? await Task.sleep(for: .milliseconds(max(0, milliseconds)))
    }
}
