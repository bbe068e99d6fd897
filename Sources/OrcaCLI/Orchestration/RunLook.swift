import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// Runs as the orchestration commands show them.
enum RunRow {
    private static let goalColumnsMax = 60
    private static let order = ["ready", "dispatched", "pending", "blocked", "completed", "failed", "canceled"]

    static func json(_ run: OrcaV1.Run) -> JSONValue {
        let counts = run.taskCounts.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .whole($0.value)) }
        let row: JSONValue = [
            "id": .string(run.id), "spec": .string(run.spec), "status": .string(run.status.protoName),
            "phase": .string(run.phase.protoName), "project": .string(run.project),
            "coordinator_handle": .text(run.coordinator), "max_concurrent": .whole(run.settings?.maxConcurrent ?? 0),
            "tasks": .object(counts), "report": .text(run.report), "created_at": .time(run.createdAt),
            "completed_at": .time(run.completedAt),
        ]
        guard let server = run.server else { return row }
        return row.adding(["server": ServerPlaceRow.json(server)])
    }

    static func line(_ run: OrcaV1.Run) -> String {
        let state = run.status == .running ? "running, \(run.phase.protoName)" : run.status.protoName
        let place = run.server.map { ", \(ServerPlaceRow.words($0))" } ?? ""
        return "\(run.id) [\(state)\(place)] \(run.project) \(progress(run)): \(goal(run))"
    }

    /// `3 of 7 completed, 2 dispatched, 2 pending`
    static func progress(_ run: OrcaV1.Run) -> String {
        let total = run.taskCounts.values.reduce(0, +)
        let others = order.filter { $0 != "completed" && (run.taskCounts[$0] ?? 0) > 0 }
            .map { ", \(run.taskCounts[$0] ?? 0) \($0)" }
        return "\(run.taskCounts["completed"] ?? 0) of \(total) completed" + others.joined()
    }

    static func goal(_ run: OrcaV1.Run) -> String {
        TextWidth.fit(run.spec.split(whereSeparator: \.isWhitespace).joined(separator: " "), goalColumnsMax)
    }
}

/// `orca orchestration run-list`
enum RunList {
    private static let statuses = ["running", "completed", "failed", "stopped"]
    private static let rowsStandard: Int64 = 20

    static var command: Command {
        ContractCommand.verb(
            "run-list", "List coordinator runs, the newest first.",
            flags: [
                .value("status", .choice(statuses), "STATUS", "Only these."),
                .value("limit", .integer(1...1000), "N", "At most this many; 20."),
            ],
            examples: [.init("orca orchestration run-list --status running --json", "What goes on.")], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.ListRunsRequest()
        request.workspace = call.workspace
        request.limit = Int32(clamping: try call.positiveInteger("limit") ?? rowsStandard)
        if let word = call.text("status") {
            guard statuses.contains(word), let status = OrcaV1.Run.Status(protoName: word) else {
                throw .invalid("invalid status '\(word)', expected one of: \(statuses.joined(separator: ", "))")
            }
            request.status = status
        }
        let runs = try call.call(Operations.listRuns, request).runs
        let result: JSONValue = ["runs": .array(runs.map { RunRow.json($0) }), "count": .whole(runs.count)]
        return ContractAnswer(
            result, runs.isEmpty ? "No runs." : runs.map { RunRow.line($0) }.joined(separator: "\n"))
    }
}

/// `orca orchestration run-show`
enum RunShow {
    static var command: Command {
        ContractCommand.verb(
            "run-show", "Show a run, its workers, and how it ended.",
            flags: [.value("run", .text, "RUN", "The run; the newest one.")],
            examples: [.init("orca orchestration run-show --run run_1 --json", "How far it is.")], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        let run = if let id = call.text("run") { try find(id, call) } else { try newest(call) }
        var request = OrcaV1.ListDispatchesRequest()
        request.workspace = call.workspace
        request.run = run.id
        let workers = try call.call(Operations.listDispatches, request).dispatches
        let row = RunRow.json(run).adding(["workers": .array(workers.map { DispatchRow.json($0) })])
        var lines = [RunRow.line(run)] + workers.map { DispatchRow.line($0) }
        if !run.report.isEmpty { lines += ["", run.report] }
        return ContractAnswer(["run": row], lines.joined(separator: "\n"))
    }

    private static func newest(_ call: ContractCall) throws(APIError) -> OrcaV1.Run {
        var request = OrcaV1.ListRunsRequest()
        (request.workspace, request.limit) = (call.workspace, 1)
        if let run = try call.call(Operations.listRuns, request).runs.first { return run }
        throw APIError("run_not_found", .notFound, "No runs. Start one with 'orca orchestration run'.")
    }

    static func find(_ id: String, _ call: ContractCall) throws(APIError) -> OrcaV1.Run {
        var request = OrcaV1.GetRunRequest()
        request.workspace = call.workspace
        request.run = id
        return try call.call(Operations.getRun, request).run ?? OrcaV1.Run()
    }
}
