import OrcaAPI

/// `orca task delete`
enum TaskDelete {
    static var command: Command {
        Command(
            "delete", "Delete a task that nothing depends on and nobody works on.", changes: true,
            arguments: [TaskCommands.argument], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.DeleteTaskRequest()
        request.workspace = call.workspace
        request.task = call.required("task")
        let response = try call.call(Operations.deleteTask, request)
        call.answer(response) { "" }
        call.note("Deleted the task \(request.task).")
    }
}
