/// When to connect to tmux again: at once after a connection that held, later and later while none does.
package struct ReconnectPause: Sendable, Hashable {
    package static let shortestMS: Int64 = 100
    package static let longestMS: Int64 = 10_000
    /// A connection that held for so long was a good one.
    package static let goodMS: Int64 = 5_000

    package private(set) var at: Int64?
    private var pause: Int64 = 0
    private var connectedAt: Int64?

    package init() {}

    package mutating func succeeded(_ now: Int64) { connectedAt = now }

    package mutating func failed(_ now: Int64) {
        if let connectedAt, now - connectedAt >= Self.goodMS { pause = 0 }
        at = now + pause
        connectedAt = nil
        pause = min(Self.longestMS, max(Self.shortestMS, pause * 2))
    }

    /// True once when the time has come.
    package mutating func isDue(_ now: Int64) -> Bool {
        guard let at, now >= at else { return false }
        self.at = nil
        return true
    }
}
