import OrcaTerminal

/// Asks tmux for a screen.
enum ScreenCapture {
    static let format = "#{cursor_x} #{cursor_y} #{alternate_on} #{pane_in_mode}"

    static func commands(_ paneID: String) -> [String] {
        ["display-message -p -t \(paneID) \(TmuxQuoting.word(format))", "capture-pane -p -t \(paneID)"]
    }

    /// From the answers to both, one after the other; `nil` when there are none.
    static func screen(_ lines: [String]) -> TerminalScreen? {
        guard let numbers = lines.first?.split(separator: " ").map({ Int($0) ?? 0 }), numbers.count == 4 else {
            return nil
        }
        let rows = lines.dropFirst().map { row in
            var row = Substring(row)
            while row.last == " " { row.removeLast() }
            return String(row)
        }
        return TerminalScreen(
            rows: Array(rows), cursorColumn: numbers[0], cursorRow: numbers[1], isAlternate: numbers[2] == 1)
    }
}
