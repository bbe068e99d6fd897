import OrcaAPI

/// `orca task show`, `orca show`
enum TaskShow {
    static var command: Command {
        Command("show", "Show one task.", arguments: [TaskCommands.argument], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.GetTaskRequest()
        request.workspace = call.workspace
        request.task = call.required("task")
        let response = try call.call(Operations.getTask, request)
        call.answer(response) { TaskView.details(response.task, call) }
    }
}
