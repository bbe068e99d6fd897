import OrcaAPI

/// `orca task ready`, `orca ready`
enum TaskReady {
    static var command: Command {
        Command(
            "ready", "List what could be claimed now, in claim order.",
            flags: [
                .value(
                    "agent", short: "a", .entity(.agent), "NAME",
                    "Only what this agent could claim; $ORCA_AGENT is not used here."),
                .value("limit", .integer(1...1000), "N", "At most this many."),
            ], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.ListReadyTasksRequest()
        request.workspace = call.workspace
        request.project = call.project ?? ""
        request.agent = call.text("agent") ?? ""
        request.limit = call.integer32("limit") ?? 0
        let response = try call.call(Operations.listReadyTasks, request)
        call.answer(response) { TaskView.table(response.tasks, call) }
        if response.tasks.isEmpty, !call.isJSON {
            call.note("Nothing is ready. 'orca task list' shows all tasks; 'orca explain TASK' says why one waits.")
        }
    }
}
