import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import Synchronization
import Testing

@Suite struct ResponseFuzzTests {
    private static let answers = [
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 38\r\n\r\n{\"workspaces\":[],\"nextCursor\":\"abcdef\"}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"wor\r\n10\r\nkspaces\":[],\"nex\r\n0\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 60\r\n\r\n{\"code\":\"x\",\"category\":\"not_found\",\"message\":\"m\",\"details\":{}}",
    ]

    /// Whatever a server sends, a call ends with an answer or with an error, and never hangs or dies.
    @Test(arguments: 0..<6)
    func anyBytesEndTheCall(batch: Int) throws {
        let state = Mutex(UInt64(batch) &* 104_729 &+ 7)
        try withServer(timeoutMS: 5000) { _ in
            let text = state.withLock { state in
                func random(_ below: Int) -> Int {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return Int((state >> 33) % UInt64(below))
                }
                var bytes = Array(Self.answers[random(Self.answers.count)].utf8)
                let spice = [
                    "\r\n", "\r\n\r\n", "0\r\n", ":", " ", "HTTP/1.1", "ffffffffff", "-1", "{", "\"",
                    "Content-Length: 3\r\n", "99999999999999999999",
                ]
                for _ in 0..<(1 + random(4)) {
                    let position = random(bytes.count + 1)
                    switch random(3) {
                    case 0: bytes.insert(contentsOf: Array(spice[random(spice.count)].utf8), at: position)
                    case 1: bytes.removeSubrange(position..<min(bytes.count, position + random(12)))
                    default: bytes = Array(bytes.prefix(position))
                    }
                }
                return String(decoding: bytes, as: UTF8.self)
            }
            return .raw(text)
        } _: { client, _ in
            for _ in 0..<30 {
                do throws(APIError) {
                    _ = try client.call(Operations.listWorkspaces, .init())
                } catch {
                    #expect(!error.message.isEmpty)
                    #expect(error.category != .deadlineExceeded, "\(error)")
                }
            }
        }
    }
}
