import OrcaAPI
import OrcaProtobuf

/// `orca task create`, `orca add`
enum TaskCreate {
    static var command: Command {
        Command(
            "create", "Create a task; the server computes whether it is ready.", changes: true,
            arguments: [
                Argument("title", .text, "What it is about, in a line; several words need no quotes.", repeats: true)
            ],
            flags: [
                .list("after", .entity(.task), "TASK", "Wait for this task. Commas separate several."),
                .value(
                    "policy", .choice(["block", "cancel", "ignore"]), "WAY",
                    "What happens when a task waited for fails; block."),
                .value("parent", .entity(.task), "TASK", "The task this one is a part of."),
            ] + TaskFieldFlags.all,
            examples: [
                .init(
                    "orca add 'Write the parser' --project API --tag swift",
                    "A task that agents tagged `swift` may claim."),
                .init(
                    "orca add 'Ship it' -p API --after API-1,API-2 --contract-command 'make test'",
                    "It waits for two others; `make test` must pass."),
                .init(
                    "gh issue view 12 | orca add 'Fix issue 12' -p API --spec -", "The spec comes from standard input."),
            ], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.CreateTaskRequest()
        request.workspace = call.workspace
        request.project = try call.requiredProject()
        request.title = call.list("title").joined(separator: " ")
        request.spec = try TaskFieldFlags.spec(call) ?? ""
        request.priority = call.integer32("priority") ?? 0
        let policy = call.text("policy").flatMap { OrcaV1.Dependency.Policy(protoName: $0) } ?? .unspecified
        request.dependencies = call.words("after").map { ref in
            .with {
                $0.ref = ref
                $0.policy = policy
            }
        }
        request.parent = call.text("parent") ?? ""
        request.requiredTags = call.words("tag")
        request.requiredCapabilities = call.list("capability")
        request.labels = call.words("label")
        request.notBefore = TaskFieldFlags.notBefore(call)
        request.retry = ProjectSettingsFlags.retry(call)
        request.contract = TaskFieldFlags.contract(call)
        request.context = call.pairs("context")
        request.assignee = call.text("assignee") ?? ""
        let response = try call.call(Operations.createTask, request)
        call.answer(response) { TaskView.line(response.task, call) }
    }
}
