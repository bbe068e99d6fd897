import OrcaAPI

/// `orca task retry`, `orca retry`
enum TaskRetry {
    static var command: Command {
        Command(
            "retry", "Try a failed task again: its failures are forgotten, its history is kept.", changes: true,
            arguments: [TaskCommands.argument], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.RetryTaskRequest()
        request.workspace = call.workspace
        request.task = call.required("task")
        let response = try call.call(Operations.retryTask, request)
        call.answer(response) { TaskView.line(response.task, call) }
    }
}
