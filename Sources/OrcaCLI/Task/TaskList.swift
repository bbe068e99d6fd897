import OrcaAPI
import OrcaProtobuf

/// `orca task list`
enum TaskList {
    static let statuses = ["pending", "ready", "dispatched", "blocked", "completed", "failed", "canceled"]

    static var command: Command {
        Command(
            "list", "List tasks, in the order they were created.",
            flags: [
                .list("status", .choice(statuses), "STATUS", "Only tasks in this state."),
                .value("label", .text, "WORD", "Only tasks with this label."),
                .value("parent", .entity(.task), "TASK", "Only the parts of this task."),
                .value("plan", .text, "NAME", "Only tasks of this plan."),
            ] + Paging.flags,
            examples: [
                .init(
                    "orca task list -p API --status ready --json | jq -r '.tasks[].ref'",
                    "Refs of what could be claimed.")
            ],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let response = try Paging.collect(call, cursor: \.nextCursor, rows: \.tasks) {
            (limit, cursor) throws(APIError) -> OrcaV1.ListTasksResponse in
            var request = OrcaV1.ListTasksRequest()
            request.workspace = call.workspace
            request.project = call.project ?? ""
            request.status = call.list("status").compactMap { .init(protoName: $0) }
            request.label = call.text("label") ?? ""
            request.parent = call.text("parent") ?? ""
            request.plan = call.text("plan") ?? ""
            request.limit = limit
            request.cursor = cursor
            return try call.call(Operations.listTasks, request)
        }
        call.answer(response) { TaskView.table(response.tasks, call) }
        if response.tasks.isEmpty, !call.isJSON {
            call.note("No tasks here. Add one with 'orca add TITLE --project KEY'.")
        }
    }
}
