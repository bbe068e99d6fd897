import OrcaAPI
import OrcaMCP
import OrcaProtobuf
import OrcaSupport
import Synchronization
import Testing

/// Questions of scripts, in both eras.
@Suite struct AskingTests {
    private static let forms: JSONValue = ["elicitation": [:]]
    private static let call: JSONValue = ["name": "execute", "arguments": ["code": "1", "timeout_ms": 50]]
    private static let waiting = OrcaV1.RunScriptResponse.with {
        $0.question = .with { ($0.question, $0.options) = ("Deploy?", ["yes", "no"]) }
    }

    private func desk() -> Desk {
        var desk = Desk()
        desk.script = .success(Self.waiting)
        return desk
    }

    /// A call of a stateless client, with what it brings along.
    private func call(_ more: KeyValuePairs<String, JSONValue> = [:], capabilities: JSONValue = forms) -> JSONValue {
        Desk.stateless(Self.call.adding(more), capabilities: capabilities)
    }

    // MARK: The handshake

    @Test(arguments: EraTests.handshakes) func aClientOfTheHandshakeIsAskedInBetween(revision: MCPRevision) throws {
        var desk = desk()
        desk.session.carriesQuestions = true
        try desk.shakeHands(revision, capabilities: Self.forms)
        desk.replies = [["action": "accept", "content": ["answer": "yes"]]]
        let result = try desk.ask("tools/call", Self.call)
        let order = try #require(desk.errands.last?.message as? OrcaV1.RunScriptRequest)
        guard revision.hasElicitation else {
            #expect(!order.canAsk && desk.asked.isEmpty && desk.errands.last?.idempotencyKey == nil)
            return
        }
        #expect(result["structuredContent"]?["result"] == "yes" && result["isError"] == false)
        let question = try #require(desk.asked.first)
        #expect(question["method"] == "elicitation/create" && question["id"]?.stringValue != nil)
        #expect(question["params"]?["message"] == "Deploy?")
        #expect((question["params"]?["mode"] == "form") == revision.namesFormMode)
        let schema = question["params"]?["requestedSchema"]
        #expect(schema?["required"] == ["answer"] && schema?["properties"]?["answer"]?["enum"] == ["yes", "no"])
        #expect(order.canAsk && order.answers.map(\.text) == ["yes"] && order.timeoutMs == 50)
        #expect(Set(desk.errands.suffix(2).map(\.idempotencyKey)).count == 1)
    }

    @Test(
        arguments: [
            (["action": "decline"], .decline), (["action": "cancel"], .cancel), (nil, .cancel),
            (["action": "accept", "content": ["answer": "perhaps"]], .cancel), (["action": "accept"], .cancel),
            (["action": "agree"], .cancel),
        ] as [(JSONValue?, OrcaV1.ScriptAnswer.Action)])
    func whatIsNoAnswerIsNone(reply: JSONValue?, action: OrcaV1.ScriptAnswer.Action) throws {
        var desk = desk()
        desk.session.carriesQuestions = true
        try desk.shakeHands(.november2025, capabilities: Self.forms)
        desk.replies = [reply]
        _ = try desk.ask("tools/call", Self.call)
        let order = try #require(desk.errands.last?.message as? OrcaV1.RunScriptRequest)
        #expect(order.answers.map(\.action) == [action] && order.answers.map(\.question) == ["Deploy?"])
    }

    @Test(
        arguments: [([:], true), (["elicitation": ["url": [:]]], true), (["elicitation": [:]], false)]
            as [(JSONValue, Bool)])
    func whoCannotAskIsNotAsked(capabilities: JSONValue, carriesQuestions: Bool) throws {
        var desk = Desk()
        desk.session.carriesQuestions = carriesQuestions
        try desk.shakeHands(.november2025, capabilities: capabilities)
        _ = try desk.ask("tools/call", Self.call)
        #expect((desk.errands.last?.message as? OrcaV1.RunScriptRequest)?.canAsk == false)
    }

    // MARK: Stateless

