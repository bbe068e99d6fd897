/// A pattern for one row of a screen or a title: `*` is any text, `?` any character, `[abc]` and `[a-z]` one of several,
/// `\` takes the next character as it is. It must match the whole text; letters match in either case.
package struct TextPattern: Sendable, Hashable {
    package let source: String
    private let parts: [Part]

    private enum Part: Sendable, Hashable {
        case anything
        case one
        case literal(Character)
        case set([ClosedRange<Character>])
    }

    package init(_ source: String) {
        self.source = source
        var parts: [Part] = []
        var rest = Array(source.lowercased())[...]
        while let character = rest.popFirst() {
            switch character {
            case "*": if parts.last != .anything { parts.append(.anything) }
            case "?": parts.append(.one)
            case "\\": if let next = rest.popFirst() { parts.append(.literal(next)) }
            case "[":
                if let end = rest.firstIndex(of: "]"), end > rest.startIndex {
                    parts.append(.set(Self.ranges(rest[rest.startIndex..<end])))
                    rest = rest[(end + 1)...]
                } else {
                    parts.append(.literal(character))
                }
            default: parts.append(.literal(character))
            }
        }
        self.parts = parts
    }

    private static func ranges(_ body: ArraySlice<Character>) -> [ClosedRange<Character>] {
        var ranges: [ClosedRange<Character>] = []
        var rest = body
        while let low = rest.popFirst() {
            if rest.first == "-", rest.count > 1 {
                rest.removeFirst()
                let high = rest.removeFirst()
                ranges.append(min(low, high)...max(low, high))
            } else {
                ranges.append(low...low)
            }
        }
        return ranges
    }

    package func matches(_ text: String) -> Bool { matches(Array(text.lowercased())) }

    /// The same for text that was split and lower-cased before: rows meet many patterns.
    func matches(_ text: [Character]) -> Bool {
        // Greedy with one point to come back to: linear but for the last `*`.
        var (part, position) = (0, 0)
        var (starPart, starPosition) = (-1, 0)
        while position < text.count {
            if part < parts.count, parts[part] == .anything {
                (starPart, starPosition) = (part, position)
                part += 1
            } else if part < parts.count, accepts(parts[part], text[position]) {
                part += 1
                position += 1
            } else if starPart >= 0 {
                starPosition += 1
                (part, position) = (starPart + 1, starPosition)
            } else {
                return false
            }
        }
        while part < parts.count, parts[part] == .anything { part += 1 }
        return part == parts.count
    }

    private func accepts(_ part: Part, _ character: Character) -> Bool {
        switch part {
        case .anything: true
        case .one: true
        case .literal(let wanted): wanted == character
        case .set(let ranges): ranges.contains { $0.contains(character) }
        }
    }
}

extension [TextPattern] {
    func match(_ text: [Character]) -> Bool { contains { $0.matches(text) } }

    package func match(_ text: String) -> Bool { match(Array<Character>(text.lowercased())) }
}
