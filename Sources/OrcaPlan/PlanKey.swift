/// The keys by which tasks of a plan refer to each other.
package enum PlanKey {
    package static let bytesMax = 64

    /// Letters, digits, `.`, `_`, `-`, `/`; a letter or digit first.
    package static func isValid(_ key: String) -> Bool {
        guard let first = key.utf8.first, isWord(first), key.utf8.count <= bytesMax else { return false }
        return key.utf8.allSatisfy { isWord($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x2F || $0 == 0x5F }
    }

    /// A key made of a title: `Write the docs!` becomes `write-the-docs`; empty when the title has no usable letter.
    package static func make(from title: String) -> String {
        var key: [UInt8] = []
        for byte in title.lowercased().utf8 {
            if isWord(byte) {
                key.append(byte)
            } else if byte < 0x80, byte != 0x27, !key.isEmpty, key.last != 0x2D {
                key.append(0x2D)
            }
        }
        key = Array(key.prefix(bytesMax))
        while key.last == 0x2D { key.removeLast() }
        return String(decoding: key, as: UTF8.self)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
