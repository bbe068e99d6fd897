import OrcaAPI

/// `orca task explain`, `orca explain`
enum TaskExplain {
    static var command: Command {
        Command(
            "explain", "Say why a task is not running, and what would change that.", aliases: ["why"],
            arguments: [TaskCommands.argument], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.ExplainTaskRequest()
        request.workspace = call.workspace
        request.task = call.required("task")
        let response = try call.call(Operations.explainTask, request)
        call.answer(response) {
            let style = call.style
            var text = TaskView.line(response.task, call)
            text += TextWidth.inert(response.summary) + "\n"
            for reason in response.reasons {
                text += "  \(style.yellow(TextWidth.inert(reason.code)))  \(TextWidth.inert(reason.message))\n"
                if !reason.next.isEmpty { text += "    \(style.dim("→")) \(TextWidth.inert(reason.next))\n" }
            }
            return text
        }
    }
}