    @Test func aStatelessClientCallsAgainWithTheAnswer() throws {
        var desk = desk()
        let first = try desk.ask("tools/call", call())
        #expect(first["resultType"] == "input_required")
        let request = try #require(first["inputRequests"]?["answer"])
        #expect(request["method"] == "elicitation/create" && request["params"]?["message"] == "Deploy?")
        #expect(request["params"]?["mode"] == "form")
        let state = try #require(first["requestState"])
        let key = desk.errands.last?.idempotencyKey
        let answer: JSONValue = ["answer": ["action": "accept", "content": ["answer": "no"]]]
        let second = try desk.ask("tools/call", call(["requestState": state, "inputResponses": answer]))
        #expect(second["resultType"] == "complete" && second["structuredContent"]?["result"] == "no")
        #expect(key != nil && desk.errands.last?.idempotencyKey == key)
    }

    @Test func aStateIsTakenOnceAndOnlyForItsCall() throws {
        var desk = desk()
        let state = try #require(desk.ask("tools/call", call())["requestState"]?.stringValue)
        let answer: JSONValue = ["answer": ["action": "decline"]]
        func again(_ state: String, _ arguments: JSONValue = ["timeout_ms": 50, "code": "1"]) -> JSONValue {
            Desk.stateless(
                [
                    "name": "execute", "arguments": arguments, "requestState": .string(state),
                    "inputResponses": answer,
                ], capabilities: Self.forms)
        }
        #expect(try desk.refusal("tools/call", again(state + "A")) == -32602)
        #expect(try desk.refusal("tools/call", again("A" + state.dropFirst())) == -32602)
        #expect(try desk.refusal("tools/call", again(state, ["code": "2", "timeout_ms": 50])) == -32602)
        let caller = desk.session.caller
        desk.session.caller = "somebody else"
        #expect(try desk.refusal("tools/call", again(state)) == -32602)
        desk.session.caller = caller
        let other = desk.server
        desk.server = MCPServer(workspace: "default", documents: [])
        #expect(try desk.refusal("tools/call", again(state)) == -32602)
        desk.server = other
        #expect(try desk.refusal("tools/call", call(["requestState": 1])) == -32602)
        let ran = desk.errands.count
        #expect(try desk.ask("tools/call", again(state))["isError"] == false)
        #expect(try desk.refusal("tools/call", again(state)) == -32602)
        #expect(desk.errands.count == ran + 1)
    }

    @Test func aWrongAnswerIsRefusedAndCanBeGivenAgain() throws {
        var desk = desk()
        let state = try #require(desk.ask("tools/call", call())["requestState"])
        for content in [["answer": "perhaps"], ["answer": 1], [:]] as [JSONValue] {
            let answer: JSONValue = ["answer": ["action": "accept", "content": content]]
            #expect(
                try desk.refusal("tools/call", call(["requestState": state, "inputResponses": answer])) == -32602)
        }
        let answer: JSONValue = ["answer": ["action": "accept", "content": ["answer": "yes"]]]
        let result = try desk.ask("tools/call", call(["requestState": state, "inputResponses": answer]))
        #expect(result["structuredContent"]?["result"] == "yes")
    }

    @Test func aStateWithoutAnAnswerIsAskedAgain() throws {
        var desk = desk()
        let state = try #require(desk.ask("tools/call", call())["requestState"])
        let again = try desk.ask("tools/call", call(["requestState": state]))
        #expect(again["resultType"] == "input_required" && again["requestState"] != state)
    }

    @Test func aStateIsTooOldAfterAnHour() throws {
        let clock = Mutex<Int64>(0)
        var desk = desk()
        desk.server = MCPServer(
            workspace: "default", documents: [], keeping: MCPKeeping(clock: { clock.withLock { $0 } }))
        let state = try #require(desk.ask("tools/call", call())["requestState"])
        clock.withLock { $0 += 3_600_001 }
        #expect(try desk.refusal("tools/call", call(["requestState": state])) == -32602)
    }
}
