/// Whether a text can be TOML at all, and which tables it has.
extension TOMLText {
    /// What keeps the text from being read; `nil` when nothing does. It looks at lines, strings, brackets and tables, not at the
    /// values.
    package static func problem(in text: String) -> String? {
        var shape = TOMLShape()
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let problem = shape.take(line) { return "line \(index + 1): \(problem)" }
        }
        return shape.rest
    }
}

/// Reads TOML line by line, as far as to know where a value ends.
private struct TOMLShape {
    private enum Quote: Equatable {
        case none
        case multiline(Character)
    }

    private var quote = Quote.none
    /// Brackets and braces of a value that goes on.
    private var depth = 0
    private var tables: Set<String> = []

    /// What is open at the end.
    var rest: String? {
        if quote != .none { return "a text of several lines does not end" }
        return depth > 0 ? "a list does not end" : nil
    }

    mutating func take(_ line: Substring) -> String? {
        if quote != .none || depth > 0 { return value(line[...]) }
        var text = line.drop { $0 == " " || $0 == "\t" }
        while text.last?.isWhitespace == true { text.removeLast() }
        guard let first = text.first, first != "#" else { return nil }
        if first == "[" { return header(text) }
        guard let equals = Self.equals(in: text) else { return "there is no '='" }
        guard equals != text.startIndex else { return "there is no key before '='" }
        let value = text[text.index(after: equals)...].drop { $0 == " " || $0 == "\t" }
        guard let start = value.first, start != "#" else { return "there is no value behind '='" }
        return self.value(value)
    }

    private mutating func header(_ text: Substring) -> String? {
        let isList = text.hasPrefix("[[")
        guard let end = text.lastIndex(of: "]") else { return "a table's name does not end" }
        let behind = text[text.index(after: end)...].drop { $0.isWhitespace }
        guard behind.isEmpty || behind.hasPrefix("#") || text.contains("#") else {
            return "something follows a table's name"
        }
        guard !isList else { return nil }
        let name = String(text[...end])
        return tables.insert(name).inserted ? nil : "the table \(name.prefix(80)) is there twice"
    }

    /// The first one outside of quotes.
    private static func equals(in text: Substring) -> Substring.Index? {
        var open: Character?
        for index in text.indices {
            let letter = text[index]
            if let quote = open {
                if letter == quote { open = nil }
            } else if letter == "\"" || letter == "'" {
                open = letter
            } else if letter == "=" {
                return index
            }
        }
        return nil
    }

    /// A value, or the rest of one.
    private mutating func value(_ text: Substring) -> String? {
        var rest = text
        while let letter = rest.first {
            if case .multiline(let mark) = quote {
                if letter == "\\", mark == "\"" {
                    rest = rest.dropFirst(2)
                } else if rest.hasPrefix(String(repeating: mark, count: 3)) {
                    quote = .none
                    rest = rest.dropFirst(3)
                } else {
                    rest = rest.dropFirst()
                }
                continue
            }
            switch letter {
            case "#": return nil
            case "\"", "'":
                if rest.hasPrefix(String(repeating: letter, count: 3)) {
                    quote = .multiline(letter)
                    rest = rest.dropFirst(3)
                } else {
                    guard let behind = Self.behindString(rest) else { return "a text does not end" }
                    rest = behind
                }
            case "[", "{":
                depth += 1
                rest = rest.dropFirst()
            case "]", "}":
                depth -= 1
                guard depth >= 0 else { return "there is a bracket too many" }
                rest = rest.dropFirst()
            default: rest = rest.dropFirst()
            }
        }
        return nil
    }

    private static func behindString(_ text: Substring) -> Substring? {
        guard let quote = text.first else { return nil }
        var rest = text.dropFirst()
        while let letter = rest.first {
            if letter == "\\", quote == "\"" {
                rest = rest.dropFirst(2)
            } else {
                rest = rest.dropFirst()
                if letter == quote { return rest }
            }
        }
        return nil
    }
}
