/// How often a task is tried, and how long to wait in between.
package struct RetryPolicy: Sendable, Hashable {
    /// Consecutive failures after which the task is `failed`.
    package var attemptsMax: Int
    package var backoffInitialMS: Int64
    package var backoffMaxMS: Int64

    package static let standard = RetryPolicy(attemptsMax: 3, backoffInitialMS: 1_000, backoffMaxMS: 300_000)

    package init(attemptsMax: Int, backoffInitialMS: Int64, backoffMaxMS: Int64) {
        self.attemptsMax = attemptsMax
        self.backoffInitialMS = backoffInitialMS
        self.backoffMaxMS = backoffMaxMS
    }

    /// Whether another attempt may follow this many consecutive failures.
    package func allowsAnother(afterFailures failures: Int) -> Bool {
        failures < attemptsMax
    }

    /// Milliseconds to wait after the given number of consecutive failures (1 or more): exponential with "equal
    /// jitter", that is half of the delay fixed and half random, so that a herd spreads but nobody starts at once.
    ///
    /// - Parameter unit: a random number in 0 ..< 1.
    package func delayMS(afterFailures failures: Int, unit: Double) -> Int64 {
        precondition(failures >= 1 && unit >= 0 && unit < 1)
        let shift = min(failures - 1, 40)
        let (grown, overflow) = backoffInitialMS.multipliedReportingOverflow(by: Int64(1) << Int64(shift))
        let delay = overflow ? backoffMaxMS : min(grown, backoffMaxMS)
        return delay / 2 + Int64(Double(delay - delay / 2) * unit)
    }
}
