/// UUIDs as text, in lower case (RFC 9562).
package enum UUIDText {
    /// All bits random but those that say so (version 4).
    package static func random(_ high: UInt64, _ low: UInt64) -> String {
        text(high & ~0xF000 | 0x4000, low)
    }

    /// The time first, so that what is stored under them stands side by side (version 7).
    package static func ordered(milliseconds: Int64, _ high: UInt64, _ low: UInt64) -> String {
        text(UInt64(clamping: milliseconds) << 16 | 0x7000 | high & 0xFFF, low)
    }

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        let variant = low & ~(0b11 << 62) | 0b10 << 62
        let letters = Array((hexadecimal(high) + hexadecimal(variant)).utf8)
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: letters[$0], as: UTF8.self) }
            .joined(separator: "-")
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
}
