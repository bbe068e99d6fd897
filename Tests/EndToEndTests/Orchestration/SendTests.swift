import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport
import OrcaTestKit
import Testing

/// `orca orchestration send` as the contract has it.
@Suite(.serialized) struct SendTests {
    @Test func mailHasTheShapeOfTheContract() throws {
        let crew = try Crew()
        let result = try crew.ask(
            "send", "--to", crew.coordinator, "--subject", "Done", "--body", "two\nlines", "--type", "handoff",
            "--priority", "urgent", "--thread-id", "thread_1", "--task-id", "task_1", "--dispatch-id", "ctx_1",
            "--files-modified", "a.swift, b.swift", "--report-path", "r.md", "--phase", "reviewing", as: crew.worker)
        let message = try #require(result["message"])
        #expect(
            keys(message) == [
                "body", "created_at", "delivered_at", "from_handle", "id", "payload", "priority", "read", "sequence",
                "subject", "thread_id", "to_handle", "type",
            ])
        #expect(message["id"]?.stringValue?.wholeMatch(of: /msg_[0-9a-f]{12}/) != nil)
        #expect(message["from_handle"]?.stringValue == crew.worker)
        #expect(message["to_handle"]?.stringValue == crew.coordinator)
        #expect(message["type"]?.stringValue == "handoff" && message["priority"]?.stringValue == "urgent")
        #expect(message["thread_id"]?.stringValue == "thread_1" && message["read"] == .integer(0))
        #expect(
            message["payload"]?.stringValue
                == #"{"taskId":"task_1","dispatchId":"ctx_1","filesModified":["a.swift","b.swift"],"reportPath":"r.md","phase":"reviewing"}"#
        )
        #expect(message["created_at"]?.stringValue?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*Z/) != nil)

        let plain = try crew.ask("send", "--to", crew.coordinator, "--subject", "x", as: crew.worker)
        let standard = try #require(plain["message"])
        #expect(standard["type"]?.stringValue == "status" && standard["priority"]?.stringValue == "normal")
        #expect(standard["thread_id"] == .null && standard["payload"] == .null && standard["body"]?.stringValue == "")
        #expect(standard["sequence"]?.integerValue == (message["sequence"]?.integerValue ?? 0) + 1)
    }

    @Test func textSaysWhatWasSentAndTheLastFlagCounts() throws {
        let crew = try Crew()
        let answer = try crew.say(
            "send", "--to", "term_nobody", "--to=\(crew.worker)", "--subject=--hi", "--from", crew.coordinator)
        #expect(answer.code == 0 && answer.outputText.wholeMatch(of: /Sent msg_[0-9a-f]{12}\n/) != nil, "\(answer)")
        #expect(crew.subjects(try crew.ask("check", as: crew.worker)) == ["--hi"])
    }

    @Test func groupsReachEverybodyElse() throws {
        let crew = try Crew()
        let third = try Crew.open(crew.place, "claude review")
        let all = try crew.ask("send", "--to", "@all", "--subject", "Heads up", as: crew.coordinator)
        #expect(all["recipients"] == .integer(2))
        let rows = all["messages"]?.arrayValue ?? []
        #expect(Set(rows.compactMap { $0["to_handle"]?.stringValue }) == [crew.worker, third])
        let threads = Set(rows.compactMap { $0["thread_id"]?.stringValue })
        #expect(threads.count == 1 && threads.first?.wholeMatch(of: /thread_\d+/) != nil)

        let named = try crew.ask("send", "--to", "@claude", "--subject", "Claude only", as: crew.coordinator)
        #expect(named["messages"]?.arrayValue?.compactMap { $0["to_handle"]?.stringValue } == [third])
        let text = try crew.say("send", "--to", "@ALL", "--subject", "again", "--from", crew.coordinator)
        #expect(text.outputText == "Sent 2 messages to 2 recipients\n")
        try crew.expectFailure(
            "no_recipients", "No recipients resolved for group address: @gemini", "send", "--to", "@gemini",
            "--subject", "x", as: crew.coordinator)
        // Each has its own copy: one reads, the other's stays unread.
        #expect(crew.subjects(try crew.ask("check", as: third)) == ["Heads up", "Claude only", "again"])
        #expect(crew.subjects(try crew.ask("check", as: crew.worker)) == ["Heads up", "again"])
    }

    @Test func worktreeGroupsReachTheTerminalsOfAWorktree() throws {
        let crew = try Crew()
        try crew.place.makeRepository()
        _ = try crew.place.result("repo", "add", "--path", crew.place.repository)
        let tree = try crew.place.result("worktree", "create", "--name", "group", "--repo", "name:repo")["worktree"]
        let id = try #require(tree?["id"]?.stringValue)
        let inside = try Crew.open(crew.place, "inside", "--worktree", "id:\(id)")
        let sent = try crew.ask("send", "--to", "@worktree:\(id)", "--subject", "x", as: crew.coordinator)
        #expect(sent["messages"]?.arrayValue?.compactMap { $0["to_handle"]?.stringValue } == [inside])
    }

    @Test func whatCannotBeSentIsRefusedWithTheContractsWords() throws {
        let crew = try Crew()
        let me = crew.coordinator
        try crew.expectFailure("invalid_argument", "Missing required --to", "send", "--subject", "x", as: me)
        try crew.expectFailure(
            "invalid_argument", "Missing required --to", "send", "--to", "", "--subject", "x", as: me)
        try crew.expectFailure("invalid_argument", "Missing required --subject", "send", "--to", me, as: me)
        try crew.expectFailure(
            "invalid_argument", "Unknown flag --nope for command: orchestration send", "send", "--nope", as: me)
        try crew.expectFailure(
            "invalid_argument", "Invalid --type: gossip", "send", "--to", me, "--subject", "x", "--type", "gossip",
            as: me)
        try crew.expectFailure(
            "invalid_argument", "Invalid --priority: huge", "send", "--to", me, "--subject", "x", "--priority", "huge",
            as: me)
        try crew.expectFailure(
            "invalid_argument", "--payload", "send", "--to", me, "--subject", "x", "--payload", "{}", "--task-id", "t",
            as: me)
        try crew.expectFailure(
            "invalid_argument", "must be JSON", "send", "--to", me, "--subject", "x", "--payload", "{nope", as: me)
        for type in ["worker_done", "heartbeat"] {
            try crew.expectFailure(
                "invalid_argument",
                "\(type) messages must be sent to a concrete coordinator terminal handle, not a group address.",
                "send", "--to", "@all", "--subject", "x", "--type", type)
        }
        try crew.expectFailure(
            "recipient_not_found", "term_never", "send", "--to", "term_never", "--subject", "x", as: me)
        try crew.expectFailure(
            "recipient_not_found", "term_never", "send", "--to", me, "--subject", "x", "--from", "term_never")
        // Nothing of all that was stored.
        #expect(try crew.ask("inbox")["count"] == .integer(0))
    }

    @Test func failuresWithoutJSONGoToStandardError() throws {
        let crew = try Crew()
        let answer = try crew.say("send", "--to", crew.worker)
        #expect(answer.code == 1 && answer.output.isEmpty && answer.errorText == "Missing required --subject\n")
        let unknown = try crew.say("sned")
        #expect(unknown.code == 1)
        #expect(unknown.errorText.hasPrefix("Unknown command: orchestration sned\nNext step: Did you mean"))
    }

    @Test func mailToATerminalThatHasGoneIsKeptAndFlagged() throws {
        let crew = try Crew()
        _ = try crew.place.result("terminal", "stop", "--terminal", crew.worker)
        // That it has ended is written down a moment after it has.
        #expect(
            try crew.place.eventually {
                let sent = try crew.ask("send", "--to", crew.worker, "--subject", "late", as: crew.coordinator)
                return sent["recipientState"]?.stringValue == "gone" && sent["message"]?["id"] != nil
            })
        _ = try crew.place.result("terminal", "close", "--terminal", crew.worker)
        let closed = try crew.ask("send", "--to", crew.worker, "--subject", "later", as: crew.coordinator)
        #expect(closed["recipientState"]?.stringValue == "gone")
        let kept = crew.subjects(try crew.ask("check", "--terminal", crew.worker))
        #expect(Set(kept) == ["late", "later"] && kept.last == "later")
    }

    @Test func aRepeatedRequestSendsOnce() throws {
        let crew = try Crew()
        let first = try crew.send("once", to: crew.worker, from: crew.coordinator, "--retry-request", "r-1")
        let second = try crew.send("once", to: crew.worker, from: crew.coordinator, "--retry-request", "r-1")
        #expect(first == second)
        try crew.expectFailure(
            "idempotency_mismatch", "", "send", "--to", crew.worker, "--subject", "other", "--retry-request", "r-1",
            as: crew.coordinator)
        #expect(try crew.ask("inbox")["count"] == .integer(1))
    }

    @Test func textsBeyondTheLimitsAreRefusedWhole() throws {
        let crew = try Crew()
        let client = try crew.place.client()
        var request = OrcaV1.SendMessageRequest()
        request.workspace = "default"
        request.from = crew.coordinator
        request.to = crew.worker
        request.subject = "large"
        for size in [16 << 20, Limits.messageBodyBytesMax + 1] {
            request.body = String(repeating: "x", count: size)
            let error = #expect(throws: APIError.self) { try client.call(Operations.sendMessage, request) }
            #expect(error?.category == .invalidArgument, "\(size): \(String(describing: error))")
        }
        request.body = String(repeating: "x", count: Limits.messageBodyBytesMax)
        _ = try client.call(Operations.sendMessage, request)
        #expect(try crew.ask("inbox")["count"] == .integer(1))
        #expect(crew.subjects(try crew.ask("check", as: crew.worker)) == ["large"])
    }

    @Test func aTerminalsOwnTokenSpeaksOnlyForThatTerminal() throws {
        let crew = try Crew()
        let script =
            "orca orchestration send --to \(crew.coordinator) --subject mine --json > $HOME/mine; "
            + "orca orchestration send --to \(crew.worker) --from \(crew.coordinator) --subject forged --json > $HOME/forged; "
            + "touch $HOME/both"
        let handle = try Crew.open(crew.place, "inside", "--command", script)
        #expect(crew.place.eventually { Files.kind(crew.place.folder.path("both")) != nil })
        let mine = try JSONValue(jsonBytes: Files.read(crew.place.folder.path("mine"), limit: 1 << 20))
        #expect(mine["result"]?["message"]?["from_handle"]?.stringValue == handle, "\(mine)")
        let forged = try JSONValue(jsonBytes: Files.read(crew.place.folder.path("forged"), limit: 1 << 20))
        #expect(forged["ok"] == false && forged["error"]?["code"]?.stringValue == "forbidden", "\(forged)")
    }
}
