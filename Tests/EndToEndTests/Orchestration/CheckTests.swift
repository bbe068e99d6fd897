import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// `orca orchestration check`, `reply` and `inbox` as the contract has them.
@Suite(.serialized) struct CheckTests {
    @Test func unreadMailComesOnceOldestFirst() throws {
        let crew = try Crew()
        try crew.send("one", to: crew.worker, from: crew.coordinator)
        try crew.send("two", to: crew.worker, from: crew.coordinator, "--priority", "urgent")
        let first = try crew.ask("check", "--unread", as: crew.worker)
        #expect(first["count"] == .integer(2) && crew.subjects(first) == ["one", "two"])
        let again = try crew.ask("check", "--terminal", crew.worker)
        #expect(again["count"] == .integer(0) && again["messages"] == .array([]))
        let all = try crew.ask("check", "--all", as: crew.worker)
        #expect(crew.subjects(all) == ["two", "one"])
        #expect(all["messages"]?.arrayValue?.allSatisfy { $0["read"] == .integer(1) } == true)
    }

    @Test func textFormsAreTheContracts() throws {
        let crew = try Crew()
        #expect(try crew.say("check", as: crew.worker).outputText == "No messages.\n")
        let id = try crew.send("Hello", to: crew.worker, from: crew.coordinator)
        let plain = try crew.say("check", as: crew.worker)
        #expect(plain.outputText == "\(id) [status] from=\(crew.coordinator) \"Hello\"\n")
        try crew.send("Look", to: crew.worker, from: crew.coordinator, "--priority", "urgent", "--body", "now")
        let banner = try crew.ask("check", "--inject", as: crew.worker)["formatted"]?.stringValue ?? ""
        #expect(banner.contains("──── From: "), "\(banner)")
        #expect(banner.contains("[URGENT] (status) ────\nSubject: Look\nnow\n"), "\(banner)")
        #expect(banner.contains("[Reply: orca orchestration reply --id msg_"))
        #expect(banner.hasSuffix(String(repeating: "─", count: 60)))
    }

    @Test func filtersLeaveOtherMailUnread() throws {
        let crew = try Crew()
        try crew.send("plain", to: crew.worker, from: crew.coordinator)
        try crew.send("help", to: crew.worker, from: crew.coordinator, "--type", "escalation")
        let some = try crew.ask("check", "--types", "escalation, handoff", as: crew.worker)
        #expect(crew.subjects(some) == ["help"])
        #expect(crew.subjects(try crew.ask("check", as: crew.worker)) == ["plain"])
        try crew.expectFailure(
            "invalid_argument", "Invalid --types: x,y", "check", "--types", "x,status,y", as: crew.worker)
        try crew.expectFailure(
            "invalid_argument", "Missing value for --timeout-ms.", "check", "--wait", "--timeout-ms", as: crew.worker)
        try crew.expectFailure(
            "invalid_argument", "Invalid positive integer for --timeout-ms", "check", "--timeout-ms", "0",
            as: crew.worker)
        try crew.expectFailure("recipient_not_found", "term_never", "check", "--terminal", "term_never")
    }

    @Test func theActiveTerminalOfTheDirectoryIsAskedWhenNobodyIsNamed() throws {
        let place = try Installation()
        let none = try place.refusal("orchestration", "check")
        #expect(none["code"]?.stringValue == "no_active_terminal")
        #expect(none["message"]?.stringValue == "no_active_terminal")
        let handle = try Crew.open(place, "here")
        let sent = try place.result("orchestration", "send", "--to", handle, "--subject", "to myself")
        #expect(sent["message"]?["from_handle"]?.stringValue == handle)
        #expect(try place.result("orchestration", "check")["count"] == .integer(1))
    }

    @Test func aWaitEndsWithTheMailThatPassesTheFilterAndBeatsMeanwhile() throws {
        let crew = try Crew()
        let answer = try crew.during(
            "check", "--wait", "--types", "worker_done,escalation", "--timeout-ms", "60000", "--json", as: crew.worker,
            with: ["ORCA_HEARTBEAT_INTERVAL_MS": "50"]
        ) {
            try crew.send("chatter", to: crew.worker, from: crew.coordinator)
            // Long enough for some beats, and the other mail does not end the wait.
            let start = SystemTime.monotonicMilliseconds()
            #expect(crew.place.eventually { SystemTime.monotonicMilliseconds() - start > 400 })
            try crew.send("help", to: crew.worker, from: crew.coordinator, "--type", "escalation")
        }
        #expect(answer.code == 0)
        let result = try JSONValue(jsonBytes: answer.output)["result"]
        #expect(result.map(crew.subjects) == ["help"])
        let beats = try answer.errorText.split(separator: "\n").map { try JSONValue(jsonBytes: Array($0.utf8)) }
        #expect(beats.count >= 2)
        for beat in beats {
            #expect(keys(beat) == ["_heartbeat", "deadlineMs", "elapsedMs"])
            #expect(beat["_heartbeat"] == true && beat["deadlineMs"] == .integer(60_000))
        }
        #expect(crew.subjects(try crew.ask("check", as: crew.worker)) == ["chatter"])
    }

