/// Parses a complete head, strictly: what two programs could understand in two ways is refused. Source: RFC 9112, 2 to 6, and
/// RFC 9110, 5.
enum HeadParser {
    /// `bytes` is a head up to and including its empty line, as `HeadScanner` found it: CRLF line ends, no control characters.
    static func parse(_ bytes: [UInt8], limits: HTTPLimits) throws(HTTPFault) -> RequestHead {
        var line = lineRange(in: bytes, from: 0)
        let (method, target, isVersion11) = try requestLine(bytes, line)
        guard method.count + target.count <= limits.targetBytesMax else {
            throw HTTPFault(414, "target_too_long", "The request line is longer than \(limits.targetBytesMax) bytes.")
        }
        var fields = RequestHead.Fields(bytes: bytes)
        line = lineRange(in: bytes, from: line.upperBound + 2)
        while !line.isEmpty {
            guard fields.all.count < limits.fieldsMax else {
                throw HTTPFault(431, "too_many_fields", "The head has more than \(limits.fieldsMax) fields.")
            }
            fields.all.append(try field(bytes, line))
            line = lineRange(in: bytes, from: line.upperBound + 2)
        }
        try checkRepeats(fields, isVersion11)
        let text = String(decoding: bytes[target], as: UTF8.self)
        let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) ?? text.endIndex
        let framing = try framing(fields, isVersion11, limits)
        return RequestHead(
            method: String(decoding: bytes[method], as: UTF8.self), path: text[..<mark],
            query: Substring(text.utf8[mark...].dropFirst()), isVersion11: isVersion11, framing: framing,
            keepsAlive: try keepsAlive(fields, isVersion11),
            expectsContinue: try expectsContinue(fields, isVersion11), fields: fields)
    }

    /// Characters of methods and field names. Source: RFC 9110, 5.6.2.
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func lineRange(in bytes: [UInt8], from start: Int) -> Range<Int> {
        var end = start
        while bytes[end] != 0x0D { end += 1 }
        return start..<end
    }

    private static func requestLine(
        _ bytes: [UInt8], _ line: Range<Int>
    ) throws(HTTPFault) -> (method: Range<Int>, target: Range<Int>, isVersion11: Bool) {
        guard let first = bytes[line].firstIndex(of: 0x20), let last = bytes[line].lastIndex(of: 0x20), first < last
        else { throw .badRequest("The request line is not METHOD TARGET VERSION.") }
        let method = line.lowerBound..<first
        let target = first + 1..<last
        guard !method.isEmpty, method.count <= 32, bytes[method].allSatisfy(isToken) else {
            throw .badRequest("The method is not a token.")
        }
        guard bytes[target].first == UInt8(ascii: "/"),
            bytes[target].allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 })
        else { throw .badRequest("The target is not a path that begins with '/'.") }
        let version = bytes[last + 1..<line.upperBound]
        if version.elementsEqual("HTTP/1.1".utf8) { return (method, target, true) }
        if version.elementsEqual("HTTP/1.0".utf8) { return (method, target, false) }
        guard version.starts(with: "HTTP/".utf8) else { throw .badRequest("The request line has no HTTP version.") }
        throw HTTPFault(505, "version_not_supported", "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
    }

    private static func field(_ bytes: [UInt8], _ line: Range<Int>) throws(HTTPFault) -> RequestHead.Fields.Field {
        guard bytes[line.lowerBound] != 0x20, bytes[line.lowerBound] != 0x09 else {
            throw .badRequest("A field is folded over two lines.")
        }
        guard let colon = bytes[line].firstIndex(of: UInt8(ascii: ":")) else {
            throw .badRequest("A field has no colon.")
        }
        let name = line.lowerBound..<colon
        guard !name.isEmpty, bytes[name].allSatisfy(isToken) else {
            throw .badRequest("A field's name is not a token.")
        }
        var value = colon + 1..<line.upperBound
        while let byte = bytes[value].first, byte == 0x20 || byte == 0x09 { value.removeFirst() }
        while let byte = bytes[value].last, byte == 0x20 || byte == 0x09 { value.removeLast() }
        return RequestHead.Fields.Field(name: name, value: value)
    }

    /// Refuses a second occurrence of fields of which two would be read differently by two readers.
    private static func checkRepeats(_ fields: RequestHead.Fields, _ isVersion11: Bool) throws(HTTPFault) {
        let singles: [StaticString] = [
            "content-length", "transfer-encoding", "host", "content-type", "authorization", "origin", "expect",
            "idempotency-key", "last-event-id", "accept", "x-orca-caller", "x-orca-timeout-ms", "x-request-id",
        ]
        for name in singles where fields.count(name) > 1 {
            throw .badRequest("The field \(name) is there twice.")
        }
        if isVersion11, fields.first("host") == nil { throw .badRequest("The field host is missing.") }
    }

    private static func framing(
        _ fields: RequestHead.Fields, _ isVersion11: Bool, _ limits: HTTPLimits
    ) throws(HTTPFault) -> RequestHead.Framing {
        let length = fields.first("content-length")
        if let encoding = fields.first("transfer-encoding") {
            guard length == nil else { throw .badRequest("Content-Length and Transfer-Encoding exclude each other.") }
            guard isVersion11 else { throw .badRequest("HTTP/1.0 has no Transfer-Encoding.") }
            guard fields.isValue(encoding, "chunked") else {
                throw HTTPFault(501, "encoding_not_supported", "The only Transfer-Encoding spoken here is chunked.")
            }
            return .chunked
        }
        guard let length else { return .none }
        let digits = fields.bytes[length.value]
        guard !digits.isEmpty, digits.count <= 18, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            throw .badRequest("Content-Length is not a number.")
        }
        let count = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard count <= limits.bodyBytesMax else { throw .bodyTooLarge(limits) }
        return count == 0 ? .none : .length(count)
    }

    private static func keepsAlive(_ fields: RequestHead.Fields, _ isVersion11: Bool) throws(HTTPFault) -> Bool {
        let options = fields.value("connection")?.lowercased().split(separator: ",").map { $0.trimmingSpaces() } ?? []
        if options.contains("close") { return false }
        return isVersion11 || options.contains("keep-alive")
    }

    private static func expectsContinue(_ fields: RequestHead.Fields, _ isVersion11: Bool) throws(HTTPFault) -> Bool {
        guard let expect = fields.first("expect"), isVersion11 else { return false }
        guard fields.isValue(expect, "100-continue") else {
            throw HTTPFault(417, "expectation_failed", "The only expectation met here is 100-continue.")
        }
        return true
    }
}

extension HTTPFault {
    static func bodyTooLarge(_ limits: HTTPLimits) -> HTTPFault {
        HTTPFault(413, "body_too_large", "The body is larger than \(limits.bodyBytesMax) bytes; send less at once.")
    }
}

extension StringProtocol {
    func trimmingSpaces() -> String {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
