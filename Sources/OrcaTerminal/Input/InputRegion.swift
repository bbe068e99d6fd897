/// What stands where a program takes its input: compared before and after Enter, it tells whether the text was taken.
package struct InputRegion: Sendable, Hashable {
    /// Without blanks and frames, so that wrapping does not matter.
    package let text: String
    /// Whether the agent's prompt is there.
    package let hasPrompt: Bool

    package init(_ screen: TerminalScreen, by rules: AgentRules) {
        let cursor = min(max(0, screen.cursorRow), max(0, screen.rows.count - 1))
        var first = cursor
        var isPrompt = false
        // Below the cursor only when the program parks it elsewhere.
        for position in screen.rows.indices.reversed() where rules.isPrompt(screen.rows[position]) {
            first = position
            isPrompt = true
            break
        }
        hasPrompt = isPrompt
        let last = max(cursor, first)
        let rows = screen.rows.isEmpty ? [] : screen.rows[min(first, cursor)...last]
        text = Self.compact(rows.joined())
    }

    /// The end of a text as it would stand in a region.
    package static func tail(of text: String) -> String {
        let line = text.split(separator: "\n").last.map(String.init) ?? ""
        return String(compact(line).suffix(24))
    }

    /// Whether the text that stood here before Enter has been taken.
    package func showsTaken(before: InputRegion, tail: String) -> Bool {
        guard text != before.text else { return false }
        if !tail.isEmpty, text.contains(tail) { return false }
        let lower = text.lowercased()
        return !lower.contains("[pastedtext") && !lower.contains("[pastedcontent")
    }

    private static func compact(_ text: String) -> String {
        String(text.filter { !$0.isWhitespace && !"│┃║▌▐╎┆┊─━╭╮╰╯".contains($0) })
    }
}

extension AgentRules {
    /// Whether a row of the screen is where input is typed.
    package func isPrompt(_ row: String) -> Bool {
        var text = Array<Character>(row.lowercased())[...]
        while let last = text.last, last.isWhitespace || "│┃║▌▐╎┆┊".contains(last) { text.removeLast() }
        while let first = text.first, first.isWhitespace || "│┃║▌▐╎┆┊".contains(first) { text.removeFirst() }
        guard !text.isEmpty else { return false }
        return promptRows.match(Array(text)) && !menuRows.match(Array(text))
    }
}
