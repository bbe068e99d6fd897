import OrcaSupport
import OrcaTestKit
import Testing

/// `orca orchestration run…`, `plan-submit` and `watch` on the command line; what a run does is tested elsewhere.
@Suite(.serialized) struct RunVerbTests {
    /// A run with nothing it could do: its only task waits for a decision.
    private func waitingRun(_ crew: Crew, _ rest: String...) throws -> (run: String, gate: String) {
        let task = try crew.task("one")
        let gate = try crew.ask("gate-create", "--task", task, "--question", "Begin?", "--audience", "user")["gate"]
        let started = try crew.place.envelope(
            ["orchestration", "run", "--spec", "Ship it"] + rest, with: Crew.inside(crew.coordinator))["result"]
        #expect(keys(started) == ["runId", "status"] && started?["status"]?.stringValue == "running")
        let id = try #require(started?["runId"]?.stringValue)
        #expect(id.wholeMatch(of: /run_[0-9a-f]{12}/) != nil)
        return (id, try #require(gate?["id"]?.stringValue))
    }

    @Test func aRunIsStartedListedShownAndStopped() throws {
        let crew = try Crew()
        try crew.expectFailure("run_not_found", "No active coordinator run", "run-stop")
        try crew.expectFailure("invalid_argument", "Missing required --spec", "run")
        let (id, _) = try waitingRun(crew, "--max-concurrent", "2", "--poll-interval-ms", "100")
        try crew.expectFailure(
            "run_active", "Coordinator already running: \(id)", "run", "--spec", "x", as: crew.coordinator)
        let listed = try crew.ask("run-list", "--status", "running")
        #expect(listed["count"] == .integer(1))
        let row = try #require(listed["runs"]?.arrayValue?.first)
        #expect(row["id"]?.stringValue == id && row["max_concurrent"] == .integer(2))
        #expect(row["coordinator_handle"]?.stringValue == crew.coordinator && row["tasks"] == ["blocked": 1])
        #expect(try crew.ask("run-show", "--run", id)["run"]?["workers"] == .array([]))
        let stopped = try crew.ask("run-stop", as: crew.coordinator)
        #expect(stopped == ["runId": .string(id), "stopped": true])
        try crew.expectFailure("run_not_found", "No active coordinator run", "run-stop", as: crew.coordinator)
        #expect(try crew.ask("run-show", "--run", id)["run"]?["status"]?.stringValue == "stopped")
        try crew.expectFailure("run_not_found", "run_no", "run-show", "--run", "run_no")
        try crew.expectFailure("invalid_argument", "expected one of: running", "run-list", "--status", "odd")
    }

    @Test func mistakesInRunsAreNamedBeforeAnythingIsMade() throws {
        let crew = try Crew()
        let me = crew.coordinator
        try crew.expectFailure(
            "invalid_argument", "Invalid positive integer for --max-concurrent", "run", "--spec", "x",
            "--max-concurrent", "0", as: me)
        try crew.expectFailure(
            "invalid_argument", "Invalid positive integer for --poll-interval-ms", "run", "--spec", "x",
            "--poll-interval-ms", "no", as: me)
        try crew.expectFailure(
            "invalid_argument", "choose one of --plan, --planner", "run", "--spec", "x", "--plan", "p.yaml",
            "--planner", "claude", as: me)
        try crew.expectFailure(
            "selector_not_found", "selector_not_found", "run", "--spec", "x", "--worktree", "active", as: me)
        try crew.place.folder.file("bad.yaml", "name: x\ntasks:\n  - {key: a, titel: A}\n")
        try crew.expectFailure("plan_invalid", "titel", "run", "--spec", "x", "--plan", "bad.yaml", as: me)
        try crew.expectFailure("nothing_ready", "No tasks found", "run", "--spec", "x", as: me)
        #expect(try crew.ask("run-list")["count"] == .integer(0))
    }

    @Test func aRunWithNothingLeftToDoSaysWhereTheTasksAre() throws {
        let crew = try Crew()
        let (id, _) = try waitingRun(crew)
        try crew.expectFailure(
            "nothing_ready", "is in a run already: 'orca orchestration run-show --run \(id)'", "run", "--spec", "y")
        _ = try crew.ask("run-stop", as: crew.coordinator)
        for task in try crew.ask("task-list")["tasks"]?.arrayValue ?? [] {
            _ = try crew.ask("task-update", "--id", task["id"]?.stringValue ?? "", "--status", "completed")
        }
        try crew.expectFailure("nothing_ready", "is finished. 'orca list", "run", "--spec", "y")
    }

    @Test func anAgentThatIsNotHereIsNamedWhenTheRunStarts() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        _ = try crew.ask("gate-create", "--task", task, "--question", "Begin?", "--audience", "user")
        let answer = try crew.place.answer(["orchestration", "run", "--spec", "x", "--agents", "opencode"])
        #expect(answer.code == 0 && answer.errorText.contains("no 'opencode' in PATH"), "\(answer.errorText)")
        #expect(answer.errorText.contains("orca gates"))
    }

