import OrcaAPI
import OrcaProtobuf

/// `orca task override`
enum TaskOverride {
    static var command: Command {
        Command(
            "override", "Set a task's status by hand; recorded with the actor, ends a live attempt.", changes: true,
            arguments: [TaskCommands.argument, Argument("status", .choice(TaskList.statuses), "The status it gets.")],
            flags: [
                .value("reason", .text, "TEXT", "Why; goes into the event log.", required: true),
                .value("result", .text, "TEXT", "With `completed`: what came of it."),
            ],
            examples: [
                .init("orca task override API-12 completed --reason 'Done by hand'", "Its dependents become ready.")
            ],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.OverrideTaskRequest()
        request.workspace = call.workspace
        request.task = call.required("task")
        request.status = .init(protoName: call.required("status")) ?? .unspecified
        request.reason = call.required("reason")
        request.result = call.text("result") ?? ""
        let response = try call.call(Operations.overrideTask, request)
        call.answer(response) { TaskView.line(response.task, call) }
    }
}
