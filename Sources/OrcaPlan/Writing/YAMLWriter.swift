/// Writes nodes as YAML 1.1 that reads well: block style, long text as literal blocks, quotes only where needed.
enum YAMLWriter {
    static func text(_ node: PlanNode) -> String {
        var out = ""
        write(node, indent: 0, into: &out)
        return out
    }

    /// The entries of a map, each on its own line.
    static func entries(_ node: PlanNode) -> String { text(node) }

    private static func write(_ node: PlanNode, indent: Int, into out: inout String) {
        let margin = String(repeating: " ", count: indent)
        switch node.value {
        case .map(let entries):
            for entry in entries {
                out += margin + scalar(entry.key) + ":"
                writeValue(entry.value, indent: indent, into: &out)
            }
        case .list(let items):
            for item in items {
                out += margin + "-"
                if case .map(let entries) = item.value, !entries.isEmpty {
                    // The first entry stands behind the dash, the others below it.
                    var block = ""
                    write(item, indent: indent + 2, into: &block)
                    out += " " + block.dropFirst(indent + 2)
                } else {
                    writeValue(item, indent: indent, into: &out)
                }
            }
        case .scalar, .empty: writeValue(node, indent: indent, into: &out)
        }
    }

    private static func writeValue(_ node: PlanNode, indent: Int, into out: inout String) {
        switch node.value {
        case .empty: out += "\n"
        case .scalar(let text):
            if let block = literalBlock(text, indent: indent + 2) {
                out += " " + block
            } else {
                out += " " + scalar(text) + "\n"
            }
        case .list(let items):
            if items.isEmpty {
                out += " []\n"
            } else if let line = flow(items) {
                out += " " + line + "\n"
            } else {
                out += "\n"
                write(node, indent: indent + 2, into: &out)
            }
        case .map(let entries):
            out += entries.isEmpty ? " {}\n" : "\n"
            if !entries.isEmpty { write(node, indent: indent + 2, into: &out) }
        }
    }

    /// Short lists of words on one line.
    private static func flow(_ items: [PlanNode]) -> String? {
        var words: [String] = []
        for item in items {
            guard case .scalar(let text) = item.value, text.utf8.count <= 40, isPlain(text) else { return nil }
            words.append(text)
        }
        let line = "[" + words.joined(separator: ", ") + "]"
        return line.utf8.count <= 100 ? line : nil
    }

    /// `|` and the lines, when the text has several and a literal block gives them back unchanged.
    private static func literalBlock(_ text: String, indent: Int) -> String? {
        guard text.contains("\n"), !text.hasPrefix("\n"), !text.hasPrefix(" "), !text.hasPrefix("\t") else {
            return nil
        }
        let isPrintable = text.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || scalar == "\t" || (scalar.value >= 0x20 && !isUnprintable(scalar))
        }
        guard isPrintable, text.utf8.contains(where: { $0 != 0x0A }) else { return nil }
        let trailing = text.reversed().prefix { $0 == "\n" }.count
        let chomping = trailing == 0 ? "-" : trailing == 1 ? "" : "+"
        let margin = String(repeating: " ", count: indent)
        let body = trailing > 0 ? text.dropLast() : text[...]
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : margin + $0 }
        return "|\(chomping)\n" + lines.joined(separator: "\n") + "\n"
    }

    private static func scalar(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

    /// Text that needs no quotes in any place: conservative on purpose.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, last != 0x20, last != 0x3A else { return false }
        guard isAlphanumeric(first) || first == 0x2F || first == 0x2E || first == 0x5F || first >= 0x80 else {
            return false
        }
        if ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased()) { return false }
        // An ordinary document may hold these at the start of a line.
        if text.hasPrefix("...") { return false }
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte < 0x20 || byte == 0x7F || ",[]{}&*!|>'\"%@`".utf8.contains(byte) { return false }
            if previous == 0x3A, byte == 0x20 { return false }
            if previous == 0x20, byte == 0x23 { return false }
            previous = byte
        }
        return !text.unicodeScalars.contains(where: isUnprintable)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// What YAML asks to be escaped, and the line separators it would fold.
    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        return (0x7F...0xA0).contains(value) || value == 0x2028 || value == 0x2029 || value == 0xFEFF || value == 0xFFFE
            || value == 0xFFFF
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case "\r": out += "\\r"
            default:
                if scalar.value < 0x20 || isUnprintable(scalar) {
                    let digits = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }
}
