import OrcaSupport
import OrcaTestKit
import Testing

/// `orca orchestration worker-…`: an agent on a task in one step.
@Suite(.serialized) struct WorkerVerbTests {
    @Test(.timeLimit(.minutes(2))) func aWorkerStartsInAFreshWorktreeAndIsEnded() throws {
        let crew = try Crew()
        try crew.place.makeRepository()
        _ = try crew.place.result("repo", "add", "--path", crew.place.repository)
        try crew.place.makeProgram("claude", Crew.agentScript)
        let started = try crew.ask(
            "worker-start", "--spec", "Fix the login", "--agent", "claude", "--repo", "name:repo", as: crew.coordinator)
        let worker = try #require(started["worker"])
        #expect(worker["state"]?.stringValue == "working" && worker["liveness"]?.stringValue == "live", "\(worker)")
        #expect(worker["agent"]?.stringValue == "claude")
        #expect(worker["directory"]?.stringValue?.contains("fix-the-login") == true)
        let handle = try #require(worker["terminal_handle"]?.stringValue)
        let task = try #require(worker["task_id"]?.stringValue)
        #expect(crew.place.eventually { (try? crew.typed(handle).contains("=== TASK ===")) == true })
        let listed = try crew.ask("worker-list")
        #expect(listed["count"] == .integer(1) && listed["workers"]?.arrayValue?.first?["id"] == worker["id"])
        #expect(try crew.ask("worker-show", "--terminal", handle)["worker"]?["task_id"]?.stringValue == task)
        try crew.expectFailure("terminal_busy", "is not over", "worker-release", "--task", task)

        let stopped = try crew.ask("worker-stop", "--task", task, "--reason", "enough")
        #expect(stopped["stopped"] == true)
        #expect(try crew.status(of: task) == "ready")
        #expect(try crew.ask("worker-list")["count"] == .integer(0))
        let shown = try crew.ask("worker-show", "--task", task)["worker"]
        #expect(shown?["state"]?.stringValue == "failed" && shown?["dispatch"]?["failure_count"] == .integer(0))
        #expect(try crew.ask("worker-release", "--task", task)["released"] == true)
        #expect(try crew.ask("worker-release", "--task", task)["released"] == false)
    }

    @Test func anIdleAgentIsTakenAndARepeatStartsNothingTwice() throws {
        let crew = try Crew()
        let agent = try Crew.openAgent(crew.place, "idle")
        let task = try crew.task("one")
        let first = try crew.ask("worker-start", "--task", task, "--terminal", agent, "--retry-request", "w-1")
        let second = try crew.ask("worker-start", "--task", task, "--terminal", agent, "--retry-request", "w-1")
        #expect(first["worker"]?["id"] == second["worker"]?["id"])
        let stopped = try crew.ask("worker-stop", "--terminal", agent, "--cancel-task")
        #expect(stopped["terminalsStopped"] == .integer(1))
        #expect(try crew.status(of: task) == "canceled")
    }

    @Test func mistakesAboutWorkersAreNamed() throws {
        let crew = try Crew()
        let task = try crew.task("one")
        let waiting = try crew.task("two", "--deps", "[\"\(task)\"]")
        try crew.expectFailure("invalid_argument", "--task <id> or --spec", "worker-start", "--agent", "claude")
        try crew.expectFailure("invalid_argument", "--agent <kind> or --terminal", "worker-start", "--task", task)
        try crew.expectFailure(
            "invalid_argument", "Unknown TUI agent \"clawd\"", "worker-start", "--task", task, "--agent", "clawd")
        try crew.expectFailure(
            "invalid_argument", "leave out --worktree", "worker-start", "--task", task, "--terminal", crew.worker,
            "--worktree", "new")
        try crew.expectFailure(
            "task_not_found", "Task not found: task_no", "worker-start", "--task", "task_no", "--agent", "claude")
        try crew.expectFailure("task_not_ready", "pending", "worker-start", "--task", waiting, "--agent", "claude")
        try crew.expectFailure("dispatch_not_found", "never dispatched", "worker-show", "--task", task)
        try crew.expectFailure("dispatch_not_found", "ctx_none", "worker-stop", "--dispatch", "ctx_none")
        try crew.expectFailure("invalid_argument", "Missing required --dispatch", "worker-stop")
        #expect(try crew.status(of: task) == "ready")
    }
}
