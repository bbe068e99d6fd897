import OrcaAPI
import OrcaDomain
import OrcaMCP
import OrcaProtobuf
import OrcaSupport
import Testing

@Suite struct ToolTests {
    private func desk() throws -> Desk {
        var desk = Desk()
        try desk.shakeHands(.november2025)
        return desk
    }

    @Test func aScriptThatSucceedsAnswersItsValueLogsAndCalls() throws {
        var desk = try desk()
        desk.script = .success(
            .with {
                $0.ok = true
                $0.value = .object(["b": .number(2), "a": .list([.bool(true), .null, .string("x")])])
                $0.logs = [
                    .with { ($0.level, $0.text) = ("info", "one") }, .with { ($0.level, $0.text) = ("warn", "two") },
                ]
                $0.calls = [
                    .with {
                        ($0.number, $0.method, $0.durationMs, $0.hasEffect, $0.isDone) = (
                            1, "tasks.create", 3, true, true
                        )
                    }
                ]
            })
        let result = try desk.call("execute", ["code": "1", "timeout_ms": 50, "idempotency_key": "k"])
        let body = try #require(result["structuredContent"])
        #expect(body["ok"] == true && body["result"] == ["a": [true, nil, "x"], "b": 2])
        #expect(body["logs"] == ["one", "warn: two"])
        #expect(body["calls"] == [["seq": 1, "method": "tasks.create", "ms": 3, "ok": true, "effect": true]])
        let text = try #require(result["content"]?.arrayValue?.first?["text"]?.stringValue)
        #expect(try JSONValue(jsonBytes: Array(text.utf8)) == body)
        let errand = try #require(desk.errands.last)
        let request = try #require(errand.message as? OrcaV1.RunScriptRequest)
        #expect(request.code == "1" && request.timeoutMs == 50 && request.workspace == "default")
        #expect(errand.idempotencyKey == "k")
    }

    @Test func aScriptThatFailsIsAResultThatSaysWhereAndWhatWasDone() throws {
        var desk = try desk()
        desk.script = .success(
            .with {
                $0.error = .with {
                    ($0.name, $0.code, $0.message, $0.line, $0.column) = ("OrcaError", "not_found", "No task.", 3, 7)
                    $0.hint = "List them."
                }
                $0.calls = [.with { ($0.number, $0.method, $0.hasEffect) = (1, "tasks.create", true) }]
            })
        let result = try desk.call("execute", ["code": "1"])
        let body = try #require(result["structuredContent"])
        #expect(result["isError"] == true && body["ok"] == false)
        #expect(body["error"]?["code"] == "not_found" && body["error"]?["line"] == 3)
        #expect(body["calls"]?.arrayValue?.first?["unfinished"] == true)
    }

    @Test func aDryRunSaysThatNothingWasDone() throws {
        var desk = try desk()
        desk.script = .success(
            .with {
                ($0.ok, $0.dryRun) = (true, true)
                $0.calls = [.with { ($0.number, $0.method, $0.isDone, $0.isUndone) = (1, "tasks.create", true, true) }]
            })
        let body = try #require(desk.call("execute", ["code": "1", "dry_run": true])["structuredContent"])
        #expect(body["dryRun"] == true && body["calls"]?.arrayValue?.first?["undone"] == true)
        #expect((desk.errands.last?.message as? OrcaV1.RunScriptRequest)?.dryRun == true)
    }

    @Test func anErrorOfTheServerIsAResult() throws {
        var desk = try desk()
        desk.script = .failure(APIError("server_unreachable", .unavailable, "Start it."))
        desk.methods = .failure(APIError("server_unreachable", .unavailable, "Start it."))
        for (tool, arguments) in [("execute", ["code": "1"]), ("search", ["query": "task"])] as [(String, JSONValue)] {
            let result = try desk.call(tool, arguments)
            #expect(result["isError"] == true)
            #expect(result["structuredContent"]?["ok"] == false)
            #expect(result["structuredContent"]?["error"]?["code"] == "server_unreachable")
        }
        #expect(try desk.ask("tools/list")["tools"]?.arrayValue?.count == 2, "tools are listed without the server")
        let execute = try #require(try desk.ask("tools/list")["tools"]?.arrayValue?.first)
        #expect(execute["description"]?.stringValue?.contains("orca.help(") == true)
        #expect(try desk.refusal("resources/read", ["uri": "orca://methods"]) == -32603)
    }

