import OrcaAPI
import OrcaProtobuf
import OrcaSupport
import OrcaWorker

/// What `orca run` ends with: every task of the plan, also those that an earlier run finished.
struct RunReport {
    private struct Row {
        var task: OrcaV1.Task
        /// The last attempt, if there was one.
        var attempt: OrcaV1.Attempt?
        var merge: MergeRow.Outcome?
    }

    private let project: String
    private let rows: [Row]
    private let merge: MergeSummary?

    static func read(_ call: Invocation, project: String, plan: String, merge: MergeSummary?) throws(APIError)
        -> RunReport
    {
        var tasks: [OrcaV1.Task] = []
        var request = OrcaV1.ListTasksRequest()
        request.workspace = call.workspace
        request.project = project
        request.limit = Paging.pageRows
        repeat {
            let page = try call.call(Operations.listTasks, request)
            // Tasks that were made of conflicts belong to no plan, and still to this run.
            tasks += page.tasks.filter { $0.plan == plan || $0.labels.contains("merge-conflict") }
            request.cursor = page.nextCursor
        } while !request.cursor.isEmpty
        let outcomes = Dictionary((merge?.rows ?? []).map { ($0.task.id, $0.outcome) }) { first, _ in first }
        var rows: [Row] = []
        for task in tasks {
            var row = Row(task: task, merge: outcomes[task.id])
            if !task.attempt.isEmpty {
                var get = OrcaV1.GetAttemptRequest()
                get.workspace = call.workspace
                get.attempt = task.attempt
                row.attempt = try call.call(Operations.getAttempt, get).attempt
            }
            rows.append(row)
        }
        return RunReport(project: project, rows: rows, merge: merge)
    }

    /// Everything is completed, and merged if it was to be.
    var isFine: Bool { rows.allSatisfy { $0.task.status == .completed } && merge?.isComplete != false }

    func show(_ call: Invocation) {
        if call.isJSON {
            call.context.out.write(
                bytes: JSONValue.object([.init("run", json(call.context.now()))]).jsonBytes() + [0x0A])
            return
        }
        let now = call.context.now()
        var table = Table([
            .fixed("TASK"), .flexible("TITLE"), .flexible("AGENT"), .number("ATTEMPTS"), .fixed("TIME"),
            .flexible("BRANCH"), .flexible("OUTCOME"),
        ])
        for row in rows {
            let (words, tone) = outcome(row)
            table.add([
                .init(row.task.ref, .strong), .init(row.task.title), .init(row.attempt?.agent ?? ""),
                .init(String(row.task.attempts)),
                .init(Clock.span(row.attempt?.startedAt, row.attempt?.endedAt, now: now)), .init(row.task.branch),
                .init(words, tone),
            ])
        }
        call.context.out.write("\n" + call.text(table))
        let done = rows.filter { $0.task.status == .completed }.count
        var line = "\(done) of \(rows.count) tasks completed"
        if let merge {
            line += merge.isComplete ? ", all merged into \(merge.branch)" : ", not all merged into \(merge.branch)"
        }
        call.context.out.write(line + "\n")
    }

    private func outcome(_ row: Row) -> (String, Tone) {
        let status = row.task.status.protoName
        switch row.task.status {
        case .completed:
            guard let merge = row.merge else { return (status, .good) }
            let (words, tone) = MergeView.describe(merge)
            return ("\(status), \(words)", tone)
        case .failed: return (row.task.error.isEmpty ? status : "\(status): \(row.task.error)", .bad)
        case .pending, .ready, .dispatched, .blocked, .canceled, .unspecified, .unrecognized:
            return (status, TaskView.tone(row.task.status))
        }
    }

    private func json(_ now: Int64) -> JSONValue {
        let tasks = rows.map { row in
            let start = row.attempt?.startedAt?.milliseconds
            let end = row.attempt?.endedAt?.milliseconds ?? now
            return JSONValue.object([
                .init("ref", .string(row.task.ref)), .init("key", .string(row.task.planKey)),
                .init("title", .string(row.task.title)),
                .init("status", .string(row.task.status.protoName)), .init("agent", .string(row.attempt?.agent ?? "")),
                .init("attempts", .integer(Int64(row.task.attempts))),
                .init("durationMs", .integer(start.map { end - $0 } ?? 0)),
                .init("branch", .string(row.task.branch)), .init("error", .string(row.task.error)),
            ])
        }
        var members: [JSONValue.Member] = [
            .init("project", .string(project)), .init("isFine", .bool(isFine)), .init("tasks", .array(tasks)),
        ]
        if let merge { members.append(.init("merge", MergeView.json(merge))) }
        return .object(members)
    }
}
