import OrcaSupport
import OrcaTestKit
import Testing

/// Gates as the contract has them, with what is ours beside it.
@Suite(.serialized) struct GateConformanceTests {
    @Test func aGateBlocksItsTaskUntilItIsResolved() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        _ = try crew.dispatch(task)
        let gate = try crew.ask("gate-create", "--task", task, "--question", "Merge?", "--options", #"["yes","no"]"#)[
            "gate"]
        let names = [
            "audience", "created_at", "default", "id", "options", "question", "resolution", "resolved_at", "status",
            "task_id", "timeout_at",
        ]
        #expect(keys(gate) == names)
        let id = try #require(gate?["id"]?.stringValue)
        #expect(id.wholeMatch(of: /gate_[0-9a-f]{12}/) != nil && gate?["task_id"]?.stringValue == task)
        #expect(gate?["status"]?.stringValue == "pending" && gate?["options"]?.stringValue == #"["yes","no"]"#)
        #expect(gate?["resolution"] == .null && gate?["resolved_at"] == .null)
        #expect(try crew.status(of: task) == "blocked")
        #expect(try crew.ask("dispatch-show", "--task", task)["dispatch"]?["status"]?.stringValue == "completed")

        let second =
            try crew.ask("gate-create", "--task", task, "--question", "And now?")["gate"]?["id"]?.stringValue ?? ""
        let resolved = try crew.ask("gate-resolve", "--id", id, "--resolution", "yes")["gate"]
        #expect(resolved?["status"]?.stringValue == "resolved" && resolved?["resolution"]?.stringValue == "yes")
        #expect(try crew.status(of: task) == "blocked", "another gate is open")
        let open = try crew.ask("gate-list", "--task", task, "--status", "pending")
        #expect(open["count"] == .integer(1) && open["gates"]?.arrayValue?.first?["id"]?.stringValue == second)
        _ = try crew.ask("gate-resolve", "--id", second, "--resolution", "go on")
        #expect(try crew.status(of: task) == "ready")
        #expect(try crew.ask("gate-list", "--status", "resolved")["count"] == .integer(2))
        // What was decided stands in the next prompt.
        let preamble = try crew.ask("dispatch-show", "--task", task, "--preamble")["preamble"]?.stringValue ?? ""
        #expect(preamble.contains("Merge?") && preamble.contains("yes"))
    }

    @Test func mistakesAboutGatesAreNamed() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        for options in ["yes", "[1]", "{}"] {
            try crew.expectFailure(
                "invalid_argument", "Invalid --options: must be a JSON array of strings", "gate-create", "--task", task,
                "--question", "?", "--options", options)
        }
        try crew.expectFailure(
            "task_not_found", "Task not found: task_no", "gate-create", "--task", "task_no", "--question", "?")
        try crew.expectFailure(
            "gate_not_found", "Gate not found: gate_no", "gate-resolve", "--id", "gate_no", "--resolution", "x")
        try crew.expectFailure("invalid_argument", "Missing required --question", "gate-create", "--task", task)
        try crew.expectFailure("invalid_argument", "invalid status 'odd'", "gate-list", "--status", "odd")
        #expect(try crew.status(of: task) == "ready")
        let gate = try crew.ask("gate-create", "--task", task, "--question", "?", "--options", #"["a","b"]"#)["gate"]
        let id = try #require(gate?["id"]?.stringValue)
        // The options are offers: any answer counts, once.
        _ = try crew.ask("gate-resolve", "--id", id, "--resolution", "neither, do c")
        try crew.expectFailure("gate_closed", "", "gate-resolve", "--id", id, "--resolution", "b")
    }

    @Test func aGateWithADefaultTakesItWhenTheTimeIsUp() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        let gate = try crew.ask(
            "gate-create", "--task", task, "--question", "?", "--timeout-ms", "300", "--default", "later",
            "--audience", "user")["gate"]
        #expect(gate?["audience"]?.stringValue == "user" && gate?["timeout_at"]?.stringValue != nil)
        #expect(try crew.place.eventually { try crew.status(of: task) == "ready" })
        let over = try crew.ask("gate-list", "--status", "timeout")["gates"]?.arrayValue?.first
        #expect(over?["resolution"]?.stringValue == "later")
        try crew.expectFailure(
            "invalid_argument", "default", "gate-create", "--task", task, "--question", "?", "--timeout-ms", "300")
    }

    @Test func theUsersQuestionsAreListedAndAnsweredInOneWord() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        let gate = try crew.ask("gate-create", "--task", task, "--question", "Ship it?", "--audience", "user")["gate"]
        let id = try #require(gate?["id"]?.stringValue)
        #expect(try crew.place.orca("gates").contains("Ship it?"))
        #expect(try crew.place.orca("gate", "answer", id, "yes").contains("-> yes"))
        #expect(try crew.status(of: task) == "ready")
        #expect(try crew.say("gate-list", "--status", "pending").outputText == "No gates.\n")
    }
}
