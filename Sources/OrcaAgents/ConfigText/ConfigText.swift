package import OrcaSupport

/// A JSON text as people keep it, with comments and trailing commas, and the place of every value in it: a change
/// touches the bytes it is about and no others.
package struct ConfigText: Sendable {
    package let bytes: [UInt8]
    package let root: Node

    package struct Node: Sendable {
        package let range: Range<Int>
        package let content: Content
    }

    package indirect enum Content: Sendable {
        case object([Member])
        case array([Node])
        case scalar(JSONValue)
    }

    package struct Member: Sendable {
        package let name: String
        /// From the first quote of the name to the end of the value.
        package let range: Range<Int>
        package let value: Node
    }

    /// Objects and lists inside each other.
    private static let depthMax = 100

    package init(_ bytes: [UInt8]) throws(JSONError) {
        var reader = ConfigReader(bytes)
        self.bytes = bytes
        root = try reader.value(depth: Self.depthMax)
        try reader.finish()
    }

    /// An empty object, for a file that is not there.
    package static let empty: [UInt8] = Array("{}\n".utf8)
}

extension ConfigText.Node {
    package var members: [ConfigText.Member]? {
        guard case .object(let members) = content else { return nil }
        return members
    }

    package var elements: [ConfigText.Node]? {
        guard case .array(let elements) = content else { return nil }
        return elements
    }

    package subscript(name: String) -> ConfigText.Node? { members?.first { $0.name == name }?.value }

    package var string: String? { value.stringValue }

    /// The value without its place.
    package var value: JSONValue {
        switch content {
        case .object(let members): .object(members.map { JSONValue.Member($0.name, $0.value.value) })
        case .array(let elements): .array(elements.map(\.value))
        case .scalar(let value): value
        }
    }

    /// Where its members or elements stand; empty for scalars.
    var parts: [Range<Int>] {
        switch content {
        case .object(let members): members.map(\.range)
        case .array(let elements): elements.map(\.range)
        case .scalar: []
        }
    }
}

/// Reads JSON with `//` and `/* */` comments and trailing commas.
private struct ConfigReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func finish() throws(JSONError) {
        try skipSpace()
        guard position == bytes.count else { throw malformed("text after the JSON value") }
    }

    mutating func value(depth: Int) throws(JSONError) -> ConfigText.Node {
        guard depth > 0 else { throw JSONError(.tooDeep, "too many lists and objects inside each other", at: position) }
        try skipSpace()
        switch position < bytes.count ? bytes[position] : 0 {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        default: return try scalar()
        }
    }

    private mutating func object(_ depth: Int) throws(JSONError) -> ConfigText.Node {
        let start = position
        var members: [ConfigText.Member] = []
        var names: Set<String> = []
        position += 1
        while try !ends(with: UInt8(ascii: "}")) {
            let keyStart = position
            guard bytes[position] == UInt8(ascii: "\""), case .scalar(.string(let name)) = try scalar().content else {
                throw malformed("expected a key in quotes")
            }
            guard names.insert(name).inserted else { throw malformed("\"\(name)\" is there twice") }
            try skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
                throw malformed("expected ':' after the key")
            }
            position += 1
            let value = try value(depth: depth - 1)
            members.append(ConfigText.Member(name: name, range: keyStart..<position, value: value))
            try separator(or: UInt8(ascii: "}"))
        }
        return ConfigText.Node(range: start..<position, content: .object(members))
    }

    private mutating func array(_ depth: Int) throws(JSONError) -> ConfigText.Node {
        let start = position
        var elements: [ConfigText.Node] = []
        position += 1
        while try !ends(with: UInt8(ascii: "]")) {
            elements.append(try value(depth: depth - 1))
            try separator(or: UInt8(ascii: "]"))
        }
        return ConfigText.Node(range: start..<position, content: .array(elements))
    }

    /// Strings, numbers and words are those of strict JSON.
    private mutating func scalar() throws(JSONError) -> ConfigText.Node {
        let start = position
        var end = position
        if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
            end += 1
            while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
                end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
            }
            end = min(end + 1, bytes.count)
        } else {
            while end < bytes.count, !" \t\r\n,:]}[{/\"".utf8.contains(bytes[end]) { end += 1 }
        }
        guard end > start else { throw malformed("expected a JSON value") }
        do {
            let value = try JSONValue(jsonBytes: Array(bytes[start..<end]))
            position = end
            return ConfigText.Node(range: start..<end, content: .scalar(value))
        } catch {
            throw JSONError(error.kind, error.message, at: start + error.offset)
        }
    }

    private mutating func ends(with closing: UInt8) throws(JSONError) -> Bool {
        try skipSpace()
        guard position < bytes.count else { throw malformed("the text ends too early") }
        guard bytes[position] == closing else { return false }
        position += 1
        return true
    }

    private mutating func separator(or closing: UInt8) throws(JSONError) {
        try skipSpace()
        guard position < bytes.count else { throw malformed("the text ends too early") }
        if bytes[position] == UInt8(ascii: ",") {
            position += 1
        } else if bytes[position] != closing {
            throw malformed("expected ',' or the end of the object or list")
        }
    }

    private mutating func skipSpace() throws(JSONError) {
        position = try ConfigSpace.end(of: bytes, from: position)
    }

    private func malformed(_ message: String) -> JSONError { JSONError(.malformed, message, at: position) }
}

/// White space and comments.
enum ConfigSpace {
    /// Where they end that begin at `start`.
    static func end(of bytes: [UInt8], from start: Int) throws(JSONError) -> Int {
        var position = start
        while position < bytes.count {
            if isBlank(bytes[position]) {
                position += 1
            } else if bytes[position...].starts(with: "//".utf8) {
                while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            } else if bytes[position...].starts(with: "/*".utf8) {
                position = try blockEnd(bytes, position)
            } else {
                return position
            }
        }
        return position
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private static func blockEnd(_ bytes: [UInt8], _ start: Int) throws(JSONError) -> Int {
        var position = start + 2
        while position + 1 < bytes.count {
            if bytes[position] == UInt8(ascii: "*"), bytes[position + 1] == UInt8(ascii: "/") { return position + 2 }
            position += 1
        }
        throw JSONError(.malformed, "a comment without an end", at: start)
    }
}
