import OrcaSupport
import OrcaTestKit
import Testing

/// `orca orchestration task-create`, `task-list`, `task-update` and `reset` as the contract has them.
@Suite(.serialized) struct BoardTaskTests {
    @Test func tasksHaveTheShapeOfTheContract() throws {
        let crew = try Crew()
        let task = try crew.ask("task-create", "--spec", "\n  Fix   the login\nand more", as: crew.coordinator)["task"]
        let names = [
            "completed_at", "created_at", "created_by_terminal_handle", "deps", "display_name", "id", "parent_id",
            "ref",
            "result", "spec", "status", "task_title",
        ]
        #expect(keys(task) == names)
        #expect(
            task?["task_title"]?.stringValue == "Fix the login" && task?["display_name"]?.stringValue == "Fix the login"
        )
        #expect(
            task?["spec"]?.stringValue == "\n  Fix   the login\nand more" && task?["status"]?.stringValue == "ready")
        #expect(task?["deps"]?.stringValue == "[]" && task?["parent_id"] == .null && task?["result"] == .null)
        #expect(task?["created_by_terminal_handle"]?.stringValue == crew.coordinator)
        let id = try #require(task?["id"]?.stringValue)
        #expect(id.hasPrefix("task_"))

        let child = try crew.ask(
            "task-create", "--spec", "x", "--task-title", "T", "--display-name", "D", "--parent", id, "--deps",
            "[\"\(id)\"]")
        #expect(
            child["task"]?["status"]?.stringValue == "pending" && child["task"]?["deps"]?.stringValue == "[\"\(id)\"]")
        #expect(child["task"]?["task_title"]?.stringValue == "T" && child["task"]?["display_name"]?.stringValue == "D")
        #expect(child["task"]?["parent_id"]?.stringValue == id)
        let long = try crew.ask("task-create", "--spec", String(repeating: "word ", count: 40))["task"]
        #expect(
            long?["task_title"]?.stringValue?.count == 80 && long?["task_title"]?.stringValue?.hasSuffix("...") == true)
    }

    @Test func mistakesInTasksAreNamed() throws {
        let crew = try Crew()
        try crew.expectFailure("invalid_argument", "Missing required --spec", "task-create")
        for deps in ["task_1", "{}", "[1]", "\"task_1\""] {
            try crew.expectFailure(
                "invalid_argument", "Invalid --deps: must be a JSON array of task IDs", "task-create", "--spec", "x",
                "--deps", deps)
        }
        try crew.expectFailure("unknown_dependency", "task_no", "task-create", "--spec", "x", "--deps", "[\"task_no\"]")
        try crew.expectFailure("unknown_parent", "task_no", "task-create", "--spec", "x", "--parent", "task_no")
        try crew.expectFailure(
            "invalid_argument", "80", "task-create", "--spec", "x", "--task-title", String(repeating: "t", count: 81))
        try crew.expectFailure(
            "invalid_argument", "160", "task-create", "--spec", "x", "--display-name",
            String(repeating: "t", count: 161))
        #expect(try crew.ask("task-list")["count"] == .integer(0))
    }

    @Test func listsAreInTheOrderOfCreationAndFiltered() throws {
        let crew = try Crew()
        let first = try crew.task("one")
        let second = try crew.task("two", "--deps", "[\"\(first)\"]")
        let third = try crew.task("three")
        let all = try crew.ask("task-list")
        #expect(all["count"] == .integer(3))
        #expect(all["tasks"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == [first, second, third])
        let ready = try crew.ask("task-list", "--ready", "--status", "pending")
        #expect(ready["tasks"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == [first, third])
        let pending = try crew.ask("task-list", "--status", "pending")
        #expect(pending["tasks"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == [second])
        try crew.expectFailure("invalid_argument", "expected one of: pending, ready", "task-list", "--status", "odd")
        let dispatch = try crew.dispatch(first)
        let row = try crew.ask("task-list", "--status", "dispatched")["tasks"]?.arrayValue?.first
        #expect(row?["assignee_handle"]?.stringValue == crew.worker && row?["dispatch_id"]?.stringValue == dispatch)
    }

    @Test func updatesByHandAreTakenAsTheyAre() throws {
        let crew = try Crew()
        let first = try crew.task("one")
        let second = try crew.task("two", "--deps", "[\"\(first)\"]")
        let done = try crew.ask("task-update", "--id", first, "--status", "completed", "--result", "{\"ok\":1}")["task"]
        #expect(done?["status"]?.stringValue == "completed" && done?["result"]?.stringValue == "{\"ok\":1}")
        #expect(done?["completed_at"]?.stringValue?.hasSuffix("Z") == true)
        #expect(try crew.status(of: second) == "ready")
        try crew.expectFailure(
            "invalid_argument",
            "invalid status 'odd', expected one of: pending, ready, dispatched, completed, failed, blocked",
            "task-update", "--id", first, "--status", "odd")
        try crew.expectFailure(
            "task_not_found", "Task not found: task_no", "task-update", "--id", "task_no", "--status", "ready")
        try crew.expectFailure("invalid_argument", "Missing required --id", "task-update", "--status", "ready")
        // A live dispatch ends with it, and its terminal is free.
        let dispatch = try crew.dispatch(second)
        _ = try crew.ask("task-update", "--id", second, "--status", "failed")
        #expect(try crew.ask("dispatch-show", "--task", second)["dispatch"]?["status"]?.stringValue == "failed")
        let third = try crew.task("three")
        #expect(try crew.dispatch(third) != dispatch)
    }

    @Test func resetClearsWhatItIsToldTo() throws {
        let crew = try Crew()
        func fill() throws {
            let task = try crew.task("one")
            _ = try crew.dispatch(task)
            _ = try crew.ask("gate-create", "--task", try crew.task("two"), "--question", "?")
            try crew.send("x", to: crew.worker, from: crew.coordinator)
        }
        try fill()
        #expect(try crew.ask("reset", "--messages") == ["reset": "messages"])
        #expect(try crew.ask("inbox")["count"] == .integer(0) && crew.ask("task-list")["count"] == .integer(2))
        #expect(try crew.ask("reset", "--tasks") == ["reset": "tasks"])
        #expect(try crew.ask("task-list")["count"] == .integer(0) && crew.ask("gate-list")["count"] == .integer(0))
        try fill()
        #expect(try crew.ask("reset") == ["reset": "all"])
        #expect(try crew.ask("inbox")["count"] == .integer(0) && crew.ask("task-list")["count"] == .integer(0))
        try crew.expectFailure(
            "invalid_argument", "Choose exactly one reset scope: --all, --tasks, or --messages.", "reset", "--tasks",
            "--messages")
        // The terminals are free again.
        try fill()
        #expect(try crew.say("reset", "--all").outputText == "Reset all\n")
    }
}