    @Test func aPlanFileBecomesTheTasksOfTheRun() throws {
        let crew = try Crew()
        _ = try crew.task("not of the plan")
        try crew.place.folder.file(
            "plan.yaml", "name: small\ntasks:\n  - {key: a, title: A}\n  - {key: b, title: B, depends_on: [a]}\n")
        let started = try crew.ask(
            "run", "--spec", "x", "--plan", "plan.yaml", "--agents", "no-such-agent", as: crew.coordinator)
        let id = try #require(started["runId"]?.stringValue)
        let row = try crew.ask("run-show", "--run", id)["run"]
        #expect(row?["tasks"] == ["pending": 1, "ready": 1], "\(String(describing: row))")
        try crew.expectFailure(
            "invalid_transition", "waits for no plan", "plan-submit", "--run", id, "--file", "plan.yaml")
        try crew.expectFailure("run_not_found", "run_no", "plan-submit", "--run", "run_no", "--file", "plan.yaml")
        try crew.expectFailure("invalid_argument", "Missing required --file", "plan-submit", "--run", id)
        _ = try crew.ask("run-stop", "--run", id, "--cancel-work")
    }

    @Test(.timeLimit(.minutes(2))) func aBoardEndsWithItsRun() throws {
        let crew = try Crew()
        let (id, _) = try waitingRun(crew, "--no-merge")
        let task = try #require(try crew.ask("task-list")["tasks"]?.arrayValue?.first?["id"]?.stringValue)
        let gate = try crew.ask("gate-create", "--task", task, "--question", "And then?")["gate"]
        let watch = try SupervisedProcess(
            crew.place.command("orca", ["orchestration", "watch", "--run", id, "--json"]))
        defer { watch.end() }
        var said: [UInt8] = []
        while !said.contains(UInt8(ascii: "\n")) {
            guard case .deadlinePassed = try watch.follow(until: .after(.milliseconds(50)), { said += $0 }) else {
                break
            }
        }
        // Something to see, and something that is none of its business.
        try crew.send("to the coordinator", to: crew.coordinator, from: crew.worker)
        let stranger = try Crew.open(crew.place, "stranger")
        try crew.send("private", to: stranger, from: crew.worker)
        _ = try crew.ask("run-stop", "--run", id)
        let end = try watch.follow(until: .after(.seconds(20))) { said += $0 }
        #expect(end == .exited(.exited(code: 1)), "a run that was stopped was not completed")
        let objects = try said.split(separator: UInt8(ascii: "\n")).map { try JSONValue(jsonBytes: Array($0)) }
        let snapshot = objects.first?["snapshot"]
        #expect(snapshot?["runs"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == [id])
        #expect(snapshot?["gates"]?.arrayValue?.first?["id"] == gate?["id"])
        #expect(objects.last?["ended"]?["status"]?.stringValue == "stopped")
        let subjects = objects.compactMap { $0["event"]?["data"]?["subject"]?.stringValue }
        #expect(subjects.contains("to the coordinator") && !subjects.contains("private"), "\(subjects)")
        let text = try crew.say("watch", "--run", id)
        #expect(text.code == 1 && text.outputText.contains("Run \(id) stopped."))
        try crew.expectFailure("run_not_found", "run_no", "watch", "--run", "run_no")
    }

