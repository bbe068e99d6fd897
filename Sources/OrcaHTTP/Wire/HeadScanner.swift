/// Looks for the end of a head while its bytes arrive, and refuses what can never become one, so that a wrong peer (a TLS
/// hello, bare line feeds, endless lines) is answered at once and not after a timeout.
struct HeadScanner: Sendable {
    private var position = 0
    private var firstLineEnd: Int?
    private var isLineEmpty = true

    /// The length of the head including its empty line, or `nil` when more bytes are needed. Call it again with the same
    /// bytes and more; what was looked at is not looked at again.
    mutating func end(in bytes: [UInt8], from start: Int, limits: HTTPLimits) throws(HTTPFault) -> Int? {
        while start + position < bytes.count {
            let byte = bytes[start + position]
            if byte == 0x0D {
                guard start + position + 1 < bytes.count else { break }
                guard bytes[start + position + 1] == 0x0A else {
                    throw .badRequest("A carriage return without a line feed.")
                }
                position += 2
                if isLineEmpty { return position }
                if firstLineEnd == nil { firstLineEnd = position }
                isLineEmpty = true
                continue
            }
            try check(byte)
            isLineEmpty = false
            position += 1
            if position > limits.headBytesMax { break }
        }
        if firstLineEnd == nil, position > limits.targetBytesMax {
            throw HTTPFault(414, "target_too_long", "The request line is longer than \(limits.targetBytesMax) bytes.")
        }
        if position > limits.headBytesMax {
            throw HTTPFault(431, "head_too_large", "The head is larger than \(limits.headBytesMax) bytes.")
        }
        return nil
    }

    private func check(_ byte: UInt8) throws(HTTPFault) {
        guard byte != 0x0A else { throw .badRequest("A line feed without a carriage return.") }
        guard byte >= 0x20 || byte == 0x09, byte != 0x7F else { throw .badRequest("A control character in the head.") }
        // No head begins with anything but a letter of its method.
        guard position > 0 || HeadParser.isToken(byte) else { throw .badRequest("This is not an HTTP request.") }
    }
}
