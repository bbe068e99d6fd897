import OrcaAPI
import OrcaProtobuf

/// `orca attempt list`
enum AttemptList {
    private static let outcomes = ["active", "succeeded", "failed", "expired", "released", "canceled", "gated"]

    static var command: Command {
        Command(
            "list", "List attempts, newest first.",
            flags: [
                .value("task", .entity(.task), "TASK", "Only those of this task."),
                .value("agent", short: "a", .entity(.agent), "NAME", "Only those of this agent."),
                .value("outcome", .choice(outcomes), "OUTCOME", "Only those that ended like this."),
            ] + Paging.flags,
            examples: [.init("orca attempt list --task API-12", "Every try at the task.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let response = try Paging.collect(call, cursor: \.nextCursor, rows: \.attempts) {
            (limit, cursor) throws(APIError) -> OrcaV1.ListAttemptsResponse in
            var request = OrcaV1.ListAttemptsRequest()
            request.workspace = call.workspace
            request.task = call.text("task") ?? ""
            request.agent = call.text("agent") ?? ""
            request.outcome = call.text("outcome").flatMap { .init(protoName: $0) } ?? .unspecified
            request.limit = limit
            request.cursor = cursor
            return try call.call(Operations.listAttempts, request)
        }
        call.answer(response) {
            if call.isQuiet { return response.attempts.map { $0.id + "\n" }.joined() }
            let now = call.context.now()
            var table = Table([
                .fixed("TASK"), .number("NO"), .fixed("OUTCOME"), .flexible("AGENT"), .fixed("TOOK"),
                .flexible("WHY OR WHAT"), .fixed("ID"),
            ])
            for item in response.attempts {
                let words =
                    item.error.isEmpty ? (item.result.isEmpty ? AttemptView.progress(item) : item.result) : item.error
                table.add([
                    .init(item.taskRef, .strong), .init(String(item.number)),
                    .init(AttemptView.outcome(item), AttemptView.tone(item.outcome)),
                    .init(item.agent), .init(Clock.span(item.startedAt, item.endedAt, now: now)), .init(words),
                    .init(item.id, .faint),
                ])
            }
            return call.text(table)
        }
    }
}
