import OrcaAPI

/// `orca task cancel`, `orca cancel`
enum TaskCancel {
    static var command: Command {
        Command(
            "cancel", "Cancel a task; a live attempt ends and its token is dead.", changes: true,
            arguments: [TaskCommands.argument], flags: [.value("reason", .text, "TEXT", "Why.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.CancelTaskRequest()
        request.workspace = call.workspace
        request.task = call.required("task")
        request.reason = call.text("reason") ?? ""
        let response = try call.call(Operations.cancelTask, request)
        call.answer(response) { TaskView.line(response.task, call) }
    }
}
