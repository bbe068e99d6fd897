import OrcaAPI
import OrcaProtobuf

/// `orca task depend`, `orca task undepend`
enum TaskDepend {
    private static let other = Argument("on", .entity(.task), "Ref or id of the task to wait for.")

    static var add: Command {
        Command(
            "depend", "Make a task wait for another one.", changes: true, arguments: [TaskCommands.argument, other],
            flags: [
                .value(
                    "policy", .choice(["block", "cancel", "ignore"]), "WAY",
                    "What happens when the other one fails; block.")
            ],
            examples: [.init("orca task depend API-3 API-1", "API-3 waits until API-1 is completed.")], run: runAdd)
    }

    static var remove: Command {
        Command(
            "undepend", "Stop a task from waiting for another one.", changes: true,
            arguments: [TaskCommands.argument, other], run: runRemove)
    }

    private static func runAdd(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.AddDependencyRequest()
        request.workspace = call.workspace
        request.task = call.required("task")
        request.dependsOn = call.required("on")
        request.policy = call.text("policy").flatMap { .init(protoName: $0) } ?? .unspecified
        let response = try call.call(Operations.addDependency, request)
        call.answer(response) { TaskView.line(response.task, call) }
    }

    private static func runRemove(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.RemoveDependencyRequest()
        request.workspace = call.workspace
        request.task = call.required("task")
        request.dependsOn = call.required("on")
        let response = try call.call(Operations.removeDependency, request)
        call.answer(response) { TaskView.line(response.task, call) }
    }
}