    @Test func aWaitWithoutALimitOfItsOwnBeatsWithoutADeadline() throws {
        let crew = try Crew()
        var command = crew.place.command("orca", ["orchestration", "check", "--wait", "--terminal", crew.worker])
        command.environment["ORCA_HEARTBEAT_INTERVAL_MS"] = "40"
        let waiting = try SupervisedProcess(command)
        defer { waiting.end(grace: .zero) }
        var said: [UInt8] = []
        let deadline = Deadline.after(.seconds(20))
        while !said.contains(UInt8(ascii: "\n")), !deadline.hasPassed {
            _ = try waiting.follow(until: .after(.milliseconds(20))) { said += $0 }
        }
        let beat = try JSONValue(jsonBytes: Array(said.prefix { $0 != UInt8(ascii: "\n") }))
        #expect(beat["deadlineMs"] == .null && beat["elapsedMs"]?.integerValue ?? 0 >= 40)
    }

    @Test func aWaitThatExpiresIsASuccessWithNothing() throws {
        let crew = try Crew()
        let answer = try crew.say("check", "--wait", "--timeout-ms", "150", "--json", as: crew.worker)
        #expect(answer.code == 0 && answer.errorText.isEmpty)
        #expect(try JSONValue(jsonBytes: answer.output)["result"]?["count"] == .integer(0))
        let beat = try crew.say(
            "check", "--wait", "--timeout-ms", "150", as: crew.worker, with: ["ORCA_HEARTBEAT_INTERVAL_MS": "bogus"])
        #expect(beat.outputText == "No messages.\n" && beat.errorText.isEmpty)
    }

    @Test func mailThatCouldNotBeWrittenOutStaysUnread() throws {
        let crew = try Crew()
        try crew.send("kept", to: crew.worker, from: crew.coordinator)
        // Nobody reads what it prints: the pipe is closed already.
        let script = "exec 3> >(true); wait $!; exec orca orchestration check --terminal \(crew.worker) --json >&3"
        _ = try Subprocess.run(crew.place.command("bash", ["-c", script]), timeout: .seconds(30))
        #expect(try crew.ask("check", as: crew.worker)["count"] == .integer(0))
        // It is kept for the caller that vanished for a while, then comes again.
        let waited = try crew.ask("check", "--wait", "--timeout-ms", "30000", as: crew.worker)
        #expect(crew.subjects(waited) == ["kept"])
    }

    @Test func heldMailComesAgainUntilItIsAcknowledged() throws {
        let crew = try Crew()
        try crew.send("held", to: crew.worker, from: crew.coordinator)
        #expect(crew.subjects(try crew.ask("check", "--peek", as: crew.worker)) == ["held"])
        let held = try crew.ask("check", "--hold", as: crew.worker)
        let delivery = try #require(held["deliveryId"]?.stringValue)
        #expect(try crew.ask("check", as: crew.worker)["count"] == .integer(0))
        let done = try crew.ask("check", "--ack", delivery, as: crew.worker)
        #expect(done["acknowledged"] == .integer(1))
        try crew.expectFailure("message_not_found", "nonsense", "check", "--ack", "nonsense", as: crew.worker)
    }

    @Test func aReplyStaysInItsThreadAndMarksTheOriginal() throws {
        let crew = try Crew()
        let id = try crew.send("Question", to: crew.worker, from: crew.coordinator)
        let reply = try crew.ask("reply", "--id", id, "--body", "Answer", as: crew.worker)["message"]
        #expect(reply?["subject"]?.stringValue == "Re: Question" && reply?["thread_id"]?.stringValue == id)
        #expect(reply?["type"]?.stringValue == "status" && reply?["to_handle"]?.stringValue == crew.coordinator)
        #expect(try crew.ask("check", as: crew.worker)["count"] == .integer(0))
        let second = try #require(reply?["id"]?.stringValue)
        let back = try crew.ask("reply", "--id", second, "--body", "Thanks")["message"]
        #expect(back?["thread_id"]?.stringValue == id && back?["from_handle"]?.stringValue == crew.coordinator)
        try crew.expectFailure(
            "message_not_found", "Message not found: msg_none", "reply", "--id", "msg_none", "--body", "x")
        try crew.expectFailure("invalid_argument", "Missing required --body", "reply", "--id", id)
        let text = try crew.say("reply", "--id", id, "--body", "more", as: crew.worker)
        #expect(text.outputText.wholeMatch(of: /Sent msg_[0-9a-f]{12}\n/) != nil)
    }

    @Test func theInboxShowsEverybodysMailAndMarksNothing() throws {
        let crew = try Crew()
        for number in 1...25 {
            try crew.send("m\(number)", to: crew.worker, from: crew.coordinator, "--body", "b\(number)")
        }
        try crew.send("back", to: crew.coordinator, from: crew.worker)
        let inbox = try crew.ask("inbox")
        #expect(inbox["count"] == .integer(20) && crew.subjects(inbox).first == "back")
        #expect(try crew.ask("inbox", "--limit", "3", "--full")["count"] == .integer(3))
        #expect(crew.subjects(try crew.ask("inbox", "--terminal", crew.coordinator)) == ["back"])
        #expect(try crew.say("inbox", "--limit", "2", "--full").outputText.contains("b25"))
        #expect(try !crew.say("inbox", "--limit", "2").outputText.contains("b25"))
        try crew.expectFailure("invalid_argument", "Invalid positive integer for --limit", "inbox", "--limit", "no")
        #expect(try crew.ask("check", as: crew.worker)["count"] == .integer(25))
    }
}
