/// Terminal columns of text, and text made safe to print.
package enum TextWidth {
    /// Columns the text takes on a terminal: 0 for combining marks, 2 for wide East Asian characters and emoji.
    package static func columns(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { $0 + columns($1) }
    }

    /// The beginning of the text that fits into `width` columns, with `…` when something was cut.
    package static func fit(_ text: String, _ width: Int) -> String {
        if columns(text) <= width { return text }
        var kept = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            let next = columns(scalar)
            if used + next > width - 1 { break }
            kept.append(scalar)
            used += next
        }
        return width < 1 ? "" : String(kept) + "…"
    }

    /// The text on one line without control characters: what others wrote must not steer the terminal.
    package static func inert(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\t" {
                clean.append(" ")
            } else {
                clean.append(isControl(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        return String(clean)
    }

    /// As `inert`, but keeps line breaks and tabs.
    package static func inertLines(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isKept = scalar == "\n" || scalar == "\t" || !isControl(scalar)
            clean.append(isKept ? scalar : "\u{FFFD}")
        }
        return String(clean)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        let isDirectional = (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
        return value < 0x20 || (0x7F...0x9F).contains(value) || isDirectional
    }

    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        return isWide(value) ? 2 : 1
    }

    // The blocks that Unicode's EastAsianWidth.txt calls W or F, without its single exceptions.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
