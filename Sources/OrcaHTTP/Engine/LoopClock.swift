import CHTTPShim

/// The time of the loop. Tests put their own in its place, and then no time passes but what they let pass.
package protocol LoopClock: Sendable {
    /// Microseconds since some moment.
    func now() -> Int64

    /// Whether time passes by itself, so that waiting makes sense.
    var runs: Bool { get }

    /// Calls `wake` whenever time is moved by hand.
    func onChange(_ wake: @escaping @Sendable () -> Void)
}

/// The system's monotonic clock.
package struct MonotonicClock: LoopClock {
    package init() {}

    package func now() -> Int64 { http_monotonic_us() }

    package var runs: Bool { true }

    package func onChange(_ wake: @escaping @Sendable () -> Void) {}
}
