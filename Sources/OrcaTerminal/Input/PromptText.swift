/// Makes text that came from anywhere safe to type into a terminal: nothing in it can press a key, end a paste or
/// start an escape sequence.
package enum PromptText {
    /// Tabs and line feeds stay; other control characters go (C0, DEL, C1), line ends become LF, those at the end go.
    ///
    /// A program in bracketed paste would take `ESC [ 201 ~` for the end of the paste and what follows as typed.
    package static func sanitized(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var wasReturn = false
        for scalar in text.unicodeScalars {
            let isReturn = scalar == "\r"
            defer { wasReturn = isReturn }
            switch scalar.value {
            case 0x0D: result.append("\n")
            case 0x0A: if !wasReturn { result.append("\n") }
            case 0x09: result.append(scalar)
            case 0x00...0x1F, 0x7F...0x9F: continue
            default: result.append(scalar)
            }
        }
        while result.last == "\n" { result.removeLast() }
        return String(result)
    }

    /// One line without control characters, not longer than `limit` characters: for titles and names.
    package static func label(_ text: String, limit: Int) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: result.append(" ")
            case 0x00...0x1F, 0x7F...0x9F: continue
            default: result.append(scalar)
            }
        }
        return String(String(result).prefix(limit))
    }

    /// Whether a program without bracketed paste would see more than one line.
    package static func isMultiline(_ text: String) -> Bool { text.utf8.contains(UInt8(ascii: "\n")) }
}
