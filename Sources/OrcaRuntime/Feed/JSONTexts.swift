/// The texts in a piece of JSON, names among them, each as it stands there with its quotes.
struct JSONTexts: Sequence, IteratorProtocol {
    private static let quote = UInt8(ascii: "\"")
    private static let escape = UInt8(ascii: "\\")

    private let bytes: [UInt8]
    private var position = 0

    init(_ json: String) {
        bytes = Array(json.utf8)
    }

    mutating func next() -> String? {
        guard let start = bytes[position...].firstIndex(of: Self.quote) else { return nil }
        var end = start + 1
        while end < bytes.count, bytes[end] != Self.quote { end += bytes[end] == Self.escape ? 2 : 1 }
        position = Swift.min(end + 1, bytes.count)
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}
