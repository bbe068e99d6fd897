import OrcaProtobuf
import OrcaSupport
import Synchronization

/// What a server keeps between messages: the key of what it hands out sealed, and which of that is over. Safe on any thread.
///
/// Clients carry their own state. A server that starts again has another key; what was sealed before is then refused, and the
/// client begins anew.
package final class MCPKeeping: Sendable {
    /// Marks at once. Each is small and goes when its time is over.
    static let marksMax = 20_000

    private let secret: [UInt8]
    private let clock: @Sendable () -> Int64
    private let marks = Mutex<[String: Int64]>([:])

    /// - Parameter clock: milliseconds since 1970.
    package init(
        secret: [UInt8] = MCPKeeping.randomBytes(32),
        clock: @escaping @Sendable () -> Int64 = SystemTime.wallMilliseconds
    ) {
        self.secret = secret
        self.clock = clock
    }

    var now: Int64 { clock() }

    package static func randomBytes(_ count: Int) -> [UInt8] {
        var source = SystemRandomNumberGenerator()
        return (0..<count).map { _ in .random(in: .min ... .max, using: &source) }
    }

    /// Unlike any other.
    static func nonce() -> String { text(randomBytes(16)) }

    // MARK: Seals

    /// `value` as a text that only `opened` with the same purpose takes.
    func sealed(_ value: JSONValue, for purpose: String) -> String {
        let body = Self.text(value.jsonBytes())
        return body + "." + Self.text(mark(body, purpose))
    }

    /// `nil` for what was not sealed here, or for something else.
    func opened(_ text: String, for purpose: String) -> JSONValue? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let bytes = Base64.decode(String(parts[0])),
            let given = Base64.decode(String(parts[1])),
            SHA256.isEqual(given, mark(String(parts[0]), purpose))
        else { return nil }
        // What was sealed here is JSON.
        return try? JSONValue(jsonBytes: bytes)
    }

    private func mark(_ body: String, _ purpose: String) -> [UInt8] {
        SHA256.authentication(of: Array((purpose + "\n" + body).utf8), key: secret)
    }

    /// Base64 for addresses and header fields.
    static func text(_ bytes: [UInt8]) -> String {
        let text = Base64.encode(bytes).utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: Marks

    enum Marking { case marked, alreadyMarked, full }

    /// Notes that something is over, until a time when it would not be taken anyway.
    func note(_ name: String, until time: Int64) -> Marking {
        let now = now
        return marks.withLock { marks in
            if let until = marks[name], until > now { return .alreadyMarked }
            if marks.count >= Self.marksMax { marks = marks.filter { $0.value > now } }
            guard marks.count < Self.marksMax else { return .full }
            marks[name] = time
            return .marked
        }
    }

    func isNoted(_ name: String) -> Bool {
        let now = now
        return marks.withLock { ($0[name] ?? 0) > now }
    }
}
