import OrcaAPI

/// `orca task fail`, `orca fail`
enum TaskFail {
    static var command: Command {
        Command(
            "fail", "Say that the attempt failed; the task is tried again while its policy allows.", changes: true,
            arguments: [HeldTask.argument],
            flags: [
                HeldTask.tokenFlag,
                .value(
                    "error", short: "e", .text, "TEXT", "Why; @FILE reads a file, - standard input.", required: true),
                .value("branch", .text, "BRANCH", "A branch with unfinished work."),
                .value("commit", .text, "ID", "A commit with unfinished work."),
            ],
            examples: [.init("orca fail API-12 --error 'The fixture is missing'", "Tried again after its backoff.")],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let held = try HeldTask.resolve(call)
        var request = OrcaV1.FailTaskRequest()
        request.workspace = call.workspace
        request.task = held.task
        request.token = held.token
        request.error = try TextInput.value(call.required("error"), call)
        request.branch = call.text("branch") ?? ""
        request.commit = call.text("commit") ?? ""
        let response = try call.call(Operations.failTask, request)
        held.forget(call)
        call.answer(response) { TaskView.line(response.task, call) }
    }
}
