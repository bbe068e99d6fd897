/// Postgres keeps every character but NUL. Where one stands, an escape stands in the database, and an escape for the
/// escape itself; every other text is stored as it is.
enum EscapedText {
    /// "Data link escape": nobody writes it.
    private static let mark: UInt8 = 0x10
    private static let null = UInt8(ascii: "0")
    private static let itself = UInt8(ascii: "D")

    static func append(_ text: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        for byte in text {
            switch byte {
            case 0:
                bytes.append(mark)
                bytes.append(null)
            case mark:
                bytes.append(mark)
                bytes.append(itself)
            default: bytes.append(byte)
            }
        }
    }

    static func needsEscape(_ text: UnsafeBufferPointer<UInt8>) -> Bool { text.contains { $0 == 0 || $0 == mark } }

    static func read(_ bytes: UnsafeRawBufferPointer) -> String {
        guard bytes.contains(mark) else { return String(decoding: bytes, as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var isEscaped = false
        for byte in bytes {
            if isEscaped {
                plain.append(byte == null ? 0 : mark)
                isEscaped = false
            } else if byte == mark {
                isEscaped = true
            } else {
                plain.append(byte)
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }
}
