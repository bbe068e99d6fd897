/// A version of tmux, as `tmux -V` tells it: `tmux 3.3a`, `tmux next-3.5`, `tmux openbsd-7.4`, `tmux master`.
package struct TmuxVersion: Sendable, Hashable {
    /// Oldest version with `new-window -e` and pane options.
    package static let oldest = "3.2"
    private static let oldestParts = (3, 2)

    /// The line itself; empty when nothing was told.
    package let text: String

    package init(_ output: String) {
        text = output.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }

    /// Whether terminals can be had with it. What comes from a development branch, or with OpenBSD, is new.
    package var isNewEnough: Bool {
        guard text.hasPrefix("tmux "), let word = text.split(separator: " ").last else { return false }
        if word.hasPrefix("openbsd-") || word == "master" { return true }
        let digits = word.hasPrefix("next-") ? word.dropFirst(5) : word
        let parts = digits.split(separator: ".", maxSplits: 1)
        guard let major = parts.first.flatMap({ Int($0) }) else { return false }
        let minor = parts.count > 1 ? Int(parts[1].prefix { $0.isNumber }) ?? 0 : 0
        return (major, minor) >= Self.oldestParts
    }
}
