import OrcaConnect
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
        let progress = (found["progress"]?.arrayValue ?? []).compactMap(\.integerValue)
        #expect(progress.first == 0 && progress.last == 6 && progress == progress.sorted(), "\(progress)")
        #expect(found["answer"] == ["yes", 1] && found["asked"] == ["Deploy?"], "\(found)")
        #expect(found["failureIsError"] == true && found["failure"]?["line"] == 2, "\(found)")
        #expect(found["wrong"] == "kode" && found["unknownTool"] == -32602)
        #expect(found["cancels"] == true)
        #expect(mode != "auto" || found["honored"] == [:])
        #expect(found["search"]?.arrayValue?.contains("tasks.claim") == true)
        #expect(try place.orca("show", "API-1", "--json").contains("\"completed\""))
    }

    @Test(.timeLimit(.minutes(5))) func everythingOverTCPIsAsItIsPromised() throws {
        let place = try Installation()
        let server = try place.startServer("--listen", "127.0.0.1:0")
        defer { server.end() }
        let tcp = try #require(ServerLock.read(place.places.serverLock)?.tcpAddress)
        let port = try #require(tcp.split(separator: ":").last)
        try place.orca("project", "create", "API")
        try place.orca("workspace", "create", "side")
        try place.orca("project", "create", "SIDE", "-w", "side")
        try Files.makeDirectories(place.folder.path("tokens"), mode: 0o700)
        for scope in ["coordinator", "read_only"] {
            try place.orca("token", "create", scope, "--scope", scope, "-o", place.folder.path("tokens/\(scope)"))
        }
        try place.orca("add", "One", "-p", "SIDE", "-w", "side")
        let claim = try place.orca("claim", "SIDE-1", "--agent", "a", "-w", "side", "--json")
        let attempt = try #require(JSONValue(jsonBytes: Array(claim.utf8))["lease"]?["attempt"]?.stringValue)
        try place.orca(
            "token", "create", "worker", "--scope", "worker", "--attempt", attempt, "-w", "side", "-o",
            place.folder.path("tokens/worker"))
        let result = try Subprocess.run(
            place.command(
                "/usr/bin/python3", [Self.fixtures + "/mcp_http.py", String(port), place.folder.path("tokens")]),
            timeout: .seconds(240))
        #expect(result.status.isSuccess && result.outputText.isEmpty, "\(result.outputText)\(result.errorText)")
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

    @Test(.timeLimit(.minutes(2))) func agentsAreToldAndForgetAgain() throws {
        let place = try Installation()
        for agent in ["claude", "codex", "gemini", "cursor", "opencode"] {
            let planned = try place.orca("mcp", "install", "--agent", agent, "--dry-run")
            #expect(planned.contains("orca") && planned.contains("mcp"))
            #expect(try place.orca("mcp", "install", "--agent", agent, "-w", "team").hasPrefix("Installed: "))
            #expect(try place.orca("mcp", "install", "--agent", agent, "-w", "team").hasPrefix("Already installed: "))
        }
        #expect(try place.orca("mcp", "status", "--scope", "user", "-w", "team").contains("installed"))
        let status = try JSONValue(jsonBytes: Array(place.orca("mcp", "status", "--agent", "codex", "--json").utf8))
        let user = try #require(status["servers"]?.arrayValue?.first { $0["scope"] == "user" })
        #expect(user["state"] == "outdated", "without -w it is another command")
        let command = (user["command"]?.arrayValue ?? []).compactMap(\.stringValue)
        try #require(command.count == 4, "\(user)")
        #expect(command.dropFirst() == ["mcp", "-w", "team"])
        // What the agent would run speaks the protocol.
        let hello = #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#
        let answer = try Subprocess.run(
            place.command(command[0], Array(command.dropFirst())), input: .bytes(Array(hello.utf8)),
            timeout: .seconds(30))
        #expect(answer.outputText.contains("2025-11-25"), "\(answer)")
        for agent in ["claude", "codex", "gemini", "cursor", "opencode"] {
            #expect(try place.orca("mcp", "uninstall", "--agent", agent).hasPrefix("Removed from: "))
        }
        #expect(Files.kind(place.folder.path(".cursor")) == nil && Files.kind(place.folder.path(".codex")) == nil)
        try place.folder.file(".gemini/settings.json", "{")
        #expect(try place.orca("mcp", "install", "--agent", "gemini", code: 2).isEmpty)
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
