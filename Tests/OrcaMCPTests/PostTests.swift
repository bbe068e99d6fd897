import OrcaAPI
import OrcaMCP
import OrcaSupport
import Synchronization
import Testing

@Suite struct PostTests {
    private let server = Desk.server

    /// The status and the code of the error that a POST is answered with; 200 for what is carried out.
    private func send(
        _ method: String, _ parameters: JSONValue = [:], _ adjust: (inout MCPPost) -> Void = { _ in }
    ) -> (status: Int, code: Int64?) {
        var post = MCPPost(body: Desk.request(method, parameters).jsonBytes())
        adjust(&post)
        switch server.react(to: post) {
        case .errand, .listen: return (200, nil)
        case .cancel, .reply: return (202, nil)
        case .answer(let status, let json, _): return (status, json?["error"]?["code"]?.integerValue)
        }
    }

    /// What `Mcp-Session-Id` is after a handshake.
    private func session(
        _ revision: MCPRevision = .november2025, capabilities: JSONValue = [:], caller: String = "",
        on server: MCPServer = Desk.server
    ) throws -> String {
        let hello: JSONValue = [
            "protocolVersion": .string(revision.rawValue), "capabilities": capabilities,
            "clientInfo": ["name": "claude-code", "version": "1"],
        ]
        var post = MCPPost(body: Desk.request("initialize", hello).jsonBytes())
        post.caller = caller
        guard case .answer(200, _, let session?) = server.react(to: post) else {
            throw RPCError(.internal, "no session")
        }
        return session
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

    @Test(arguments: EraTests.handshakes) func aHandshakeOpensASessionThatIsNeededFromThenOn(revision: MCPRevision)
        throws
    {
        let session = try session(revision)
        #expect(session.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && session.utf8.count < 1_000)
        #expect(send("tools/list") { ($0.session, $0.revision) = (session, revision.rawValue) } == (200, nil))
        #expect(send("tools/list") { $0.session = session } == (200, nil))
        #expect(send("frobnicate") { ($0.session, $0.revision) = (session, revision.rawValue) } == (200, -32601))
        #expect(send("tools/list") { $0.revision = revision.rawValue } == (400, -32600))
        #expect(send("tools/list") == (400, -32600))
        #expect(send("tools/list") { ($0.session, $0.revision) = (session, "1999-01-01") } == (400, -32022))
    }

    @Test func aSessionIsForItsCallerAndItsServerOnly() throws {
        let session = try session(caller: "a")
        #expect(send("tools/list") { ($0.session, $0.caller) = (session, "a") } == (200, nil))
        #expect(send("tools/list") { ($0.session, $0.caller) = (session, "b") } == (404, -32600))
        #expect(send("tools/list") { ($0.session, $0.caller) = ("old", "a") } == (404, -32600))
        let forged = String(session.dropLast(2)) + "AA"
        #expect(send("tools/list") { ($0.session, $0.caller) = (forged, "a") } == (404, -32600))
        let other = try self.session(on: MCPServer(workspace: "x", documents: []))
        #expect(send("tools/list") { $0.session = other } == (404, -32600))
    }

    @Test func aSessionEndsWhenItsClientSaysSo() throws {
        let session = try session()
        #expect(Desk.server.end(session: nil, of: "") == 405)
        #expect(Desk.server.end(session: session, of: "another") == 404)
        #expect(Desk.server.end(session: session, of: "") == 200)
        #expect(send("tools/list") { $0.session = session } == (404, -32600))
        #expect(Desk.server.end(session: session, of: "") == 404)
    }

    @Test func aSessionEndsAfterAWeek() throws {
        let clock = Mutex<Int64>(0)
        let server = MCPServer(
            workspace: "x", documents: [], keeping: MCPKeeping(clock: { clock.withLock { $0 } }))
        let session = try session(on: server)
        var post = MCPPost(body: Desk.request("tools/list", [:]).jsonBytes())
        post.session = session
        guard case .errand = server.react(to: post) else { throw RPCError(.internal, "no errand") }
        clock.withLock { $0 += 8 * 24 * 3_600_000 }
        guard case .answer(let status, _, _) = server.react(to: post) else { throw RPCError(.internal, "it lives") }
        #expect(status == 404)
    }

    @Test func cancellationsAndRepliesReachOnlyTheirSession() throws {
        let session = try session(capabilities: ["elicitation": [:]])
        let cancellation: JSONValue = [
            "jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": 7],
        ]
        var post = MCPPost(body: cancellation.jsonBytes())
        guard case .answer(let status, nil, _) = Desk.server.react(to: post) else {
            throw RPCError(.internal, "whose?")
        }
        #expect(status == 202)
        post.session = session
        guard case .cancel(.number(7), session) = Desk.server.react(to: post) else {
            throw RPCError(.internal, "no cancellation")
        }
        post.body = (["jsonrpc": "2.0", "id": "ask-1", "result": ["action": "decline"]] as JSONValue).jsonBytes()
        guard case .reply(.text("ask-1"), ["action": "decline"], session) = Desk.server.react(to: post) else {
            throw RPCError(.internal, "no reply")
        }
    }

    @Test(arguments: [(true, true), (true, false), (false, true)])
    func aScriptOfASessionMayAskWhereEventsCanCarryTheQuestion(takesEvents: Bool, asks: Bool) throws {
        let session = try session(capabilities: asks ? ["elicitation": [:]] : [:])
        let call: JSONValue = ["name": "execute", "arguments": ["code": "1"]]
        var post = MCPPost(body: Desk.request("tools/call", call).jsonBytes())
        (post.session, post.takesEvents) = (session, takesEvents)
        guard case .errand(let errand, session) = Desk.server.react(to: post) else {
            throw RPCError(.internal, "no errand")
        }
        let order = try #require(errand.message as? OrcaV1.RunScriptRequest)
        #expect(order.canAsk == (takesEvents && asks) && errand.mayAsk == order.canAsk)
        #expect((errand.idempotencyKey != nil) == order.canAsk)
    }

    @Test(arguments: [("{", 400), ("[]", 400), ("3", 400), (#"{"jsonrpc":"2.0","method":"x"}"#, 202)])
    func whatIsNoRequestHasItsStatus(body: String, status: Int) {
        guard case .answer(status, let json, _) = Desk.server.react(to: MCPPost(body: Array(body.utf8))) else {
            Issue.record("another status")
            return
        }
        #expect((json == nil) == (status == 202))
    }
}
