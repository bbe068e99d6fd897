/// The bytes of a plan file, checked to be UTF-8, with places for byte offsets.
struct SourceText: Sendable {
    let bytes: [UInt8]
    /// Offset of the first byte of every line.
    private let lineStarts: [Int]

    /// Throws the diagnostic that says why the bytes cannot be a plan.
    init(_ bytes: [UInt8]) throws(PlanDiagnostic) {
        guard bytes.count <= PlanLimits.fileBytesMax else {
            throw PlanDiagnostic(
                .init(1, 1),
                "the file has \(bytes.count) bytes; the most is \(PlanLimits.fileBytesMax). Split the plan.")
        }
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == 0x0A { starts.append(offset + 1) }
        self.bytes = bytes
        lineStarts = starts
        if let bad = Self.firstInvalidByte(bytes) {
            throw PlanDiagnostic(
                place(of: bad), "byte 0x\(String(bytes[bad], radix: 16)) is not UTF-8 here. Save the file as UTF-8.")
        }
        if let control = bytes.firstIndex(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) {
            throw PlanDiagnostic(
                place(of: control),
                "the control character 0x\(String(bytes[control], radix: 16)) may not stand in a plan. Remove it.")
        }
    }

    var lineCount: Int { lineStarts.count }

    /// The bytes of line `number` (from 1) without its end.
    func line(_ number: Int) -> ArraySlice<UInt8> {
        guard number >= 1, number <= lineStarts.count else { return [] }
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
        if end > start, bytes[end - 1] == 0x0D { end -= 1 }
        return bytes[start..<end]
    }

    /// Lines from `first` to `last`, both included, joined with line feeds.
    func lines(_ first: Int, _ last: Int) -> String {
        guard first <= last else { return "" }
        return (first...last).map { String(decoding: line($0), as: UTF8.self) }.joined(separator: "\n")
    }

    func place(of offset: Int) -> PlanDiagnostic.Place {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        // Bytes that begin a scalar: everything but continuation bytes.
        let column = bytes[lineStarts[low]..<max(lineStarts[low], min(offset, bytes.count))].count { $0 & 0xC0 != 0x80 }
        return .init(low + 1, column + 1)
    }

    /// Well-formed UTF-8 of table 3-7 of the Unicode Standard.
    private static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            guard let length = sequenceLength(lead), index + length <= bytes.count else { return index }
            let second = bytes[index + 1]
            let isSecondFine: Bool =
                switch lead {
                case 0xE0: (0xA0...0xBF).contains(second)
                case 0xED: (0x80...0x9F).contains(second)
                case 0xF0: (0x90...0xBF).contains(second)
                case 0xF4: (0x80...0x8F).contains(second)
                default: second & 0xC0 == 0x80
                }
            guard isSecondFine, bytes[(index + 1)..<(index + length)].allSatisfy({ $0 & 0xC0 == 0x80 }) else {
                return index
            }
            index += length
        }
        return nil
    }

    private static func sequenceLength(_ lead: UInt8) -> Int? {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }
}
