import Glibc
import OrcaSupport

/// HTTP/2 frame by frame, for what a well-behaved client never does: half a call, no answer to a ping, pings without end.
/// Blocking. Source: RFC 9113, sections 3.4, 4.1 and 6; header blocks after RFC 7541, section 6.2.2.
final class RawConnection: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    enum Kind: UInt8 {
        case data = 0
        case headers = 1
        case reset = 3
        case settings = 4
        case ping = 6
        case goAway = 7
    }

    struct Frame {
        /// `nil` for those that no test looks at.
        var kind: Kind?
        var flags: UInt8
        var stream: UInt32
        var payload: [UInt8]

        /// Of a ping or settings: the answer to one.
        var isAnswer: Bool { flags & 1 != 0 }

        /// The code of a GOAWAY, which follows the last stream, or of a RST_STREAM.
        var errorCode: UInt32? {
            let bytes = payload.dropFirst(kind == .goAway ? 4 : 0).prefix(4)
            guard kind == .goAway || kind == .reset, bytes.count == 4 else { return nil }
            return bytes.reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    static let endStream: UInt8 = 1
    private static let endHeaders: UInt8 = 4
    /// Until a test gives up.
    private static let patienceMS: Int32 = 20_000

    private let descriptor: Int32

    /// A connection that was accepted; it becomes this one's.
    init(accepted descriptor: Int32) { self.descriptor = descriptor }

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            for (index, byte) in path.utf8.enumerated() { bytes[index] = byte }
        }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw Failure(description: "connect \(path): \(errno)") }
    }

    deinit { close(descriptor) }

    // MARK: Sending

    /// Whether the bytes were taken; not by a server that has hung up.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func send(_ kind: Kind, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> Bool {
        let (count, id) = (UInt32(payload.count), stream)
        let head = [UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF), kind.rawValue, flags]
        return send(head + (0..<4).map { UInt8(id >> (24 - 8 * UInt32($0)) & 0xFF) } + payload)
    }

    /// The greeting, with settings that leave everything as it is.
    func greet() {
        send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8))
        send(.settings)
    }

    /// The head of a call; its message is still to come.
    func begin(_ path: String, stream: UInt32 = 1) {
        send(
            stream: stream,
            fields: [
                (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
                ("te", "trailers"), ("content-type", "application/grpc"),
            ])
    }

    /// A head, or what stands at the end.
    func send(stream: UInt32, isLast: Bool = false, fields: [(String, String)]) {
        var block: [UInt8] = []
        for (name, value) in fields {
            // A literal that is not to be remembered, neither part of it compressed; all are shorter than 127 bytes.
            block += [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
        }
        send(.headers, flags: Self.endHeaders | (isLast ? Self.endStream : 0), stream: stream, block)
    }

    /// Of a server: answers the call with an empty message.
    func answer(stream: UInt32) {
        send(stream: stream, fields: [(":status", "200"), ("content-type", "application/grpc")])
        send(.data, stream: stream, Self.messageHead(0))
        send(stream: stream, isLast: true, fields: [("grpc-status", "0")])
    }

    /// The head of a message as long as `count`.
    static func messageHead(_ count: UInt8) -> [UInt8] { [0, 0, 0, 0, count] }

    func ping(_ payload: [UInt8] = [UInt8](repeating: 7, count: 8), isAnswer: Bool = false) {
        send(.ping, flags: isAnswer ? 1 : 0, payload)
    }

    // MARK: Reading

    /// What a client begins with; false when it is something else.
    func takeGreeting() throws -> Bool {
        try read(24) == Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    }

    /// The next frame; `nil` when the server has hung up.
    func next() throws -> Frame? {
        guard let head = try read(9), let payload = try read(head[..<3].reduce(0) { $0 << 8 | Int($1) }) else {
            return nil
        }
        return Frame(
            kind: Kind(rawValue: head[3]), flags: head[4], stream: head[5...].reduce(0) { $0 << 8 | UInt32($1) },
            payload: payload)
    }

    /// The next frame of a kind that is no answer; what comes before is skipped. `nil` when the server has hung up.
    func next(_ kind: Kind) throws -> Frame? {
        while let frame = try next() {
            if frame.kind == kind, !(kind == .ping && frame.isAnswer) { return frame }
        }
        return nil
    }

    /// Whether bytes are there to read, or the end.
    func hasNews(withinMS: Int32) -> Bool {
        var waits = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waits, 1, withinMS) > 0
    }

    private func read(_ count: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard hasNews(withinMS: Self.patienceMS) else { throw Failure(description: "the server is silent") }
            var chunk = [UInt8](repeating: 0, count: count - bytes.count)
            let got = recv(descriptor, &chunk, chunk.count, 0)
            guard got > 0 else { return nil }
            bytes += chunk[..<got]
        }
        return bytes
    }
}
