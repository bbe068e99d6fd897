extension JSONReader {
    /// A string, unescaped. Refuses bytes that are not UTF-8, raw control characters and halves of surrogate pairs.
    package mutating func string() throws(JSONError) -> String {
        guard try peek() == .string else {
            throw JSONError(.wrongType, "expected a string, found \(try peek().rawValue)", at: position)
        }
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = try decode(start..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw malformed("a control character in a string")
            default: position += 1
            }
        }
        throw malformed("the text ends inside a string")
    }

    private func decode(_ range: Range<Int>) throws(JSONError) -> String {
        let text = bytes.withUnsafeBufferPointer {
            String(validating: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
        }
        guard let text else { throw JSONError(.invalidUTF8, "not UTF-8", at: range.lowerBound) }
        return text
    }

    /// The slow way, from the first escape on: bytes are collected in a buffer.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var buffer = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: buffer, as: UTF8.self) else {
                    throw JSONError(.invalidUTF8, "not UTF-8", at: start)
                }
                return text
            case UInt8(ascii: "\\"):
                position += 1
                try unescape(into: &buffer)
            case 0..<0x20: throw malformed("a control character in a string")
            default:
                buffer.append(byte)
                position += 1
            }
        }
        throw malformed("the text ends inside a string")
    }

    private mutating func unescape(into buffer: inout [UInt8]) throws(JSONError) {
        guard let kind = byte() else { throw malformed("the text ends inside a string") }
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(kind)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"): buffer.append(contentsOf: Character(try unicodeEscape()).utf8)
        default: throw malformed("an unknown escape in a string")
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let start = position - 2
        var code = UInt32(try fourHexDigits())
        if code >= 0xD800, code < 0xDC00, byte() == UInt8(ascii: "\\") {
            position += 1
            guard byte() == UInt8(ascii: "u") else {
                throw JSONError(.invalidUTF8, "half of a surrogate pair", at: start)
            }
            position += 1
            let low = UInt32(try fourHexDigits())
            guard low >= 0xDC00, low < 0xE000 else {
                throw JSONError(.invalidUTF8, "half of a surrogate pair", at: start)
            }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw JSONError(.invalidUTF8, "half of a surrogate pair", at: start)
        }
        return scalar
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let next = byte(), let digit = Character(Unicode.Scalar(next)).hexDigitValue, next < 0x80 else {
                throw malformed("expected four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
