import OrcaMCP
import OrcaSupport
import Testing

@Suite struct EraTests {
    static let handshakes = MCPRevision.allCases.filter { !$0.isStateless }

    @Test(arguments: handshakes) func aHandshakeAgreesOnTheRevisionAskedFor(revision: MCPRevision) throws {
        var desk = Desk()
        try desk.shakeHands(revision)
        #expect(try desk.ask("ping") == [:])
        let tools = try #require(try desk.ask("tools/list")["tools"]?.arrayValue)
        #expect(tools.map { $0["name"]?.stringValue } == ["execute", "search"])
        #expect(tools.allSatisfy { ($0["outputSchema"] != nil) == revision.hasStructuredContent })
        #expect(tools.allSatisfy { ($0["annotations"] != nil) == revision.hasAnnotations })
        let result = try desk.call("execute", ["code": "1"])
        #expect((result["structuredContent"] != nil) == revision.hasStructuredContent)
        #expect(result["resultType"] == nil && result["isError"] == false)
    }

    @Test(arguments: ["2023-01-01", "2026-07-28", "nonsense"])
    func aHandshakeForAnotherRevisionIsOfferedOurNewest(wanted: String) throws {
        var desk = Desk()
        let result = try desk.ask("initialize", ["protocolVersion": .string(wanted), "capabilities": [:]])
        #expect(result["protocolVersion"] == "2025-11-25")
        #expect(result["serverInfo"]?["name"] == "orca")
        #expect(result["capabilities"]?["tools"] != nil && result["capabilities"]?["resources"] != nil)
    }

    @Test func beforeAHandshakeOnlyPingIsAnswered() throws {
        var desk = Desk()
        #expect(try desk.ask("ping") == [:])
        #expect(try desk.refusal("tools/list") == -32600)
        #expect(try desk.refusal("initialize") == -32602)
    }

    @Test func aStatelessServerIsDiscoveredListedAndCalled() throws {
        var desk = Desk()
        let discovery = try desk.ask("server/discover", Desk.stateless())
        #expect(discovery["supportedVersions"]?.arrayValue?.first == "2026-07-28")
        #expect(discovery["supportedVersions"]?.arrayValue?.count == 5)
        #expect(discovery["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "orca")
        for (method, parameters) in [
            ("tools/list", [:]), ("resources/list", [:]), ("resources/templates/list", [:]),
            ("resources/read", ["uri": "orca://skills/x"]), ("resources/read", ["uri": "orca://methods"]),
        ] as [(String, JSONValue)] {
            let result = try desk.ask(method, Desk.stateless(parameters))
            #expect(result["resultType"] == "complete" && result["cacheScope"] == "private", "\(method)")
            #expect(result["ttlMs"]?.integerValue != nil, "\(method)")
        }
        let called = try desk.ask("tools/call", Desk.stateless(["name": "execute", "arguments": ["code": "1"]]))
        #expect(called["resultType"] == "complete" && called["structuredContent"]?["ok"] == true)
    }

    @Test func aStatelessRequestSaysItsRevisionAndWhatItsClientCan() throws {
        var desk = Desk()
        let wrong = try #require(
            desk.send(Desk.request("tools/list", Desk.stateless(revision: "2027-01-01"))).first?["error"])
        #expect(wrong["code"] == -32022 && wrong["data"]?["requested"] == "2027-01-01")
        #expect(wrong["data"]?["supported"]?.arrayValue?.contains("2026-07-28") == true)
        let bare: JSONValue = ["_meta": ["io.modelcontextprotocol/protocolVersion": "2026-07-28"]]
        #expect(try desk.refusal("tools/list", bare) == -32602)
        #expect(try desk.refusal("server/discover") == -32602)
        #expect(try desk.refusal("ping", Desk.stateless()) == -32601)
    }

    @Test func bothErasShareOneConnection() throws {
        var desk = Desk()
        try desk.shakeHands(.june2025)
        for _ in 0..<3 {
            #expect(try desk.ask("tools/list")["resultType"] == nil)
            #expect(try desk.ask("tools/list", Desk.stateless())["resultType"] == "complete")
        }
        #expect(desk.session.revision == .june2025)
    }

    @Test(
        arguments: [
            ("tools/frobnicate", [:], -32601), ("prompts/list", [:], -32601), ("tools/call", [:], -32602),
            ("tools/call", ["name": "rm"], -32602), ("tools/list", ["cursor": "abc"], -32602),
            ("resources/read", [:], -32602), ("resources/read", ["uri": "orca://nothing"], -32002),
        ] as [(String, JSONValue, Int64)])
    func whatIsNotThereIsRefusedByItsCode(method: String, parameters: JSONValue, code: Int64) throws {
        var desk = Desk()
        try desk.shakeHands(.november2025)
        #expect(try desk.refusal(method, parameters) == code)
    }

    @Test func anUnknownResourceIsAWrongParameterInTheStatelessEra() throws {
        var desk = Desk()
        #expect(try desk.refusal("resources/read", Desk.stateless(["uri": "orca://nothing"])) == -32602)
    }

    @Test(
        arguments: [
            ([], .null), ("x", .null), (["jsonrpc": "2.0", "id": 7], 7),
            (["jsonrpc": "1.0", "id": 7, "method": "ping"], 7),
            (["jsonrpc": "2.0", "id": .number(1.5), "method": "ping"], .null),
            (["jsonrpc": "2.0", "id": nil, "method": "ping"], .null),
            (["jsonrpc": "2.0", "id": "a", "method": 3], "a"),
            (["jsonrpc": "2.0", "id": 7, "method": "a", "params": []], 7),
        ] as [(JSONValue, JSONValue)])
    func whatIsNoMessageIsRefusedUnderTheIdItHas(message: JSONValue, id: JSONValue) throws {
        var desk = Desk()
        let answers = try desk.send(message)
        #expect(answers.count == 1 && answers[0]["id"] == id)
        #expect([-32600, -32602].contains(answers[0]["error"]?["code"]?.integerValue))
    }

    @Test func notificationsAndAnswersGetNoAnswer() throws {
        var desk = Desk()
        #expect(try desk.send(["jsonrpc": "2.0", "method": "notifications/frobnicated"]).isEmpty)
        #expect(try desk.send(["jsonrpc": "2.0", "id": 5, "result": [:]]).isEmpty)
        #expect(try desk.send(["jsonrpc": "2.0", "method": "tools/list"]).isEmpty)
        guard
            case .cancel(.text("a")) = Desk.server.react(
                to: .notification(method: "notifications/cancelled", parameters: ["requestId": "a"]), in: &desk.session)
        else {
            Issue.record("a cancellation is no cancellation")
            return
        }
    }
}
