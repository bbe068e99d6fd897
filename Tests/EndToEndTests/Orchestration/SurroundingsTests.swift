import OrcaAPI
import OrcaConnect
import OrcaProtobuf
import OrcaSupport
import OrcaTestKit
import Testing

/// Environment variables, servers that are not there, and terminals that cannot take anything: as the contract has it.
@Suite(.serialized) struct SurroundingsTests {
    @Test func terminalsKnowWhoTheyAre() throws {
        let place = try Installation()
        let handle = try Crew.open(place, "env", "--command", "env > $HOME/new && mv $HOME/new $HOME/env")
        #expect(place.eventually { Files.kind(place.folder.path("env")) != nil })
        let lines = try Files.readText(place.folder.path("env")).split(separator: "\n")
        func value(_ name: String) -> String? {
            lines.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        #expect(value("ORCA_TERMINAL_HANDLE") == handle)
        let shown = try place.result("terminal", "list")["terminals"]?.arrayValue?.first
        let tab = try #require(shown?["tabId"]?.stringValue)
        #expect(value("ORCA_TAB_ID") == tab)
        #expect(value("ORCA_PANE_KEY")?.hasPrefix(tab + ":") == true)
        #expect(value("PATH")?.split(separator: ":").first?.hasSuffix("/terminals/bin") == true)
        let token = try #require(value("ORCA_TOKEN_FILE"))
        let mode = try Subprocess.run(place.command("stat", ["-c", "%a", token]), timeout: .seconds(10)).outputText
        #expect(mode == "600\n")
    }

    @Test func theFlagComesBeforeTheVariable() throws {
        let crew = try Crew()
        let sent = try crew.ask(
            "send", "--to", crew.worker, "--subject", "x", "--from", crew.coordinator, as: crew.worker)
        #expect(sent["message"]?["from_handle"]?.stringValue == crew.coordinator)
        #expect(try crew.ask("check", "--terminal", crew.worker, as: crew.coordinator)["count"] == .integer(1))
    }

    @Test func anotherServerIsNamedByAddressOnly() throws {
        let crew = try Crew()
        try crew.send("x", to: crew.worker, from: crew.coordinator)
        let elsewhere = crew.place.folder.path("elsewhere")
        let socket = crew.place.places.socket
        let there = try crew.say(
            "inbox", "--json", with: ["ORCA_HOME": elsewhere, "ORCA_ENVIRONMENT": "unix://\(socket)"])
        #expect(try JSONValue(jsonBytes: there.output)["result"]?["count"] == .integer(1))
        #expect(Files.kind(elsewhere) == nil, "a server was started although another one was named")
        try crew.expectFailure(
            "invalid_environment", "Unknown environment: staging", "inbox", "--environment", "staging")
        try crew.expectFailure("method_not_supported", "Pairing codes", "inbox", "--pairing-code", "abc")
        let paired = try crew.say("inbox", "--json", with: ["ORCA_PAIRING_CODE": "abc"])
        #expect(paired.code == 1 && paired.outputText.contains("method_not_supported"))
    }

    @Test func aServerThatIsNotThereIsSaidInTheContractsWords() throws {
        let place = try Installation()
        let nowhere = ["ORCA_ENVIRONMENT": "unix:///nowhere/orca.sock"]
        let answer = try place.answer(["orchestration", "inbox", "--json"], with: nowhere)
        #expect(answer.code == 1 && answer.errorText.isEmpty)
        let value = try JSONValue(jsonBytes: answer.output)
        #expect(keys(value) == ["_meta", "error", "id", "ok"])
        #expect(value["id"]?.stringValue == "local" && value["ok"] == false && value["_meta"]?["runtimeId"] == .null)
        #expect(value["error"]?["code"]?.stringValue == "runtime_unavailable")
        let text = try place.answer(["orchestration", "inbox"], with: nowhere)
        #expect(text.code == 1 && text.output.isEmpty && text.errorText.contains("Orca is not running"), "\(text)")
    }

    @Test func nothingIsDispatchedIntoAPermissionPrompt() throws {
        let crew = try Crew()
        let agent = try Crew.openAgent(crew.place, "asks")
        let task = try crew.task("one")
        _ = try crew.place.client().call(
            Operations.reportHook,
            .with {
                $0.workspace = "default"
                $0.terminal = agent
                $0.event = "needs_input"
                $0.detail = "permission"
                $0.agentKind = "claude"
            })
        #expect(
            try crew.place.eventually {
                let all = try crew.place.client().call(Operations.listTerminals, .with { $0.workspace = "default" })
                return all.terminals.contains { $0.handle == agent && $0.state == .permission }
            })
        try crew.expectFailure(
            "terminal_blocked", "shows a dialog", "dispatch", "--task", task, "--to", agent, "--inject",
            as: crew.coordinator)
        #expect(try crew.status(of: task) == "ready")
        // Mail waits, too.
        try crew.send("not now", to: agent, from: crew.coordinator)
        #expect(try crew.typed(agent).isEmpty)
    }

    @Test func groupsCanBeNarrowedToARun() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        _ = try crew.task("two")
        // An agent that does not exist: the run waits, and its work is handed out by hand.
        let run =
            try crew.ask("run", "--spec", "x", "--agents", "aider", as: crew.coordinator)["runId"]?.stringValue ?? ""
        _ = crew.place.eventually { (try? crew.dispatch(task)) != nil }
        let sent = try crew.ask("send", "--to", "@all", "--run", run, "--subject", "crew", as: crew.coordinator)
        #expect(sent["messages"]?.arrayValue?.compactMap { $0["to_handle"]?.stringValue }.contains(crew.worker) == true)
        let stranger = try Crew.open(crew.place, "stranger")
        _ = try crew.ask("send", "--to", "@all", "--run", run, "--subject", "again", as: crew.coordinator)
        #expect(try crew.ask("check", as: stranger)["count"] == .integer(0))
        try crew.expectFailure(
            "invalid_argument", "narrows a group", "send", "--to", stranger, "--run", run, "--subject", "x",
            as: crew.coordinator)
        try crew.expectFailure(
            "run_not_found", "run_no", "send", "--to", "@all", "--run", "run_no", "--subject", "x", as: crew.coordinator
        )
        _ = try crew.ask("run-stop", "--run", run, "--cancel-work")
    }
}