    @Test(
        arguments: [
            ("execute", [:], "code"), ("execute", ["code": 1], "code"), ("execute", ["code": ""], "code"),
            ("execute", ["code": "1", "timeout_ms": "5"], "timeout_ms"),
            ("execute", ["code": "1", "timeout_ms": 0], "timeout_ms"),
            ("execute", ["code": "1", "timeout_ms": 30001], "timeout_ms"),
            ("execute", ["code": "1", "idempotency_key": []], "idempotency_key"),
            ("execute", ["code": "1", "dry_run": "yes"], "dry_run"), ("execute", ["kode": "1"], "kode"),
            ("execute", "1", "arguments"), ("search", [:], "query"),
            ("search", ["query": nil], "query"),
        ] as [(String, JSONValue, String)])
    func aWrongArgumentIsAResultThatNamesIt(tool: String, arguments: JSONValue, field: String) throws {
        var desk = try desk()
        let result = try desk.call(tool, arguments)
        #expect(result["isError"] == true)
        #expect(result["structuredContent"]?["error"]?["field"]?.stringValue == field)
        #expect(result["structuredContent"]?["error"]?["message"]?.stringValue?.contains(field) == true)
        #expect(!desk.errands.contains { $0.message is OrcaV1.RunScriptRequest })
    }

    @Test func schemasListWhatIsRequired() throws {
        var desk = try desk()
        let tools = try #require(try desk.ask("tools/list")["tools"]?.arrayValue)
        #expect(tools.map { $0["inputSchema"]?["required"] } == [["code"], ["query"]])
        #expect(tools.map { $0["outputSchema"]?["required"] } == [["ok"], ["ok"]])
    }

    @Test(arguments: ["claude-code", "codex-mcp-client"])
    func theMethodsStandWhereTheClientKeepsThem(client: String) throws {
        var desk = Desk()
        try desk.shakeHands(.november2025, client: client)
        let execute = try #require(try desk.ask("tools/list")["tools"]?.arrayValue?.first)
        let description = try #require(execute["description"]?.stringValue)
        let code = try #require(execute["inputSchema"]?["properties"]?["code"]?["description"]?.stringValue)
        #expect(description.contains("Run a script."))
        #expect(description.contains("tasks: create({title})") == (client != "claude-code"))
        #expect(code.contains("tasks: create({title})") == (client == "claude-code"))
        #expect((desk.errands.last?.message as? OrcaV1.SearchMethodsRequest)?.declarationTokens == 2_500)
    }

    @Test func aLongResultIsCutAndSaysSo() throws {
        var desk = try desk()
        desk.script = .success(
            .with {
                $0.ok = true
                $0.value = .string(String(repeating: "é\"", count: 100_000))
                $0.logs = (0..<5000).map { number in
                    .with { $0.text = "line \(number) \(String(repeating: "x", count: 50))" }
                }
            })
        let result = try desk.call("execute", ["code": "1"])
        let body = try #require(result["structuredContent"])
        #expect(body["truncated"] == true && body["ok"] == true)
        #expect(body["leftOut"]?.integerValue ?? 0 > 0)
        let text = try #require(result["content"]?.arrayValue?.first?["text"]?.stringValue)
        #expect(text.count < 50_000)
    }

    @Test func progressIsToldToWhomWantsIt() throws {
        var desk = try desk()
        desk.script = .success(
            .with {
                $0.ok = true
                $0.calls = [OrcaV1.ScriptCall(), OrcaV1.ScriptCall()]
            })
        let parameters: JSONValue = [
            "name": "execute", "arguments": ["code": "1"], "_meta": ["progressToken": "p"],
        ]
        let sent = try desk.send(Desk.request("tools/call", parameters))
        #expect(sent.count == 3 && sent[2]["result"] != nil)
        #expect(sent[..<2].map { $0["params"]?["progress"] } == [0, 2])
        #expect(sent[..<2].allSatisfy { $0["params"]?["progressToken"] == "p" && $0["id"] == nil })
    }

    @Test func documentsAreReadAsTheyAre() throws {
        var desk = try desk()
        let list = try #require(try desk.ask("resources/list")["resources"]?.arrayValue)
        #expect(list.map { $0["uri"] } == ["orca://skills/x", "orca://methods"])
        let skill = try desk.ask("resources/read", ["uri": "orca://skills/x"])
        #expect(skill["contents"]?.arrayValue?.first?["text"] == "Read me.")
        let methods = try desk.ask("resources/read", ["uri": "orca://methods"])
        #expect(
            methods["contents"]?.arrayValue?.first?["text"]?.stringValue?.contains("orca.tasks.create(args: {") == true)
    }
}
