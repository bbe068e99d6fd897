import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// `orca orchestration ask` as the contract has it, and over restarts of the server.
@Suite(.serialized) struct AskTests {
    /// The question that is in the coordinator's mail by now.
    private func question(_ crew: Crew) throws -> JSONValue {
        let found = try crew.ask(
            "check", "--wait", "--types", "decision_gate", "--timeout-ms", "20000", as: crew.coordinator)
        return try #require(found["messages"]?.arrayValue?.first)
    }

    @Test func theAnswerIsOneBareLine() throws {
        let crew = try Crew()
        var id = ""
        let answer = try crew.during(
            "ask", "--to", crew.coordinator, "--question", "Shared or page-only?", "--options", "shared, page-only",
            "--timeout-ms", "30000", "--json", as: crew.worker
        ) {
            let row = try question(crew)
            id = row["id"]?.stringValue ?? ""
            #expect(row["subject"]?.stringValue == "Question" && row["type"]?.stringValue == "decision_gate")
            #expect(row["body"]?.stringValue == "Shared or page-only?")
            let payload = try JSONValue(jsonBytes: Array((row["payload"]?.stringValue ?? "").utf8))
            #expect(payload["question"]?.stringValue == "Shared or page-only?")
            #expect(payload["options"] == ["shared", "page-only"])
            // Other mail does not answer it.
            try crew.send("noise", to: crew.worker, from: crew.coordinator)
            _ = try crew.ask("reply", "--id", id, "--body", "page-only", as: crew.coordinator)
        }
        #expect(answer.code == 0 && answer.outputText.split(separator: "\n").count == 1, "\(answer)")
        let value = try JSONValue(jsonBytes: answer.output)
        #expect(keys(value) == ["answer", "messageId", "threadId", "timedOut"])
        #expect(value["answer"]?.stringValue == "page-only" && value["timedOut"] == false)
        #expect(value["threadId"]?.stringValue == id && value["messageId"]?.stringValue?.hasPrefix("msg_") == true)
        // The answer was given once; the noise is still there.
        #expect(crew.subjects(try crew.ask("check", as: crew.worker)) == ["noise"])
    }

    @Test func textIsTheAnswerAlone() throws {
        let crew = try Crew()
        let answer = try crew.during(
            "ask", "--to", crew.coordinator, "--question", "Ready?", "--timeout-ms", "30000", as: crew.worker
        ) {
            _ = try crew.ask("reply", "--id", try question(crew)["id"]?.stringValue ?? "", "--body", "yes")
        }
        #expect(answer.code == 0 && answer.outputText == "yes\n" && answer.errorText.isEmpty, "\(answer)")
    }

    @Test func aTimeoutExitsWithOneAndTheQuestionStaysOpen() throws {
        let crew = try Crew()
        let late = try crew.say(
            "ask", "--to", crew.coordinator, "--question", "Now?", "--timeout-ms", "100", "--json", as: crew.worker)
        #expect(late.code == 1)
        let value = try JSONValue(jsonBytes: late.output)
        #expect(value["answer"] == .null && value["messageId"] == .null && value["timedOut"] == true)
        let thread = try #require(value["threadId"]?.stringValue)
        let text = try crew.say(
            "ask", "--to", crew.coordinator, "--question", "Now?", "--timeout-ms", "100", as: crew.worker)
        #expect(text.code == 1 && text.output.isEmpty)
        #expect(text.errorText.firstMatch(of: /^ask timeout after 100ms \(thread msg_[0-9a-f]{12}\)\n/) != nil)

        _ = try crew.ask("reply", "--id", thread, "--body", "later", as: crew.coordinator)
        let resumed = try crew.say("ask", "--resume", thread, "--timeout-ms", "20000", "--json", as: crew.worker)
        #expect(resumed.code == 0)
        #expect(try JSONValue(jsonBytes: resumed.output)["answer"]?.stringValue == "later")
    }

    @Test func whatCannotBeAskedIsRefused() throws {
        let crew = try Crew()
        try crew.expectFailure(
            "invalid_argument",
            "ask does not support group addresses; use send --type decision_gate for fan-out questions",
            "ask", "--to", "@all", "--question", "x", as: crew.worker)
        try crew.expectFailure(
            "invalid_argument", "A question to oneself", "ask", "--to", crew.worker, "--question", "x", as: crew.worker)
        try crew.expectFailure("invalid_argument", "Missing required --to", "ask", "--question", "x", as: crew.worker)
        try crew.expectFailure(
            "invalid_argument", "Missing required --question", "ask", "--to", crew.coordinator, as: crew.worker)
        try crew.expectFailure(
            "invalid_argument", "Missing value for --timeout-ms.", "ask", "--to", crew.coordinator, "--question", "x",
            "--timeout-ms", as: crew.worker)
        try crew.expectFailure("question_not_found", "msg_none", "ask", "--resume", "msg_none", as: crew.worker)
        try crew.expectFailure(
            "recipient_not_found", "term_never", "ask", "--to", "term_never", "--question", "x", as: crew.worker)
        #expect(try crew.ask("inbox")["count"] == .integer(0))
    }

    @Test(.timeLimit(.minutes(2))) func aQuestionOutlivesTheServer() throws {
        let crew = try Crew()
        let answer = try crew.during(
            "ask", "--to", crew.coordinator, "--question", "Still there?", "--timeout-ms", "60000", "--json",
            as: crew.worker
        ) {
            let id = try question(crew)["id"]?.stringValue ?? ""
            for _ in 1...3 {
                try crew.place.killServer()
                // The next client starts a new one; the waiting one finds it.
                _ = try crew.ask("inbox")
            }
            _ = try crew.ask("reply", "--id", id, "--body", "yes", as: crew.coordinator)
        }
        #expect(answer.code == 0, "\(answer)")
        #expect(try JSONValue(jsonBytes: answer.output)["answer"]?.stringValue == "yes")
        #expect(try crew.ask("inbox", "--terminal", crew.coordinator)["count"] == .integer(1), "it was asked twice")
        #expect(try crew.ask("check", as: crew.worker)["count"] == .integer(0), "the answer came twice")
    }

    @Test(.timeLimit(.minutes(2))) func anAnswerGivenWhileTheAskerIsAwayIsThereWhenItResumes() throws {
        let crew = try Crew()
        let script =
            "orca orchestration ask --to \(crew.coordinator) --from \(crew.worker) --question Away --timeout-ms 60000 & "
            + "echo $! > $HOME/asker; wait"
        let asker = try SupervisedProcess(crew.place.command("bash", ["-c", script]))
        let id = try question(crew)["id"]?.stringValue ?? ""
        asker.end(grace: .zero)
        try crew.place.killServer()
        _ = try crew.ask("reply", "--id", id, "--body", "welcome back", as: crew.coordinator)
        try crew.place.killServer()
        let resumed = try crew.say("ask", "--resume", id, "--timeout-ms", "20000", as: crew.worker)
        #expect(resumed.code == 0 && resumed.outputText == "welcome back\n", "\(resumed)")
    }
}
