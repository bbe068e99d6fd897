/// Draws screens of lines so that only lines that changed are written.
package struct ScreenPainter {
    private var shown: [String] = []

    package init() {}

    package static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[H\u{1B}[2J"
    package static let leave = "\u{1B}[?25h\u{1B}[?1049l"

    /// The bytes that turn what is on the screen into `lines`.
    package mutating func paint(_ lines: [String]) -> String {
        var out = ""
        for (row, line) in lines.enumerated() where row >= shown.count || shown[row] != line {
            out += "\u{1B}[\(row + 1);1H\(line)\u{1B}[K"
        }
        if lines.count < shown.count { out += "\u{1B}[\(lines.count + 1);1H\u{1B}[J" }
        shown = lines
        return out
    }

    /// Forgets what is on the screen: the terminal has another size now.
    package mutating func reset() { shown = [] }
}
