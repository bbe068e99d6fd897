/// Undoes the chunked transfer coding while bytes arrive, strictly. Source: RFC 9112, 7.1. Extensions and trailers are checked and
/// dropped.
struct ChunkedDecoder: Sendable {
    private enum State: Sendable {
        case sizeStart
        case size
        case chunkExtension
        case sizeLineFeed
        case data
        case dataReturn
        case dataLineFeed
        case trailerStart
        case trailerName
        case trailerValue
        case trailerLineFeed
        case endLineFeed
        case done
    }

    /// Bytes of extensions and trailers in one body.
    private static let extrasBytesMax = 4096

    private var state = State.sizeStart
    private var remaining = 0
    private var digits = 0
    private var extras = 0

    var isDone: Bool { state == .done }

    /// Takes bytes in, appends the body's to `body`, and returns how many it took: all, unless the body ended before.
    mutating func decode(
        _ bytes: ArraySlice<UInt8>, into body: inout [UInt8], limits: HTTPLimits
    ) throws(HTTPFault) -> Int {
        var index = bytes.startIndex
        while index < bytes.endIndex, state != .done {
            if state == .data {
                let count = min(remaining, bytes.endIndex - index)
                body.append(contentsOf: bytes[index..<index + count])
                remaining -= count
                index += count
                if remaining == 0 { state = .dataReturn }
                continue
            }
            try step(bytes[index], body.count, limits)
            index += 1
        }
        return index - bytes.startIndex
    }

    private mutating func step(_ byte: UInt8, _ bodyCount: Int, _ limits: HTTPLimits) throws(HTTPFault) {
        switch state {
        case .sizeStart, .size: try size(byte, bodyCount, limits)
        case .chunkExtension:
            if byte == 0x0D { state = .sizeLineFeed } else { try extra(byte) }
        case .sizeLineFeed:
            try require(byte, 0x0A)
            state = remaining == 0 ? .trailerStart : .data
        case .dataReturn:
            try require(byte, 0x0D)
            state = .dataLineFeed
        case .dataLineFeed:
            try require(byte, 0x0A)
            state = .sizeStart
        case .trailerStart, .trailerName, .trailerValue: try trailer(byte)
        case .trailerLineFeed:
            try require(byte, 0x0A)
            state = .trailerStart
        case .endLineFeed:
            try require(byte, 0x0A)
            state = .done
        case .data, .done: preconditionFailure("bytes of the body are not taken one by one")
        }
    }

    private mutating func size(_ byte: UInt8, _ bodyCount: Int, _ limits: HTTPLimits) throws(HTTPFault) {
        if let digit = Self.hexValue(byte) {
            if state == .sizeStart {
                remaining = 0
                digits = 0
                state = .size
            }
            digits += 1
            guard digits <= 8 else { throw .badRequest("A chunk's size has more than eight digits.") }
            remaining = remaining << 4 | digit
            guard bodyCount + remaining <= limits.bodyBytesMax else { throw .bodyTooLarge(limits) }
            return
        }
        guard state == .size else { throw .badRequest("A chunk has no size.") }
        switch byte {
        case 0x0D: state = .sizeLineFeed
        case UInt8(ascii: ";"): state = .chunkExtension
        default: throw .badRequest("A chunk's size is not a hexadecimal number.")
        }
    }

    private mutating func trailer(_ byte: UInt8) throws(HTTPFault) {
        switch (state, byte) {
        case (.trailerStart, 0x0D): state = .endLineFeed
        case (.trailerValue, 0x0D): state = .trailerLineFeed
        case (.trailerValue, _): try extra(byte)
        case (.trailerName, UInt8(ascii: ":")): state = .trailerValue
        default:
            guard HeadParser.isToken(byte) else { throw .badRequest("A trailer's name is not a token.") }
            try extra(byte)
            state = .trailerName
        }
    }

    private mutating func extra(_ byte: UInt8) throws(HTTPFault) {
        extras += 1
        guard extras <= Self.extrasBytesMax else { throw .badRequest("Too many chunk extensions or trailers.") }
        guard byte >= 0x20 || byte == 0x09, byte != 0x7F else { throw .badRequest("A control character in a chunk.") }
    }

    private func require(_ byte: UInt8, _ wanted: UInt8) throws(HTTPFault) {
        guard byte == wanted else { throw .badRequest("A chunk does not end where its size says.") }
    }

    private static func hexValue(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
