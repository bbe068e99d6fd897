import OrcaSupport
import OrcaTestKit
import Testing

/// The recorded session of the contract from its first command to its last.
@Suite(.serialized) struct SessionTests {
    @Test(.timeLimit(.minutes(3))) func theRecordedSessionRunsAsItWasRecorded() throws {
        let crew = try Crew()
        let agent = try Crew.openAgent(crew.place, "worker-1")
        let task = try crew.ask("task-create", "--spec", "Fix the login button CSS", as: crew.coordinator)["task"]
        let first = try #require(task?["id"]?.stringValue)
        #expect(task?["status"]?.stringValue == "ready" && task?["deps"]?.stringValue == "[]")
        let later = try crew.ask("task-create", "--spec", "Write a test for it", "--deps", "[\"\(first)\"]")["task"]
        let second = try #require(later?["id"]?.stringValue)
        #expect(later?["status"]?.stringValue == "pending")

        let handed = try crew.ask("dispatch", "--task", first, "--to", agent, "--inject", as: crew.coordinator)
        #expect(handed["injected"] == true && handed["dispatch"]?["status"]?.stringValue == "dispatched", "\(handed)")
        let dispatch = try #require(handed["dispatch"]?["id"]?.stringValue)
        #expect(crew.place.eventually { (try? crew.typed(agent).contains("Fix the login button CSS")) == true })
        let prompt = try crew.typed(agent)
        #expect(prompt.contains("--task-id \(first) --dispatch-id \(dispatch)"))

        let types = "worker_done,escalation,decision_gate"
        let answer = try crew.during(
            "ask", "--to", crew.coordinator, "--question", "Shared or page-only?", "--options", "shared,page-only",
            "--json",
            as: agent
        ) {
            let asked = try crew.ask(
                "check", "--wait", "--types", types, "--timeout-ms", "900000", as: crew.coordinator)
            let row = try #require(asked["messages"]?.arrayValue?.first)
            #expect(asked["count"] == .integer(1) && row["type"]?.stringValue == "decision_gate")
            let id = try #require(row["id"]?.stringValue)
            let reply = try crew.ask("reply", "--id", id, "--body", "page-only", as: crew.coordinator)
            #expect(reply["message"]?["thread_id"]?.stringValue == id)
        }
        #expect(try JSONValue(jsonBytes: answer.output)["answer"]?.stringValue == "page-only")

        let waiting = try crew.during(
            "check", "--wait", "--types", types, "--timeout-ms", "900000", "--json", as: crew.coordinator
        ) {
            _ = try crew.ask(
                "send", "--to", crew.coordinator, "--type", "worker_done", "--subject", "Done", "--body", "Fixed.",
                "--task-id", first, "--dispatch-id", dispatch, as: agent)
        }
        let mail = try JSONValue(jsonBytes: waiting.output)["result"]
        #expect(mail?["count"] == .integer(1))
        let done = mail?["messages"]?.arrayValue?.first
        #expect(done?["type"]?.stringValue == "worker_done" && done?["from_handle"]?.stringValue == agent)

        let tasks = try crew.ask("task-list")["tasks"]?.arrayValue ?? []
        #expect(tasks.compactMap { $0["status"]?.stringValue } == ["completed", "ready"])
        let result = try JSONValue(jsonBytes: Array((tasks.first?["result"]?.stringValue ?? "").utf8))
        #expect(result["completedBy"]?.stringValue == agent && result["filesModified"] == .array([]))

        let again = try crew.ask("dispatch", "--task", second, "--to", agent, "--inject", as: crew.coordinator)
        #expect(again["injected"] == true, "\(again)")
        let gate = try crew.ask("gate-create", "--task", second, "--question", "Merge?", "--options", #"["yes","no"]"#)
        #expect(gate["gate"]?["status"]?.stringValue == "pending")
        #expect(try crew.status(of: second) == "blocked")
        #expect(try crew.ask("dispatch-show", "--task", second)["dispatch"]?["status"]?.stringValue == "completed")
        let id = try #require(gate["gate"]?["id"]?.stringValue)
        let resolved = try crew.ask("gate-resolve", "--id", id, "--resolution", "yes")
        #expect(resolved["gate"]?["status"]?.stringValue == "resolved")
        #expect(try crew.status(of: second) == "ready")
        #expect(try crew.ask("reset") == ["reset": "all"])
    }
}
