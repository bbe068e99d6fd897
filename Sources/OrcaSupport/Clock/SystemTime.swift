import Glibc

/// The machine's two clocks, in milliseconds.
package enum SystemTime {
    /// Since 1970, and may jump.
    package static func wallMilliseconds() -> Int64 { read(CLOCK_REALTIME) }

    /// Since some start, and never goes back; goes on while the machine sleeps.
    package static func monotonicMilliseconds() -> Int64 { read(CLOCK_BOOTTIME) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        precondition(clock_gettime(clock, &time) == 0, "the kernel has no clock \(clock)")
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
