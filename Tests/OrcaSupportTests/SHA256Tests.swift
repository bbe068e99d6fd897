import OrcaSupport
import Testing

/// Known answers: FIPS 180-4 and RFC 4231.
@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func digestsAreThoseOfTheStandard(text: String, hex: String) {
        #expect(SHA256.hex(Array(text.utf8)) == hex)
    }

    @Test func authenticationIsThatOfTheStandard() {
        let short = SHA256.authentication(of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(short.prefix(4) == [0x5B, 0xDC, 0xC1, 0x46] && short.count == 32)
        let long = SHA256.authentication(
            of: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            key: [UInt8](repeating: 0xAA, count: 131))
        #expect(long.prefix(4) == [0x60, 0xE4, 0x31, 0x59])
        #expect(SHA256.isEqual(long, long) && !SHA256.isEqual(long, short) && !SHA256.isEqual(long, []))
    }
}
