import Testing

/// Requests that two programs could understand in two ways, or that no program should send: each gets one clear answer, the connection
/// is closed, and nothing that hides behind them is taken for a request.
@Suite struct MalformedRequestTests {
    private static let hidden = "GET /v1/workspaces/w/tasks/HIDDEN-1 HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let target = "/v1/workspaces/w/tasks"
    private static let post = "POST \(target) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

    static let probes: [(name: String, text: String, status: Int)] = [
        ("length and chunked", post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, 400),
        ("chunked and length", post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + hidden, 400),
        ("two lengths", post + "Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}" + hidden, 400),
        ("the same length twice", post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
        ("a list of lengths", post + "Content-Length: 2, 2\r\n\r\n{}", 400),
        ("a signed length", post + "Content-Length: +2\r\n\r\n{}", 400),
        ("a negative length", post + "Content-Length: -2\r\n\r\n{}", 400),
        ("a hexadecimal length", post + "Content-Length: 0x2\r\n\r\n{}", 400),
        ("an empty length", post + "Content-Length:\r\n\r\n", 400),
        ("a length beyond 64 bits", post + "Content-Length: 99999999999999999999\r\n\r\n", 400),
        ("an unknown encoding", post + "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + hidden, 501),
        ("two encodings", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + hidden, 501),
        ("chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("identity", post + "Transfer-Encoding: identity\r\n\r\n" + hidden, 501),
        ("chunked on HTTP/1.0", "POST \(target) HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, 400),
        ("a space before the colon", "GET \(target) HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        ("a space before a length's colon", post + "Content-Length : 2\r\n\r\n{}", 400),
        ("a folded field", "GET \(target) HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400),
        ("a folded first field", "GET \(target) HTTP/1.1\r\n Host: x\r\n\r\n", 400),
        ("a NUL in a value", "GET \(target) HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", 400),
        ("a NUL in the target", "GET \(target)\0 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("a control character in a value", "GET \(target) HTTP/1.1\r\nHost: x\r\nA: \u{1}\r\n\r\n", 400),
        ("an empty name", "GET \(target) HTTP/1.1\r\nHost: x\r\n: v\r\n\r\n", 400),
        ("a name that is no token", "GET \(target) HTTP/1.1\r\nHost: x\r\nA(b: c\r\n\r\n", 400),
        ("a field without colon", "GET \(target) HTTP/1.1\r\nHost: x\r\nnothing\r\n\r\n", 400),
        ("two hosts", "GET \(target) HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        ("no host", "GET \(target) HTTP/1.1\r\n\r\n", 400),
        ("bare line feeds", "GET \(target) HTTP/1.1\nHost: x\n\n", 400),
        ("one bare line feed", "GET \(target) HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400),
        ("a bare carriage return", "GET \(target) HTTP/1.1\r\nHost: x\rA: b\r\n\r\n", 400),
        ("no target", "GET HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("two spaces", "GET  \(target) HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("a target with a space", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("an absolute target", "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("a fragment", "GET \(target)#a HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("a tunnel", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("a method that is no token", "G(T \(target) HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("HTTP/2 by prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        ("HTTP/2", "GET \(target) HTTP/2.0\r\nHost: x\r\n\r\n", 505),
        ("HTTP/0.9", "GET \(target)\r\n\r\n", 400),
        ("lower-case http", "GET \(target) http/1.1\r\nHost: x\r\n\r\n", 400),
        ("a TLS hello", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}", 400),
        ("another expectation", post + "Expect: magic\r\nContent-Length: 2\r\n\r\n{}", 417),
        (
            "two tokens",
            "GET \(target) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 400
        ),
        ("a chunk size with a word", post + "Transfer-Encoding: chunked\r\n\r\n2 x\r\n{}\r\n0\r\n\r\n", 400),
        ("a chunk size with 0x", post + "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n", 400),
        ("an empty chunk size", post + "Transfer-Encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n", 400),
        ("a negative chunk size", post + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n", 400),
        ("a chunk size beyond all limits", post + "Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n", 413),
        ("a chunk longer than its size", post + "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n", 400),
        ("chunks with bare line feeds", post + "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n", 400),
        ("a folded trailer", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n c\r\n\r\n", 400),
    ]

    @Test(arguments: probes.map(\.name))
    func `a malformed request is refused and its connection closed`(name: String) async throws {
        let probe = try #require(Self.probes.first { $0.name == name })
        try await TestServer.run { server async throws in
            let client = try server.client()
            try client.send(probe.text)
            let response = try client.readResponse()
            #expect(response.status == probe.status)
            #expect(response["connection"] == "close")
            #expect(response.text.hasPrefix(#"{"code":""#))
            #expect(try client.readToEnd() == "")
            #expect(server.performer.seen.isEmpty)
        }
    }
}
