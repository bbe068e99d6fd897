import OrcaHTTP
import Synchronization

/// Time that passes when the test says so.
final class ManualClock: LoopClock {
    private let time = Mutex<Int64>(1_000_000)
    private let wakes = Mutex<[@Sendable () -> Void]>([])

    func now() -> Int64 { time.withLock { $0 } }

    var runs: Bool { false }

    func onChange(_ wake: @escaping @Sendable () -> Void) { wakes.withLock { $0.append(wake) } }

    func advance(milliseconds: Int64) {
        time.withLock { $0 += milliseconds * 1000 }
        for wake in wakes.withLock({ $0 }) { wake() }
    }
}
