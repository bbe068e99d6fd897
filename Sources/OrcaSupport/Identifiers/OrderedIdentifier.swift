/// Makes the 26-character suffixes of ids: 48 bits of milliseconds, then 80 random bits, in lower-case Crockford
/// base 32 (the layout of ULID). Ids made by one maker sort strictly in the order they were made, also within a
/// millisecond and when the clock goes back.
package struct OrderedIdentifierMaker: Sendable {
    private var lastMilliseconds: UInt64 = 0
    private var high: UInt64 = 0  // upper 16 of the random bits
    private var low: UInt64 = 0  // lower 64

    package init() {}

    package mutating func next(milliseconds: Int64, random: inout some RandomNumberGenerator) -> String {
        let now = UInt64(max(0, milliseconds)) & 0xFFFF_FFFF_FFFF
        if now > lastMilliseconds {
            lastMilliseconds = now
            // One bit is left free so that counting up within a millisecond never runs over.
            high = random.next() & 0x7FFF
            low = random.next()
        } else {
            let (sum, carry) = low.addingReportingOverflow(1 + (random.next() & 0xFFFF_FFFF))
            low = sum
            if carry { high += 1 }
            if high > 0xFFFF {
                lastMilliseconds += 1
                high = 0
            }
        }
        return Self.encode(lastMilliseconds, high, low)
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    private static func encode(_ milliseconds: UInt64, _ high: UInt64, _ low: UInt64) -> String {
        String(unsafeUninitializedCapacity: 26) { out in
            for index in 0..<10 { out[index] = alphabet[Int(milliseconds >> UInt64(45 - 5 * index)) & 31] }
            // 80 bits: 16 characters of 5, most significant first.
            for index in 0..<16 {
                let shift = 75 - 5 * index
                let bits: UInt64
                if shift >= 64 {
                    bits = high >> UInt64(shift - 64)
                } else if shift > 59 {
                    bits = high << UInt64(64 - shift) | low >> UInt64(shift)
                } else {
                    bits = low >> UInt64(shift)
                }
                out[10 + index] = alphabet[Int(bits & 31)]
            }
            return 26
        }
    }
}
