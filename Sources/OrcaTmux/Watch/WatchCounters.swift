/// What the watch of the terminals did since it started.
package struct WatchCounters: Sendable, Hashable {
    /// How often it woke.
    package internal(set) var rounds = 0
    /// How often it was time to look at all panes.
    package internal(set) var reconciles = 0
    /// How often tmux was connected to.
    package internal(set) var connections = 0

    package init() {}
}
