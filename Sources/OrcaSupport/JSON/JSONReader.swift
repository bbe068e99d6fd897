// Rounding a Double needs libm; a target that imports neither Glibc nor Foundation is not linked with it.
import Glibc

/// Reads JSON straight from UTF-8 bytes, value by value, without building a tree first.
///
/// Strict RFC 8259: no comments, no trailing commas, no text after the value. Source of the grammar: RFC 8259, 2 to 7.
package struct JSONReader: Sendable {
    /// Objects and arrays inside each other; deeper text is refused.
    package static let depthMaxDefault = 100

    package enum Kind: String, Sendable {
        case object = "an object"
        case array = "a list"
        case string = "a string"
        case number = "a number"
        case bool = "true or false"
        case null
    }

    /// A number as it stands in the text.
    package struct Number: Sendable {
        package let range: Range<Int>
        /// Written without fraction and exponent.
        package let isInteger: Bool
    }

    let bytes: [UInt8]
    package internal(set) var position = 0
    private var depth = 0
    private let depthMax: Int

    package init(_ bytes: [UInt8], depthMax: Int = JSONReader.depthMaxDefault) {
        self.bytes = bytes
        self.depthMax = depthMax
    }

    /// The kind of the next value; does not move on.
    package mutating func peek() throws(JSONError) -> Kind {
        switch try nextByte() {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw malformed("expected a JSON value")
        }
    }

    package mutating func beginObject() throws(JSONError) {
        try expect(.object)
        try descend()
    }

    /// The next key of an object, or `nil` after its last one. `first` is true before the first call and is cleared by it.
    package mutating func nextKey(_ first: inout Bool) throws(JSONError) -> String? {
        guard try advance(&first, until: UInt8(ascii: "}")) else { return nil }
        guard try nextByte() == UInt8(ascii: "\"") else { throw malformed("expected a key in quotes") }
        let key = try string()
        guard try nextByte() == UInt8(ascii: ":") else { throw malformed("expected ':' after the key") }
        position += 1
        return key
    }

    package mutating func beginArray() throws(JSONError) {
        try expect(.array)
        try descend()
    }

    /// Whether the array has another element. `first` is true before the first call and is cleared by it.
    package mutating func nextElement(_ first: inout Bool) throws(JSONError) -> Bool {
        try advance(&first, until: UInt8(ascii: "]"))
    }

    package mutating func bool() throws(JSONError) -> Bool {
        try expect(.bool)
        if bytes[position] == UInt8(ascii: "t") {
            try literal("true")
            return true
        }
        try literal("false")
        return false
    }

    /// Moves over `null` if that is the next value.
    package mutating func skipNull() throws(JSONError) -> Bool {
        guard try nextByte() == UInt8(ascii: "n") else { return false }
        try literal("null")
        return true
    }

    package mutating func number() throws(JSONError) -> Number {
        try expect(.number)
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        guard let lead = byte(), isDigit(lead) else { throw malformed("expected a digit") }
        position += 1
        if lead != UInt8(ascii: "0") { skipDigits() }
        var isInteger = true
        if byte() == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            try requireDigits()
        }
        if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") { position += 1 }
            try requireDigits()
        }
        return Number(range: start..<position, isInteger: isInteger)
    }

    /// A whole number; `3.0` and `1e3` are whole too.
    package mutating func int64() throws(JSONError) -> Int64 {
        let token = try number()
        if token.isInteger, let value = Int64(decimal: bytes[token.range]) { return value }
        if !token.isInteger, let value = Int64(exactly: double(token)) { return value }
        throw JSONError(.outOfRange, "expected a whole number of 64 bits", at: token.range.lowerBound)
    }

    package mutating func double() throws(JSONError) -> Double {
        double(try number())
    }

    package func double(_ token: Number) -> Double {
        // The token follows the JSON grammar, a part of what `Double` reads; too large becomes infinite.
        Double(String(decoding: bytes[token.range], as: UTF8.self)) ?? .nan
    }

    package func text(_ token: Number) -> String {
        String(decoding: bytes[token.range], as: UTF8.self)
    }

    /// Moves over one value of any kind, checking its form.
    package mutating func skip() throws(JSONError) {
        var first = true
        switch try peek() {
        case .object:
            try beginObject()
            while try nextKey(&first) != nil { try skip() }
        case .array:
            try beginArray()
            while try nextElement(&first) { try skip() }
        case .string: _ = try string()
        case .number: _ = try number()
        case .bool: _ = try bool()
        case .null: try literal("null")
        }
    }

    /// Makes sure that nothing but white space is left.
    package mutating func finish() throws(JSONError) {
        skipSpace()
        guard position == bytes.count else { throw malformed("text after the JSON value") }
    }

    // MARK: Steps

    private mutating func advance(_ first: inout Bool, until closing: UInt8) throws(JSONError) -> Bool {
        let next = try nextByte()
        if next == closing {
            position += 1
            depth -= 1
            return false
        }
        if first {
            first = false
            return true
        }
        guard next == UInt8(ascii: ",") else { throw malformed("expected ',' or the end of the object or list") }
        position += 1
        guard try nextByte() != closing else { throw malformed("a comma before the end") }
        return true
    }

    private mutating func expect(_ kind: Kind) throws(JSONError) {
        let found = try peek()
        guard found == kind else {
            throw JSONError(.wrongType, "expected \(kind.rawValue), found \(found.rawValue)", at: position)
        }
    }

    private mutating func descend() throws(JSONError) {
        position += 1
        depth += 1
        guard depth <= depthMax else {
            throw JSONError(.tooDeep, "more than \(depthMax) lists and objects inside each other", at: position)
        }
    }

    /// The byte the next token begins with; does not move over it.
    private mutating func nextByte() throws(JSONError) -> UInt8 {
        skipSpace()
        guard let byte = byte() else { throw malformed("the text ends too early") }
        return byte
    }

    func byte() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func literal(_ text: StaticString) throws(JSONError) {
        let count = text.utf8CodeUnitCount
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: count)
        guard bytes.count - position >= count, bytes[position..<position + count].elementsEqual(wanted) else {
            throw malformed("expected '\(text)'")
        }
        position += count
    }

    private mutating func requireDigits() throws(JSONError) {
        guard let next = byte(), isDigit(next) else { throw malformed("expected a digit") }
        skipDigits()
    }

    private mutating func skipDigits() {
        while let next = byte(), isDigit(next) { position += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    func malformed(_ message: String) -> JSONError {
        JSONError(.malformed, message, at: position)
    }
}

extension FixedWidthInteger {
    /// Reads `-?[0-9]+` and nothing else; `nil` when it is something else or does not fit.
    package init?(decimal digits: some Sequence<UInt8>) {
        var value: Self = 0
        var negative = false
        var count = 0
        for (index, byte) in digits.enumerated() {
            if index == 0, byte == UInt8(ascii: "-"), Self.isSigned {
                negative = true
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let digit = Self(byte - UInt8(ascii: "0"))
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) =
                negative ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            value = next
            count += 1
        }
        guard count > 0 else { return nil }
        self = value
    }
}