    @Test func aPlanThatIsHandedInWaitsForItsApproval() throws {
        let crew = try Crew()
        let id =
            try crew.ask("run", "--spec", "Add search", "--planner", "claude", as: crew.coordinator)["runId"]?
            .stringValue ?? ""
        try crew.place.folder.file("bad.yaml", "name: x\ntasks:\n  - {key: a, titel: A}\n")
        try crew.expectFailure("plan_invalid", "titel", "plan-submit", "--run", id, "--file", "bad.yaml")
        try crew.expectFailure(
            "invalid_argument", "Invalid --format: odd", "plan-submit", "--run", id, "--file", "bad.yaml", "--format",
            "odd")
        try crew.place.folder.file(
            "plan.yaml",
            "name: search\ntasks:\n  - {key: a, title: Index}\n  - {key: b, title: Query, depends_on: [a]}\n")
        let taken = try crew.ask("plan-submit", "--run", id, "--file", "plan.yaml")
        #expect(
            taken == [
                "runId": .string(id), "phase": "decomposing", "plan": "search", "tasks": .integer(2),
                "awaitsApproval": true,
            ])
        let gate = try crew.ask("gate-list", "--status", "pending")["gates"]?.arrayValue?.first {
            $0["question"]?.stringValue?.contains("'search'") == true
        }
        #expect(gate?["audience"]?.stringValue == "user" && gate?["options"]?.stringValue == #"["approve","reject"]"#)
        func task(_ title: String) throws -> JSONValue? {
            try crew.ask("task-list")["tasks"]?.arrayValue?.first { $0["task_title"]?.stringValue == title }
        }
        #expect(try task("Index")?["status"]?.stringValue == "pending")
        _ = try crew.ask("gate-resolve", "--id", try #require(gate?["id"]?.stringValue), "--resolution", "approve")
        #expect(try crew.place.eventually { try task("Index")?["status"]?.stringValue != "pending" })
        _ = try crew.ask("run-stop", "--run", id, "--cancel-work")
    }

    @Test(.timeLimit(.minutes(2))) func theBoardFillsATerminalUntilQIsPressed() throws {
        let crew = try Crew()
        let (id, gate) = try waitingRun(crew)
        let board = try Crew.open(crew.place, "board", "--command", "orca orchestration watch; touch $HOME/over")
        func screen() throws -> String {
            let read = try crew.place.result("terminal", "read", "--terminal", board, "--screen")
            return (read["terminal"]?["tail"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: "\n")
        }
        #expect(try crew.place.eventually { try screen().contains(gate) })
        let shown = try screen()
        #expect(shown.contains(id) && shown.contains("Begin?") && shown.contains("q quits"), "\(shown)")
        // What happens is shown without being asked for.
        try crew.send("look at me", to: crew.worker, from: crew.coordinator)
        #expect(try crew.place.eventually { try screen().contains("look at me") })
        _ = try crew.place.result("terminal", "send", "--terminal", board, "--text", "q")
        #expect(crew.place.eventually { Files.kind(crew.place.folder.path("over")) != nil })
    }

    @Test func everyCommandHasItsHelp() throws {
        let place = try Installation()
        let all = try place.orca("orchestration")
        for verb in [
            "send", "check", "reply", "ask", "inbox", "task-create", "task-list", "task-update", "dispatch",
            "dispatch-show", "gate-create", "gate-resolve", "gate-list", "run", "run-stop", "run-list", "run-show",
            "plan-submit", "watch", "reset", "worker-start", "worker-list", "worker-show", "worker-stop",
            "worker-release",
        ] {
            #expect(all.contains("  \(verb)"), "\(verb) is not in the help")
            let help = try place.orca("orchestration", verb, "--help")
            #expect(help.contains("orca orchestration \(verb)"))
            #expect(try place.orca("help", "orchestration", verb) == help)
        }
        try place.orca("help", "orchestration", "sned", code: 1)
    }
}
