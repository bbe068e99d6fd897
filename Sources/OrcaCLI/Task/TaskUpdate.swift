import OrcaAPI

/// `orca task update`
enum TaskUpdate {
    static var command: Command {
        Command(
            "update", "Change what a task says; its status is computed.", changes: true,
            arguments: [TaskCommands.argument],
            flags: [
                .value("title", .text, "TEXT", "The new title."),
                .list(
                    "clear",
                    .choice(["tags", "capabilities", "labels", "contract", "context", "not-before", "assignee"]),
                    "FIELD", "Empty this field."),
                .value(
                    "expected-version", .integer(0...Int64(Int32.max)), "N",
                    "Refuse when it has changed since this version."),
            ] + TaskFieldFlags.all,
            discussion: "Lists that are given replace the task's: --tag a --tag b makes `a` and `b` its only tags.",
            examples: [.init("orca task update API-12 --priority 10 --clear tags", "Sooner, and for any agent.")],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.UpdateTaskRequest()
        request.workspace = call.workspace
        request.task = call.required("task")
        request.title = call.text("title")
        request.spec = try TaskFieldFlags.spec(call)
        request.priority = call.integer32("priority")
        setLists(&request, call)
        request.notBefore = TaskFieldFlags.notBefore(call)
        request.clearNotBefore = call.list("clear").contains("not-before")
        request.retry = ProjectSettingsFlags.retry(call)
        request.assignee = call.list("clear").contains("assignee") ? "" : call.text("assignee")
        request.expectedVersion = call.integer32("expected-version") ?? 0
        let response = try call.call(Operations.updateTask, request)
        call.answer(response) { TaskView.details(response.task, call) }
    }

    private static func setLists(_ request: inout OrcaV1.UpdateTaskRequest, _ call: Invocation) {
        request.requiredTags = call.words("tag")
        request.requiredCapabilities = call.list("capability")
        request.labels = call.words("label")
        request.contract = TaskFieldFlags.contract(call)
        request.context = call.pairs("context")
        let fields: [(flag: String, field: String, isGiven: Bool)] = [
            ("tags", "required_tags", !request.requiredTags.isEmpty),
            ("capabilities", "required_capabilities", !request.requiredCapabilities.isEmpty),
            ("labels", "labels", !request.labels.isEmpty),
            ("contract", "contract", !request.contract.isEmpty),
            ("context", "context", !request.context.isEmpty),
        ]
        request.replace = fields.filter { $0.isGiven || call.list("clear").contains($0.flag) }.map(\.field)
    }
}
