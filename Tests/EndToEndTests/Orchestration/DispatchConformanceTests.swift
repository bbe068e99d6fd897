import OrcaSupport
import OrcaTestKit
import Testing

/// `orca orchestration dispatch`, `dispatch-show` and what workers report, as the contract has them.
@Suite(.serialized) struct DispatchConformanceTests {
    private func done(
        _ crew: Crew, _ task: String, _ dispatch: String, _ rest: String..., as handle: String? = nil
    ) throws -> JSONValue {
        let value = try crew.place.envelope(
            [
                "orchestration", "send", "--to", crew.coordinator, "--type", "worker_done", "--subject", "Done",
                "--task-id", task, "--dispatch-id", dispatch,
            ] + rest, with: Crew.inside(handle ?? crew.worker))
        return try #require(value["result"])
    }

    @Test func aDispatchHasTheShapeOfTheContract() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        #expect(try crew.ask("dispatch-show", "--task", task) == ["dispatch": .null])
        let result = try crew.ask("dispatch", "--task", task, "--to", crew.worker, as: crew.coordinator)
        #expect(keys(result) == ["dispatch", "injected"] && result["injected"] == false)
        let dispatch = try #require(result["dispatch"])
        for name in [
            "id", "task_id", "assignee_handle", "status", "failure_count", "last_failure", "dispatched_at",
            "completed_at",
            "created_at", "last_heartbeat_at",
        ] {
            #expect(dispatch[name] != nil, "\(name) is missing")
        }
        #expect(dispatch["id"]?.stringValue?.hasPrefix("ctx_") == true && dispatch["task_id"]?.stringValue == task)
        #expect(
            dispatch["assignee_handle"]?.stringValue == crew.worker && dispatch["status"]?.stringValue == "dispatched")
        #expect(dispatch["failure_count"] == .integer(0) && dispatch["last_failure"] == .null)
        #expect(dispatch["completed_at"] == .null && dispatch["last_heartbeat_at"] == .null)
        #expect(try crew.ask("dispatch-show", "--task", task)["dispatch"]?["id"] == dispatch["id"])
        let other = try crew.task("other")
        let text = try crew.say("dispatch", "--task", other, "--to", crew.coordinator, "--return-preamble")
        #expect(text.outputText.hasPrefix("ctx_") && text.outputText.contains("=== TASK ===\nother"))
    }

    @Test func previewsChangeNothing() throws {
        let crew = try Crew()
        let task = try crew.task("Build\nthe thing")
        let dry = try crew.ask("dispatch", "--task", task, "--dry-run", as: crew.coordinator)
        #expect(keys(dry) == ["dispatch", "dryRun", "injected", "preamble"])
        #expect(dry["dispatch"] == .null && dry["dryRun"] == true && dry["injected"] == false)
        let text = dry["preamble"]?.stringValue ?? ""
        for line in [
            "--to \(crew.coordinator) --type worker_done", "--task-id \(task) --dispatch-id ctx_dryrun",
            "orca orchestration ask --to \(crew.coordinator)", "--type heartbeat", "--type escalation",
            "=== TASK ===\nBuild\nthe thing",
        ] {
            #expect(text.contains(line), "'\(line)' is not in: \(text)")
        }
        let shown = try crew.ask("dispatch-show", "--task", task, "--preamble", as: crew.coordinator)
        #expect(shown["dispatch"] == .null && shown["preamble"]?.stringValue?.isEmpty == false)
        #expect(try crew.status(of: task) == "ready")
        // A task that cannot be handed out can be looked at all the same.
        let waiting = try crew.task("later", "--deps", "[\"\(task)\"]")
        #expect(try crew.ask("dispatch", "--task", waiting, "--dry-run")["dryRun"] == true)
    }

    @Test func whatCannotBeDispatchedIsRefusedInTheContractsOrder() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        let waiting = try crew.task("two", "--deps", "[\"\(task)\"]")
        try crew.expectFailure("task_not_found", "Task not found: task_no", "dispatch", "--task", "task_no")
        try crew.expectFailure("invalid_argument", "Missing --to", "dispatch", "--task", task)
        try crew.expectFailure("invalid_argument", "Missing required --task", "dispatch", "--to", crew.worker)
        try crew.expectFailure(
            "task_not_ready", "not ready (status: pending)", "dispatch", "--task", waiting, "--to", crew.worker)
        try crew.expectFailure("terminal_handle_stale", "term_no", "dispatch", "--task", task, "--to", "term_no")
        try crew.expectFailure(
            "no_agent", "does not run a known agent", "dispatch", "--task", task, "--to", crew.worker, "--inject")
        #expect(try crew.status(of: task) == "ready")
        let dispatch = try crew.dispatch(task)
        let third = try crew.task("three")
        try crew.expectFailure(
            "terminal_busy", "Terminal \(crew.worker) already has an active dispatch (\(dispatch) for task \(task))",
            "dispatch", "--task", third, "--to", crew.worker)
        try crew.expectFailure(
            "task_not_ready", "status: dispatched", "dispatch", "--task", task, "--to", crew.coordinator)
        #expect(try crew.ask("dispatch-show", "--task", "task_no") == ["dispatch": .null])
        try crew.expectFailure(
            "task_not_found", "Task not found: task_no", "dispatch-show", "--task", "task_no", "--preamble")
        _ = try crew.place.result("terminal", "close", "--terminal", crew.worker)
        try crew.expectFailure("terminal_gone", crew.worker, "dispatch", "--task", third, "--to", crew.worker)
    }

    @Test func aCompletionCountsOnceAndFreesTheWorker() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        let next = try crew.task("two", "--deps", "[\"\(task)\"]")
        let dispatch = try crew.dispatch(task)
        let beat = try crew.ask(
            "send", "--to", crew.coordinator, "--type", "heartbeat", "--subject", "alive", "--task-id", task,
            "--dispatch-id", dispatch, "--phase", "reviewing", as: crew.worker)
        #expect(beat["lifecycle"] == ["accepted": true])
        #expect(try crew.ask("dispatch-show", "--task", task)["dispatch"]?["last_heartbeat_at"] != .null)

        let result = try done(crew, task, dispatch, "--files-modified", "a,b", "--body", "All good.")
        #expect(result["lifecycle"] == ["accepted": true])
        let row = try #require(try crew.ask("task-list", "--status", "completed")["tasks"]?.arrayValue?.first)
        let outcome = try JSONValue(jsonBytes: Array((row["result"]?.stringValue ?? "").utf8))
        #expect(outcome["completedBy"]?.stringValue == crew.worker && outcome["filesModified"] == ["a", "b"])
        #expect(outcome["completedAt"]?.stringValue?.hasSuffix("Z") == true)
        #expect(try crew.status(of: next) == "ready")
        #expect(try crew.ask("dispatch-show", "--task", task)["dispatch"]?["status"]?.stringValue == "completed")
        _ = try crew.dispatch(next)
        // Said again it is the same.
        #expect(try done(crew, task, dispatch)["lifecycle"] == ["accepted": true])
        #expect(try crew.status(of: task) == "completed")
    }

    @Test func aCompletionThatDoesNotCountSaysWhy() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        let dispatch = try crew.dispatch(task)
        func refusal(_ result: JSONValue) -> String? {
            result["lifecycle"]?["accepted"] == false ? result["lifecycle"]?["code"]?.stringValue : nil
        }
        #expect(try refusal(done(crew, task, "ctx_none")) == "dispatch_not_found")
        #expect(try refusal(done(crew, task, dispatch, as: crew.coordinator)) == "permission_denied")
        #expect(try refusal(done(crew, try crew.task("two"), dispatch)) == "dispatch_not_found")
        let none = try crew.ask(
            "send", "--to", crew.coordinator, "--type", "worker_done", "--subject", "x", as: crew.worker)
        #expect(refusal(none) == "invalid_argument" && none["message"]?["id"] != nil)
        #expect(try crew.status(of: task) == "dispatched")
        let text = try crew.say(
            "send", "--to", crew.coordinator, "--type", "worker_done", "--subject", "x", as: crew.worker)
        #expect(text.code == 0 && text.outputText.contains("It did not count (invalid_argument)"))
        // Somebody took the task over: the old worker's word does not count any more.
        _ = try crew.ask("task-update", "--id", task, "--status", "ready")
        let second = try crew.dispatch(task)
        #expect(try refusal(done(crew, task, dispatch)) != nil)
        #expect(try crew.status(of: task) == "dispatched")
        #expect(try done(crew, task, second)["lifecycle"] == ["accepted": true])
    }

    @Test func failuresAreRetriedUntilTheCircuitBreaks() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        for attempt in 1...3 {
            #expect(try crew.place.eventually { try crew.status(of: task) == "ready" })
            let dispatch = try crew.dispatch(task)
            let result = try done(crew, task, dispatch, "--outcome", "failed", "--body", "no luck")
            #expect(result["lifecycle"] == ["accepted": true])
            let row = try crew.ask("dispatch-show", "--task", task)["dispatch"]
            #expect(row?["failure_count"] == .integer(Int64(attempt)))
            #expect(row?["status"]?.stringValue == (attempt < 3 ? "failed" : "circuit_broken"))
            #expect(row?["last_failure"]?.stringValue?.contains("no luck") == true)
        }
        #expect(try crew.status(of: task) == "failed")
    }

    @Test func aWorkerThatDiesIsNoticedAndTold() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        _ = try crew.dispatch(task)
        _ = try crew.place.result("terminal", "stop", "--terminal", crew.worker)
        let told = try crew.ask(
            "check", "--wait", "--types", "escalation", "--timeout-ms", "20000", as: crew.coordinator)
        #expect(told["count"] == .integer(1), "\(told)")
        #expect(try crew.ask("dispatch-show", "--task", task)["dispatch"]?["failure_count"] == .integer(1))
        #expect(try crew.place.eventually { try crew.status(of: task) == "ready" })
    }
}
