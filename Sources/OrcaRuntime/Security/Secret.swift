/// Access secrets: `orca_` and 256 random bits in 52 characters of base 32. Only their digest is ever stored, and they
/// are looked up by it, so that no comparison of secrets takes a time that depends on them.
package enum Secret {
    package static let prefix = "orca_"

    package static func make() -> String {
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)
        var random = SystemRandomNumberGenerator()
        let letters = (0..<52).map { _ in alphabet[Int(random.next() & 31)] }
        return prefix + String(decoding: letters, as: UTF8.self)
    }

    package static func digest(of secret: String) -> String { Digest.sha256(secret) }
}
