/// Rows in aligned columns. On a terminal the flexible columns shrink until a row fits its width; in a pipe
/// nothing is cut.
package struct Table {
    package struct Column {
        package var heading: String
        package var isFlexible = false
        package var isNumber = false

        package static func fixed(_ heading: String) -> Column { Column(heading: heading) }
        package static func flexible(_ heading: String) -> Column { Column(heading: heading, isFlexible: true) }
        package static func number(_ heading: String) -> Column { Column(heading: heading, isNumber: true) }
    }

    package struct Cell {
        package var text: String
        package var tone: Tone

        package init(_ text: String, _ tone: Tone = .plain) {
            self.text = TextWidth.inert(text)
            self.tone = tone
        }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []

    package init(_ columns: [Column]) { self.columns = columns }

    package var isEmpty: Bool { rows.isEmpty }

    /// Precondition: one cell for each column.
    package mutating func add(_ cells: [Cell]) {
        precondition(cells.count == columns.count, "a row needs a cell for every column")
        rows.append(cells)
    }

    /// The table with its headings; `width` is `nil` in a pipe. Where even the narrowest columns do not fit, a row that
    /// `clips` loses its end; otherwise it is wrapped by the terminal, and complete.
    package func text(width: Int?, style: Style, clips: Bool = false) -> String {
        var widths = fittedWidths(width)
        if clips, let width { clip(&widths, to: width) }
        var lines = [line(columns.map { Cell($0.heading, .faint) }, widths, style)]
        lines += rows.map { line($0, widths, style) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func fittedWidths(_ width: Int?) -> [Int] {
        var widths = columns.indices.map { column in
            let longest = rows.lazy.map { TextWidth.columns($0[column].text) }.max() ?? 0
            return max(longest, TextWidth.columns(columns[column].heading))
        }
        guard let width else { return widths }
        var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - width
        while excess > 0 {
            let candidates = columns.indices.filter { columns[$0].isFlexible && widths[$0] > 8 }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    /// Narrows the columns from the right; one without any width is left out with its gap.
    private func clip(_ widths: inout [Int], to width: Int) {
        for index in widths.indices.reversed() {
            let shown = widths.count { $0 > 0 }
            let excess = widths.reduce(0, +) + 2 * (shown - 1) - width
            if excess <= 0 { return }
            widths[index] = max(0, widths[index] - excess)
        }
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: Style) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() where widths[index] > 0 {
            let text = TextWidth.fit(cell.text, widths[index])
            let padding = String(repeating: " ", count: max(0, widths[index] - TextWidth.columns(text)))
            let styled = style.apply(cell.tone, text)
            let isLast = !widths[(index + 1)...].contains { $0 > 0 }
            if columns[index].isNumber { line += padding + styled } else { line += styled + (isLast ? "" : padding) }
            if !isLast { line += "  " }
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
