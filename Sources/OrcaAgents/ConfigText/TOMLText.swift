/// As much of TOML as is needed to look one string up in a table and to set it: whole lines, the rest untouched.
package struct TOMLText {
    private var lines: [String]

    package init(_ bytes: [UInt8]) {
        lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    package var bytes: [UInt8] { Array(lines.joined(separator: "\n").utf8) }

    /// A text as a basic string or quoted key.
    package static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let digits = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }

    /// The string of a key in the table whose header is `[table]`.
    package func value(_ key: String, inTable table: String) -> String? {
        guard let body = body(of: table) else { return nil }
        return lines[body].lazy.compactMap { Self.string($0, key: key) }.first
    }

    /// The value of a key in the table as it is written, if it stands on one line.
    package func literal(_ key: String, inTable table: String) -> String? {
        guard let body = body(of: table) else { return nil }
        return lines[body].lazy.compactMap { Self.rest(Self.trimmed($0), key: key) }.first.map(String.init)
    }

    /// The words of a list of strings in the table, if it stands on one line.
    package func list(_ key: String, inTable table: String) -> [String]? {
        guard let body = body(of: table) else { return nil }
        return lines[body].lazy.compactMap { Self.rest(Self.trimmed($0), key: key) }.first.flatMap(Self.words)
    }

    /// The names of the tables as they are written, in their order.
    package var tables: [String] {
        lines.map(Self.trimmed).filter { $0.hasPrefix("[") && !$0.hasPrefix("[[") && $0.hasSuffix("]") }
            .map { String($0.dropFirst().dropLast()) }
    }

    /// Whether a key of the top level, or of the table, is given as an inline table or dotted.
    package func hasInlineTable(_ name: String) -> Bool {
        for line in lines {
            let text = Self.trimmed(line)
            if text.hasPrefix("[") { return false }
            if text.hasPrefix(name), let next = text.dropFirst(name.count).first(where: { $0 != " " }),
                next == "=" || next == "."
            {
                return true
            }
        }
        return false
    }

    package func hasTable(_ table: String) -> Bool { body(of: table) != nil }

    /// Sets the string of a key; the table is put at the end when it is not there.
    package mutating func set(_ key: String, to value: String, inTable table: String) {
        set(key, literal: Self.quoted(value), inTable: table)
    }

    /// The same with a value as it is written. A value of several lines must not be there.
    package mutating func set(_ key: String, literal: String, inTable table: String) {
        let line = "\(key) = \(literal)"
        guard let body = body(of: table) else {
            if lines.last?.isEmpty == false { lines.append("") }
            if lines.count == 1 {
                lines.insert(contentsOf: ["[\(table)]", line], at: 0)
            } else {
                lines.insert(contentsOf: ["", "[\(table)]", line], at: lines.count - 1)
            }
            return
        }
        if let found = body.first(where: { Self.rest(Self.trimmed(lines[$0]), key: key) != nil }) {
            lines[found] = line
        } else {
            lines.insert(line, at: body.lowerBound)
        }
    }

    /// Takes the line of a key out.
    package mutating func remove(_ key: String, inTable table: String) {
        guard let found = body(of: table)?.first(where: { Self.rest(Self.trimmed(lines[$0]), key: key) != nil }) else {
            return
        }
        lines.remove(at: found)
    }

    /// Takes a table out, with the empty line before it.
    package mutating func remove(table: String) {
        guard let body = body(of: table) else { return }
        let hasGap = body.lowerBound > 1 && Self.trimmed(lines[body.lowerBound - 2]).isEmpty
        var end = body.upperBound
        // The empty lines after it stand before what comes next.
        while end > body.lowerBound, Self.trimmed(lines[end - 1]).isEmpty { end -= 1 }
        lines.removeSubrange((body.lowerBound - (hasGap ? 2 : 1))..<end)
    }

    /// The words of a list of strings at the top level, if it stands on one line.
    package func topLevelList(_ key: String) -> TopLevelList {
        for line in lines {
            let text = Self.trimmed(line)
            if text.hasPrefix("[") { return .absent }
            guard let rest = Self.rest(text, key: key) else { continue }
            guard rest.hasPrefix("["), let words = Self.words(rest) else { return .unreadable }
            return .words(words)
        }
        return .absent
    }

    package enum TopLevelList: Sendable, Hashable {
        case absent, unreadable
        case words([String])
    }

    // MARK: Lines

    private func body(of table: String) -> Range<Int>? {
        guard let header = lines.firstIndex(where: { Self.trimmed($0) == "[\(table)]" }) else { return nil }
        let start = header + 1
        let end = lines[start...].firstIndex { Self.trimmed($0).hasPrefix("[") } ?? lines.count
        return start..<end
    }

    private static func string(_ line: String, key: String) -> String? {
        guard let rest = rest(trimmed(line), key: key) else { return nil }
        var scanner = rest[...]
        return word(&scanner)
    }

    /// What stands behind `key =`.
    private static func rest(_ line: Substring, key: String) -> Substring? {
        guard line.hasPrefix(key) else { return nil }
        let after = line.dropFirst(key.count).drop { $0 == " " || $0 == "\t" }
        guard after.first == "=" else { return nil }
        return after.dropFirst().drop { $0 == " " || $0 == "\t" }
    }

    private static func words(_ list: Substring) -> [String]? {
        var rest = list.dropFirst()
        var found: [String] = []
        while true {
            rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," }
            if rest.first == "]" { return found }
            guard let word = word(&rest) else { return nil }
            found.append(word)
        }
    }

    /// One string: literal, or basic with the two escapes that paths and arguments need.
    private static func word(_ text: inout Substring) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "'" else { return nil }
        var value = ""
        var rest = text.dropFirst()
        while let next = rest.first {
            rest = rest.dropFirst()
            if next == quote {
                text = rest
                return value
            }
            if next == "\\", quote == "\"" {
                guard let escaped = rest.first, escaped == "\\" || escaped == "\"" else { return nil }
                rest = rest.dropFirst()
                value.append(escaped)
            } else {
                value.append(next)
            }
        }
        return nil
    }

    private static func trimmed(_ line: String) -> Substring {
        var text = line[...].drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
