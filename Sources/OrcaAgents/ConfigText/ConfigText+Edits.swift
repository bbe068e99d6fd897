package import OrcaSupport

extension ConfigText {
    /// The text with a member added at the end of an object. Precondition: the node is an object of this text without
    /// such a member.
    package func adding(_ name: String, _ value: JSONValue, to object: Node) throws(JSONError) -> ConfigText {
        var key = JSONWriter()
        key.string(name)
        return try insert(into: object) { indent in key.text + ": " + layout(value, indent) }
    }

    /// The text with an element added at the end of a list. Precondition: the node is a list of this text.
    package func appending(_ value: JSONValue, to list: Node) throws(JSONError) -> ConfigText {
        try insert(into: list) { indent in layout(value, indent) }
    }

    /// The text without one member or element. Comments beside it stay.
    package func removing(part index: Int, of container: Node) throws(JSONError) -> ConfigText {
        let parts = container.parts
        let part = parts[index]
        var cuts: [Range<Int>] = []
        var end = part.upperBound
        if let comma = try comma(from: end) {
            cuts.append(comma..<(comma + 1))
            if comma == end { end += 1 }
        } else if index > 0, let comma = try comma(from: parts[index - 1].upperBound) {
            cuts.append(comma..<(comma + 1))
        }
        cuts.append(lineStart(before: part.lowerBound, andAfter: end)..<part.upperBound)
        var edited = bytes
        for cut in cuts.sorted(by: { $0.lowerBound > $1.lowerBound }) { edited.removeSubrange(cut) }
        if parts.count == 1 { edited = withoutBlanks(edited, after: container.range.lowerBound + 1) }
        return try ConfigText(edited)
    }

    // MARK: Places

    /// What one level is indented with: as the first member of the text is, else two spaces.
    private var unit: String {
        guard let first = root.parts.first else { return "  " }
        let blanks = bytes[blankStart(before: first.lowerBound)..<first.lowerBound]
        guard let newline = blanks.lastIndex(of: 0x0A), newline + 1 < first.lowerBound else { return "  " }
        return String(decoding: bytes[(newline + 1)..<first.lowerBound], as: UTF8.self)
    }

    /// On one line where there is no indentation to follow.
    private func layout(_ value: JSONValue, _ indent: String?) -> String {
        guard let indent else { return String(decoding: value.jsonBytes(), as: UTF8.self) }
        return ConfigLayout.text(value, indent: indent, unit)
    }

    private func insert(into container: Node, _ text: (_ indent: String?) -> String) throws(JSONError) -> ConfigText {
        let closing = container.range.upperBound - 1
        let tail = blankStart(before: closing)
        let hasLine = bytes[tail..<closing].contains(0x0A)
        var edited = bytes
        if let last = container.parts.last {
            let hasComma = try comma(from: last.upperBound) != nil
            let isOnOneLine = !bytes[container.range].contains(0x0A)
            if isOnOneLine {
                edited.insert(contentsOf: Array((" " + text(nil)).utf8), at: tail)
            } else {
                let indent = indentation(at: last.lowerBound)
                edited.insert(contentsOf: Array(("\n" + indent + text(indent)).utf8), at: tail)
            }
            if !hasComma { edited.insert(0x2C, at: last.upperBound) }
        } else {
            let outer = indentation(at: container.range.lowerBound)
            let inner = outer + unit
            let line = "\n" + inner + text(inner) + (hasLine ? "" : "\n" + outer)
            edited.replaceSubrange(tail..<(hasLine ? tail : closing), with: Array(line.utf8))
        }
        return try ConfigText(edited)
    }

    /// The white space that the line of a position begins with.
    private func indentation(at position: Int) -> String {
        let lineStart = bytes[..<position].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let blanks = bytes[lineStart..<position].prefix { $0 == 0x20 || $0 == 0x09 }
        return String(decoding: blanks, as: UTF8.self)
    }

    private func blankStart(before position: Int) -> Int {
        var start = position
        while start > 0, ConfigSpace.isBlank(bytes[start - 1]) { start -= 1 }
        return start
    }

    /// Where the blanks before a part begin; the part itself when something follows it on its line, which must not get
    /// behind a comment of the line before.
    private func lineStart(before position: Int, andAfter end: Int) -> Int {
        let start = blankStart(before: position)
        let isLast = end >= bytes.count || bytes[end] == 0x0A || bytes[end] == 0x0D
        return isLast || !bytes[start..<position].contains(0x0A) ? start : position
    }

    /// The comma that follows a value, comments between them skipped.
    private func comma(from end: Int) throws(JSONError) -> Int? {
        let next = try ConfigSpace.end(of: bytes, from: end)
        return next < bytes.count && bytes[next] == 0x2C ? next : nil
    }

    /// Takes out the blanks of a container in which nothing is left.
    private func withoutBlanks(_ bytes: [UInt8], after start: Int) -> [UInt8] {
        var end = start
        while end < bytes.count, ConfigSpace.isBlank(bytes[end]) { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "}") || bytes[end] == UInt8(ascii: "]") else {
            return bytes
        }
        var shorter = bytes
        shorter.removeSubrange(start..<end)
        return shorter
    }
}

/// How new values are laid out: an element a line.
enum ConfigLayout {
    static func text(_ value: JSONValue, indent: String, _ unit: String) -> String {
        switch value {
        case .object(let members) where !members.isEmpty:
            let inner = indent + unit
            let lines = members.map { member in
                var key = JSONWriter()
                key.string(member.name)
                return inner + key.text + ": " + text(member.value, indent: inner, unit)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + indent + "}"
        case .array(let values) where !values.isEmpty:
            let inner = indent + unit
            return "[\n" + values.map { inner + text($0, indent: inner, unit) }.joined(separator: ",\n") + "\n" + indent
                + "]"
        default: return String(decoding: value.jsonBytes(), as: UTF8.self)
        }
    }
}
