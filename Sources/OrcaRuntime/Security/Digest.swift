import CNettle

/// SHA-256, by nettle.
package enum Digest {
    /// 64 hexadecimal digits.
    package static func sha256(_ bytes: [UInt8]) -> String {
        var stream = DigestStream()
        stream.add(bytes)
        return stream.end()
    }

    package static func sha256(_ text: String) -> String { sha256(Array(text.utf8)) }
}

/// SHA-256 of what comes in pieces.
package struct DigestStream {
    private var context = sha256_ctx()

    package init() { nettle_sha256_init(&context) }

    package mutating func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { nettle_sha256_update(&context, $0.count, $0.baseAddress) }
    }

    /// 64 hexadecimal digits of all that was added.
    package mutating func end() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        nettle_sha256_digest(&context, digest.count, &digest)
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
