import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration task-list`
enum BoardTaskList {
    static var command: Command {
        ContractCommand.verb(
            "task-list", "List tasks in the order they were made.",
            flags: [
                .value("status", .choice(BoardTask.statuses), "STATUS", "Only these."),
                .toggle("ready", "Only those that are ready; wins over --status."),
            ],
            examples: [.init("orca orchestration task-list --ready --json", "What can be dispatched.")], body: run)
    }

    private static let pageRows: Int32 = 1000

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.ListTasksRequest()
        if call.isOn("ready") {
            request.status = [.ready]
        } else if let word = call.text("status") {
            request.status = [try BoardTask.status(word)]
        }
        guard let project = try Board(call).find() else { return answer([], [:], [:]) }
        request.workspace = call.workspace
        request.project = project
        request.limit = pageRows
        var tasks: [OrcaV1.Task] = []
        repeat {
            let page = try call.call(Operations.listTasks, request)
            tasks += page.tasks
            request.cursor = page.nextCursor
        } while !request.cursor.isEmpty
        let ids = Dictionary(tasks.map { ($0.ref, $0.id) }) { first, _ in first }
        return answer(tasks, ids, try dispatches(tasks, call))
    }

    /// The live dispatches by task.
    private static func dispatches(
        _ tasks: [OrcaV1.Task], _ call: ContractCall
    ) throws(APIError) -> [String: OrcaV1.Dispatch] {
        guard tasks.contains(where: { $0.status == .dispatched }) else { return [:] }
        var request = OrcaV1.ListDispatchesRequest()
        request.workspace = call.workspace
        let live = try call.call(Operations.listDispatches, request).dispatches
        return Dictionary(live.map { ($0.task, $0) }) { first, _ in first }
    }

    private static func answer(
        _ tasks: [OrcaV1.Task], _ parents: [String: String], _ dispatches: [String: OrcaV1.Dispatch]
    ) -> ContractAnswer {
        let rows = tasks.map { BoardTask.json($0, parents: parents, dispatch: dispatches[$0.id]) }
        let result: JSONValue = ["tasks": .array(rows), "count": .whole(rows.count)]
        if tasks.isEmpty { return ContractAnswer(result, "No tasks.") }
        return ContractAnswer(result, tasks.map { BoardTask.line($0) }.joined(separator: "\n"))
    }
}

/// `orca orchestration task-update`
enum BoardTaskUpdate {
    static var command: Command {
        ContractCommand.verb(
            "task-update", "Set a task's status by hand; ends a live dispatch.", changes: true,
            flags: [
                .value("id", .entity(.task), "TASK", "The task.", required: true),
                .value("status", .choice(BoardTask.statuses), "STATUS", "The new status.", required: true),
                .value("result", .text, "TEXT", "What came of it."),
            ],
            examples: [
                .init("orca orchestration task-update --id task_1 --status completed --json", "It is done after all.")
            ], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        let id = try call.required("id")
        var request = OrcaV1.OverrideTaskRequest()
        request.workspace = call.workspace
        request.task = id
        request.status = try BoardTask.status(call.required("status"))
        request.result = call.text("result") ?? ""
        request.reason = "task-update"
        let task: OrcaV1.Task
        do throws(APIError) {
            task = try call.call(Operations.overrideTask, request).task ?? OrcaV1.Task()
        } catch {
            throw BoardTask.restate(error, id)
        }
        return ContractAnswer(["task": BoardTask.json(task, parents: [:])], BoardTask.line(task))
    }
}
