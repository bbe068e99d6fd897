import OrcaAPI

/// `orca task release`, `orca release`
enum TaskRelease {
    static var command: Command {
        Command(
            "release", "Give a task back without counting a failure.", changes: true, arguments: [HeldTask.argument],
            flags: [HeldTask.tokenFlag, .value("reason", .text, "TEXT", "Why.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let held = try HeldTask.resolve(call)
        var request = OrcaV1.ReleaseTaskRequest()
        request.workspace = call.workspace
        request.task = held.task
        request.token = held.token
        request.reason = call.text("reason") ?? ""
        let response = try call.call(Operations.releaseTask, request)
        held.forget(call)
        call.answer(response) { TaskView.line(response.task, call) }
    }
}
