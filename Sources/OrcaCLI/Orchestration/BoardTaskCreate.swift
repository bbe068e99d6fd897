import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration task-create`
enum BoardTaskCreate {
    static var command: Command {
        ContractCommand.verb(
            "task-create", "Create a task.", changes: true,
            flags: [
                .value("spec", .text, "TEXT", "What to do; the worker sees it as it is.", required: true),
                .value("task-title", .text, "TEXT", "At most 80 characters; the first line of the spec."),
                .value("display-name", .text, "TEXT", "At most 160 characters; the title."),
                .value("deps", .text, "JSON", "Ids of tasks to wait for, as a JSON list."),
                .value("parent", .entity(.task), "TASK", "The task this one is a part of."),
            ],
            examples: [
                .init("orca orchestration task-create --spec 'Fix the login button' --json", "A task that is ready."),
                .init(
                    "orca orchestration task-create --spec 'Test it' --deps '[\"task_1\"]' --json", "One that waits."),
            ], body: run)
    }

    private static let titleCharactersMax = 80
    private static let displayNameCharactersMax = 160

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.CreateTaskRequest()
        request.spec = try call.required("spec")
        request.title = try limited(call, "task-title", titleCharactersMax) ?? title(of: request.spec)
        if let name = try limited(call, "display-name", displayNameCharactersMax), name != request.title {
            request.context = [BoardTask.displayName: name]
        }
        if let list = call.text("deps") {
            guard let ids = BoardTask.texts(list) else {
                throw .invalid(
                    "Invalid --deps: must be a JSON array of task IDs", next: ["Write --deps '[\"task_…\"]'."])
            }
            request.dependencies = ids.map { id in .with { $0.ref = id } }
        }
        request.parent = call.text("parent") ?? ""
        request.workspace = call.workspace
        request.project = try Board(call).findOrMake()
        let task = try call.call(Operations.createTask, request).task ?? OrcaV1.Task()
        let row = BoardTask.json(task, parents: try parents(of: task, request, call))
        return ContractAnswer(["task": row], BoardTask.line(task))
    }

    private static func parents(
        of task: OrcaV1.Task, _ request: OrcaV1.CreateTaskRequest, _ call: ContractCall
    ) throws(APIError) -> [String: String] {
        if task.parent.isEmpty || TaskID.looksLikeOne(request.parent) { return [task.parent: request.parent] }
        var get = OrcaV1.GetTaskRequest()
        get.workspace = call.workspace
        get.task = task.parent
        return [task.parent: try call.call(Operations.getTask, get).task?.id ?? task.parent]
    }

    private static func limited(_ call: ContractCall, _ flag: String, _ most: Int) throws(APIError) -> String? {
        guard let text = call.text(flag) else { return nil }
        guard text.count <= most else {
            throw .invalid("Invalid --\(flag): at most \(most) characters, not \(text.count)")
        }
        return text
    }

    /// The first line with something on it, in single blanks, cut to 80 characters.
    static func title(of spec: String) -> String {
        let line = spec.split(whereSeparator: \.isNewline).first { $0.contains { !$0.isWhitespace } } ?? ""
        let words = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count <= titleCharactersMax ? words : words.prefix(titleCharactersMax - 3) + "..."
    }
}
