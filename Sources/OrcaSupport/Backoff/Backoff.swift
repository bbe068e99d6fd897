/// Growing waits between tries of something that is down: exponential, bounded, with jitter.
package struct Backoff: Sendable, Hashable {
    package let initial: Duration
    package let maximum: Duration

    package init(initial: Duration = .milliseconds(200), maximum: Duration = .seconds(30)) {
        precondition(initial > .zero && maximum >= initial, "a backoff grows from a positive wait")
        self.initial = initial
        self.maximum = maximum
    }

    /// The wait before try number `attempt + 1`, for `attempt` from 0: `initial * 2^attempt`, at most `maximum`,
    /// of which a random part between half and all is taken, so that clients that failed together do not return
    /// together.
    package func delay(attempt: Int, random: inout some RandomNumberGenerator) -> Duration {
        precondition(attempt >= 0)
        var full = initial
        for _ in 0..<attempt where full < maximum { full = full * 2 }
        full = min(full, maximum)
        let half = full.milliseconds / 2
        // The high half of the product spreads the random number evenly over 0...half, without a retry loop.
        let part = UInt64(half + 1).multipliedFullWidth(by: random.next()).high
        return .milliseconds(full.milliseconds - half + Int64(part))
    }
}
