import OrcaMCP
import OrcaSupport
import Testing

@Suite struct PostTests {
    /// The status and the code of the error that a POST is answered with; 200 for what is carried out.
    private func send(
        _ method: String, _ parameters: JSONValue = [:], _ adjust: (inout MCPPost) -> Void = { _ in }
    ) -> (status: Int, code: Int64?) {
        var post = MCPPost(body: Desk.request(method, parameters).jsonBytes())
        adjust(&post)
        switch Desk.server.react(to: post) {
        case .errand: return (200, nil)
        case .answer(let status, let json): return (status, json?["error"]?["code"]?.integerValue)
        }
    }

    private static func fields(_ method: String, _ name: String? = nil) -> (inout MCPPost) -> Void {
        { ($0.revision, $0.method, $0.name) = ("2026-07-28", method, name) }
    }

    @Test func aStatelessRequestSaysTheSameInItsFieldsAndItsBody() {
        let call = Desk.stateless(["name": "execute", "arguments": ["code": "1"]])
        #expect(send("tools/call", call, Self.fields("tools/call", "execute")) == (200, nil))
        #expect(send("tools/call", call, Self.fields("tools/call", "=?base64?ZXhlY3V0ZQ==?=")) == (200, nil))
        #expect(send("tools/call", call, Self.fields("tools/call", "=?base64?!?=")) == (400, -32020))
        #expect(send("tools/call", call, Self.fields("tools/call", "search")) == (400, -32020))
        #expect(send("tools/call", call, Self.fields("tools/call")) == (400, -32020))
        #expect(send("tools/call", call, Self.fields("tools/list", "execute")) == (400, -32020))
        #expect(send("tools/list", Desk.stateless()) == (400, -32020))
        #expect(send("tools/list", [:], Self.fields("tools/list")) == (400, -32020))
        #expect(send("frobnicate", Desk.stateless(), Self.fields("frobnicate")) == (404, -32601))
        let future = Desk.stateless(revision: "2027-01-01")
        #expect(
            send("tools/list", future) { ($0.revision, $0.method) = ("2027-01-01", "tools/list") } == (400, -32022))
    }

    @Test func theHandshakeEraNeedsNoSession() {
        let hello: JSONValue = ["protocolVersion": "2025-06-18", "capabilities": [:]]
        #expect(send("initialize", hello) == (200, nil))
        #expect(send("tools/list") == (200, nil))
        for revision in MCPRevision.allCases where !revision.isStateless {
            #expect(send("tools/list") { $0.revision = revision.rawValue } == (200, nil))
        }
        #expect(send("frobnicate") { $0.revision = "2025-06-18" } == (200, -32601))
        #expect(send("tools/list") { $0.revision = "1999-01-01" } == (400, -32022))
        #expect(send("tools/list") { $0.session = "old" } == (404, -32600))
        #expect(send("initialize", hello) { $0.session = "old" } == (200, nil))
    }

    @Test(arguments: [("{", 400), ("[]", 400), ("3", 400), (#"{"jsonrpc":"2.0","method":"x"}"#, 202)])
    func whatIsNoRequestHasItsStatus(body: String, status: Int) {
        guard case .answer(status, let json) = Desk.server.react(to: MCPPost(body: Array(body.utf8))) else {
            Issue.record("another status")
            return
        }
        #expect((json == nil) == (status == 202))
    }
}
