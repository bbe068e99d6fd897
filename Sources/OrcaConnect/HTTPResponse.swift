import OrcaSupport

/// The head of an HTTP/1.1 answer.
struct HTTPResponseHead: Sendable, Hashable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]

    /// How the end of the body is found.
    var framing: Framing {
        if headers["transfer-encoding"]?.lowercased().contains("chunked") == true { return .chunked }
        if let length = headers["content-length"].flatMap({ Int($0) }), length >= 0 { return .length(length) }
        return status == 204 || status == 304 ? .length(0) : .untilClose
    }

    /// Whether another request may follow on the connection.
    var keepsConnection: Bool {
        framing != .untilClose && headers["connection"]?.lowercased().contains("close") != true
    }

    enum Framing: Sendable, Hashable {
        case length(Int)
        case chunked
        case untilClose
    }

    static let linesMax = 100
    static let lineBytesMax = 16 << 10

    /// Reads a head, skipping interim answers (1xx).
    static func read(_ socket: inout Socket, until deadline: Deadline) throws(TransportError) -> HTTPResponseHead {
        while true {
            let head = try readOne(&socket, deadline)
            if head.status >= 200 { return head }
        }
    }

    private static func readOne(_ socket: inout Socket, _ deadline: Deadline) throws(TransportError) -> HTTPResponseHead
    {
        guard let first = try socket.line(limit: lineBytesMax, until: deadline) else {
            throw .broken("the server closed the connection without an answer")
        }
        let words = String(decoding: first, as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]), (100...599).contains(status)
        else { throw .malformed("the first line is not HTTP") }
        var head = HTTPResponseHead(status: status, headers: [:])
        for _ in 0..<linesMax {
            guard let line = try socket.line(limit: lineBytesMax, until: deadline) else {
                throw .broken("the connection ended inside the head of the answer")
            }
            if line.isEmpty { return head }
            guard let colon = line.firstIndex(of: 0x3A) else { throw .malformed("a header line without a colon") }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
            head.headers[name] = String(decoding: value, as: UTF8.self)
        }
        throw .malformed("more than \(linesMax) header lines")
    }
}

/// The body of an answer, read piece by piece.
struct HTTPBodyReader: Sendable {
    private var framing: HTTPResponseHead.Framing
    /// Bytes left of the body or of the current chunk.
    private var left: Int
    private(set) var isAtEnd = false
    private var isFirstChunk = true

    init(_ head: HTTPResponseHead) {
        framing = head.framing
        left = 0
        if case .length(let length) = framing {
            left = length
            isAtEnd = length == 0
        }
    }

    /// The next bytes of the body; empty at its end.
    mutating func next(_ socket: inout Socket, until deadline: Deadline) throws(TransportError) -> ArraySlice<UInt8> {
        if isAtEnd { return [] }
        switch framing {
        case .untilClose:
            let bytes = try socket.some(.max >> 1, until: deadline)
            isAtEnd = bytes.isEmpty
            return bytes
        case .length:
            let bytes = try take(&socket, deadline)
            isAtEnd = left == 0
            return bytes
        case .chunked:
            if left == 0, try !beginChunk(&socket, deadline) { return [] }
            return try take(&socket, deadline)
        }
    }

    /// The whole rest of the body, at most `limit` bytes.
    mutating func all(_ socket: inout Socket, limit: Int, until deadline: Deadline) throws(TransportError) -> [UInt8] {
        var body: [UInt8] = []
        if case .length(let length) = framing {
            guard length <= limit else { throw .malformed("an answer of \(length) bytes; the limit is \(limit)") }
            body.reserveCapacity(length)
        }
        while !isAtEnd {
            body += try next(&socket, until: deadline)
            guard body.count <= limit else { throw .malformed("an answer of more than \(limit) bytes") }
        }
        return body
    }

    private mutating func take(_ socket: inout Socket, _ deadline: Deadline) throws(TransportError) -> ArraySlice<UInt8>
    {
        let bytes = try socket.some(left, until: deadline)
        guard !bytes.isEmpty else { throw .broken("the connection ended inside the answer") }
        left -= bytes.count
        return bytes
    }

    /// Reads the size line of a chunk; false after the last one.
    private mutating func beginChunk(_ socket: inout Socket, _ deadline: Deadline) throws(TransportError) -> Bool {
        if !isFirstChunk { _ = try requiredLine(&socket, deadline) }
        isFirstChunk = false
        let digits = try requiredLine(&socket, deadline).prefix { $0 != 0x3B && $0 != 0x20 }
        guard !digits.isEmpty, digits.count <= 8, let size = Int(String(decoding: digits, as: UTF8.self), radix: 16),
            size >= 0
        else { throw .malformed("a chunk without a size") }
        left = size
        if size > 0 { return true }
        // Trailers are read and dropped.
        while try !requiredLine(&socket, deadline).isEmpty {}
        isAtEnd = true
        return false
    }

    private func requiredLine(_ socket: inout Socket, _ deadline: Deadline) throws(TransportError) -> [UInt8] {
        guard let line = try socket.line(limit: HTTPResponseHead.lineBytesMax, until: deadline) else {
            throw .broken("the connection ended inside the answer")
        }
        return line
    }
}
