/// A point in time until which a blocking call may wait; it keeps counting while the machine sleeps.
package struct Deadline: Sendable, Comparable {
    /// `nil` is the end of time.
    private let instant: ContinuousClock.Instant?

    package static let never = Deadline(instant: nil)

    package static func after(_ duration: Duration) -> Deadline {
        Deadline(instant: ContinuousClock.now.advanced(by: duration))
    }

    package static var now: Deadline { .after(.zero) }

    package var hasPassed: Bool {
        guard let instant else { return false }
        return ContinuousClock.now >= instant
    }

    /// The time that is left, never negative; `nil` for `never`.
    package var remaining: Duration? {
        guard let instant else { return nil }
        return max(.zero, ContinuousClock.now.duration(to: instant))
    }

    /// The argument for `poll`: -1 for ever, else milliseconds rounded up, so that a poll never returns early.
    package var pollTimeoutMS: Int32 {
        guard let remaining else { return -1 }
        let milliseconds = remaining.milliseconds + (remaining.attosecondsBelowMillisecond > 0 ? 1 : 0)
        return Int32(clamping: milliseconds)
    }

    package static func < (left: Deadline, right: Deadline) -> Bool {
        switch (left.instant, right.instant) {
        case (let left?, let right?): left < right
        case (_?, nil): true
        case (nil, _): false
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    fileprivate var attosecondsBelowMillisecond: Int64 {
        components.attoseconds % 1_000_000_000_000_000
    }
}
