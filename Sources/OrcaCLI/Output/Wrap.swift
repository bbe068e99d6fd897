/// Breaks paragraphs into lines.
package enum Wrap {
    /// Paragraphs are separated by empty lines; lines that begin with a space are kept as they are. A word longer
    /// than the width stands alone on its line.
    package static func text(_ text: String, width: Int, indent: Int = 0) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var current = ""
        func flush() {
            if !current.isEmpty { lines.append(margin + current) }
            current = ""
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty || line.first == " " {
                flush()
                lines.append(line.isEmpty ? "" : margin + line)
                continue
            }
            for word in line.split(separator: " ") {
                let room = width - indent - TextWidth.columns(current) - 1
                if !current.isEmpty, TextWidth.columns(String(word)) > room { flush() }
                current += (current.isEmpty ? "" : " ") + word
            }
        }
        flush()
        return lines.joined(separator: "\n")
    }
}
