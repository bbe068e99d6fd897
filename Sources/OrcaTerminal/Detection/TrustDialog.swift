/// An agent's question whether the directory it was started in can be trusted: a list of choices, of which one is
/// marked. Which one that is differs from agent to agent and from version to version, so the screen is read.
package enum TrustDialog {
    /// What brings the answer nearer.
    package enum Step: Sendable, Hashable {
        case press(TerminalKey)
        /// "Yes" is marked: Enter gives it.
        case confirm
    }

    /// Rows that a list of choices has at most.
    private static let choicesMax = 6
    private static let marks: Set<Character> = ["❯", "›", "●", "▸", "▶", ">"]

    /// The next step to "yes"; `nil` when this is no such list, or one that cannot be understood.
    package static func step(_ rows: [String]) -> Step? {
        let choices = rows.map(Choice.init)
        for (yes, choice) in choices.enumerated() where choice.isYes {
            if choice.isMarked { return .confirm }
            let near = choices.indices.filter { choices[$0].isMarked && abs($0 - yes) <= choicesMax }
            guard let marked = near.min(by: { abs($0 - yes) < abs($1 - yes) }) else { continue }
            return .press(marked < yes ? .down : .up)
        }
        return nil
    }

    private struct Choice {
        let isMarked: Bool
        let isYes: Bool

        init(_ row: String) {
            var text = row[...]
            while let first = text.first, first.isWhitespace || "│┃|".contains(first) { text.removeFirst() }
            isMarked = text.first.map { marks.contains($0) && text.dropFirst().first?.isWhitespace == true } ?? false
            if isMarked { text.removeFirst() }
            while let first = text.first, first.isWhitespace || first.isNumber || first == "." { text.removeFirst() }
            let words = text.lowercased()
            isYes =
                words.hasPrefix("yes, i trust") || words.hasPrefix("yes, proceed") || words.hasPrefix("trust folder")
                || words.hasPrefix("trust this folder") || words.hasPrefix("yes, continue")
        }
    }
}
