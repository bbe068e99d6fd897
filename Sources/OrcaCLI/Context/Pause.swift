import Glibc

/// Waiting for time to pass, where nothing can be waited for.
enum Pause {
    static func milliseconds(_ count: Int) { poll(nil, 0, Int32(clamping: count)) }
}
