import OrcaSupport

/// The machine's monotonic milliseconds, by which everything is decided, and how to tell them to people.
enum HostClock {
    static var now: Int64 { SystemTime.monotonicMilliseconds() }

    /// Milliseconds since 1970 of a monotonic moment, by a clock that people are told the time of.
    static func wall(_ moment: Int64, by clock: @Sendable () -> Int64) -> Int64 { clock() - (now - moment) }
}
