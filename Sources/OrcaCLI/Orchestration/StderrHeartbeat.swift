import OrcaSupport

/// Tells on standard error that a waiting command is alive, one line of JSON every 15 seconds.
final class StderrHeartbeat {
    static let intervalVariable = "ORCA_HEARTBEAT_INTERVAL_MS"
    private static let intervalStandardMS: Int64 = 15_000

    private let isOver = StopSignal()
    private let thread: ManagedThread?

    /// - Parameter deadlineMS: when the command gives up, if somebody said so.
    init(_ call: ContractCall, deadlineMS: Int64?) {
        let named = call.base.context.variable(Self.intervalVariable).flatMap { Int64($0) } ?? 0
        let interval = named > 0 ? named : Self.intervalStandardMS
        let write = call.base.context.progressSink
        let isOver = isOver
        let start = SystemTime.monotonicMilliseconds()
        // Without the thread the wait goes on all the same, only silently.
        thread = try? ManagedThread("heartbeat") {
            var beat = interval
            while true {
                let left = start + beat - SystemTime.monotonicMilliseconds()
                if isOver.wait(until: .after(.milliseconds(max(0, left)))) { return }
                let elapsed = SystemTime.monotonicMilliseconds() - start
                let deadline = deadlineMS.map { String($0) } ?? "null"
                write("{\"_heartbeat\":true,\"elapsedMs\":\(elapsed),\"deadlineMs\":\(deadline)}\n")
                beat += interval
            }
        }
    }

    func stop() {
        isOver.raise()
        thread?.join()
    }

    deinit { stop() }
}
