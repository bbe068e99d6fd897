/// Labelled facts below each other.
package struct Details {
    private var rows: [(label: String, text: String, tone: Tone)] = []

    package init() {}

    /// Leaves the row out when there is nothing to say.
    package mutating func add(_ label: String, _ text: String?, _ tone: Tone = .plain) {
        if let text, !text.isEmpty { rows.append((label, TextWidth.inert(text), tone)) }
    }

    package mutating func add(_ label: String, _ words: [String]) { add(label, words.joined(separator: ", ")) }

    package func text(style: Style) -> String {
        let column = (rows.map { TextWidth.columns($0.label) }.max() ?? 0) + 2
        return rows.map { row in
            let padding = String(repeating: " ", count: column - TextWidth.columns(row.label))
            return style.dim(row.label) + padding + style.apply(row.tone, row.text) + "\n"
        }.joined()
    }
}
