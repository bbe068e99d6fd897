import OrcaSupport
import OrcaTestKit
import Testing

/// `orca mcp` and `/mcp` as they were built, before the official client and before raw lines.
@Suite(.serialized) struct MCPTests {
    private static let fixtures = Files.split(#filePath).folder + "/Fixtures"

    @Test(.timeLimit(.minutes(5)), arguments: [("auto", "2026-07-28"), ("legacy", "2025-11-25")], [false, true])
    func theOfficialClientRunsAWholeFlowInOneCall(era: (mode: String, revision: String), overHTTP: Bool) throws {
        let (mode, revision) = era
        let place = try Installation()
        try place.orca("project", "create", "API")
        let result = try Subprocess.run(
            place.command(
                try python(place),
                [
                    Self.fixtures + "/mcp_client.py",
                    overHTTP ? place.folder.path("home/run/orca.sock") : place.programs + "/orca", mode,
                ]),
            timeout: .seconds(120))
        try #require(result.status.isSuccess, "\(result.outputText)\(result.errorText)")
        let found = try JSONValue(jsonBytes: result.output)
        #expect(found["revision"]?.stringValue == revision)
        #expect(found["tools"] == ["execute", "search"])
        #expect(found["hasMethods"] == true && found["texts"] == true && found["resources"] == 4)
        // The budget is 2,500 tokens.
        #expect(found["description"]?.integerValue ?? .max < 10_000)
        let flow = try #require(found["flow"])
        #expect(found["flowIsError"] == false, "\(flow)")
        #expect(flow["result"] == ["API-1", "API-2", "API-1", "API-2"])
        #expect(flow["logs"] == ["claimed API-2"])
        #expect(flow["calls"]?.arrayValue?.count == 6)
        #expect(found["progress"] == (overHTTP ? [] : [0, 6]))
        #expect(found["failureIsError"] == true && found["failure"]?["line"] == 2, "\(found)")
        #expect(found["wrong"] == "kode" && found["unknownTool"] == -32602)
        #expect(found["cancels"] == (overHTTP && mode == "legacy" ? .null : true))
        #expect(found["search"]?.arrayValue?.contains("tasks.claim") == true)
        #expect(try place.orca("show", "API-1", "--json").contains("\"completed\""))
    }

    @Test(.timeLimit(.minutes(2))) func aJunkLineIsAnsweredAndTheEndOfTheInputIsTheEnd() throws {
        let place = try Installation()
        let lines = """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{}}}
            what?
            {"jsonrpc":"2.0","method":"notifications/initialized"}

            [{"jsonrpc":"2.0","id":2,"method":"ping"},{"jsonrpc":"2.0","id":3,"method":"nothing"}]
            []
            {"jsonrpc":"2.0","id":4,"method":"ping"}
            """
        let result = try Subprocess.run(
            place.command("orca", ["mcp"]), input: .bytes(Array(lines.utf8)), timeout: .seconds(60))
        #expect(result.status == .exited(code: 0) && result.errorText.isEmpty, "\(result.errorText)")
        let answers = try result.outputText.split(separator: "\n").map { try JSONValue(jsonBytes: Array($0.utf8)) }
        try #require(answers.count == 5, "\(result.outputText)")
        #expect(answers[0]["result"]?["protocolVersion"] == "2025-03-26")
        #expect(answers[1]["error"]?["code"] == -32700 && answers[1]["id"] == .null)
        #expect(answers[2].arrayValue?.map { $0["id"] } == [2, 3])
        #expect(answers[3]["error"]?["code"] == -32600)
        #expect(answers[4] == ["jsonrpc": "2.0", "id": 4, "result": [:]])
    }

    private func python(_ place: Installation) throws -> String {
        let tools = try Subprocess.run(
            SubprocessCommand(
                Self.fixtures + "/../../../scripts/python-tools", ["mcp"],
                environment: ["PATH": "/usr/bin:/bin", "HOME": place.folder.path]), timeout: .seconds(300))
        try #require(tools.status.isSuccess, "\(tools.errorText)")
        return String(tools.outputText.split(separator: "\n").last ?? "")
    }
}
