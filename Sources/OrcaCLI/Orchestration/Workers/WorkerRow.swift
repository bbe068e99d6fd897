import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// A worker: a terminal that a task was handed to.
struct WorkerRow {
    let dispatch: OrcaV1.Dispatch
    /// `nil` when it is not there any more.
    let terminal: OrcaV1.Terminal?
    /// Was ended just now; the dispatch is as it was before.
    var isStopped = false

    init(dispatch: OrcaV1.Dispatch, terminal: OrcaV1.Terminal?) {
        self.dispatch = dispatch
        self.terminal = terminal
    }

    /// `starting` until the prompt was taken, then `working`, and at the end `succeeded` or `failed`.
    var state: String {
        if isStopped { return "stopped" }
        switch dispatch.status {
        case .dispatched: return [.queued, .injecting].contains(dispatch.prompt) ? "starting" : "working"
        case .completed: return "succeeded"
        case .failed, .circuitBroken, .unspecified, .unrecognized: return "failed"
        }
    }

    var json: JSONValue {
        let isLive = terminal.map { $0.state != .exited } ?? false
        let isLost = terminal?.server?.lostSince != nil
        return [
            "id": .string(dispatch.id), "state": .string(state), "task_id": .string(dispatch.task),
            "task_ref": .string(dispatch.taskRef), "terminal_handle": .string(dispatch.terminal),
            "run_id": .text(dispatch.run), "agent": .text(terminal?.agentKind),
            "worktree_id": .text(terminal?.worktree), "directory": .text(terminal?.directory),
            "liveness": .string(isLost ? "lost" : isLive ? "live" : "exited"),
            "terminal_state": .text(terminal?.state.protoName), "blocked_reason": .text(terminal?.blockedReason),
            "dispatch": DispatchRow.json(dispatch),
        ]
    }

    var line: String {
        let place =
            terminal.map { terminal in
                let server = terminal.server.map { ", \(ServerPlaceRow.words($0))" } ?? ""
                return
                    "\(terminal.agentKind.isEmpty ? "shell" : terminal.agentKind), \(terminal.state.protoName)\(server)"
            } ?? "gone"
        return "\(dispatch.id) [\(state)] \(dispatch.taskRef) -> \(dispatch.terminal) (\(place))"
    }
}

/// Finds workers.
struct WorkerLookup {
    static let flags: [Flag] = [
        .value("dispatch", .text, "ID", "The worker of this dispatch (ctx_…)."),
        .value("task", .entity(.task), "TASK", "The newest worker of this task."),
        .value("terminal", .text, "HANDLE", "The worker in this terminal."),
    ]

    private let call: ContractCall

    init(_ call: ContractCall) {
        self.call = call
    }

    func live(run: String = "") throws(APIError) -> [OrcaV1.Dispatch] {
        var request = OrcaV1.ListDispatchesRequest()
        request.workspace = call.workspace
        request.run = run
        return try call.call(Operations.listDispatches, request).dispatches
    }

    /// The terminals that are there, by handle. Workers can be listed while there are none to be asked about.
    func terminals() throws(APIError) -> [String: OrcaV1.Terminal] {
        var request = OrcaV1.ListTerminalsRequest()
        request.workspace = call.workspace
        request.limit = Int32(Limits.liveTerminalsMax)
        let all = try call.call(Operations.listTerminals, request).terminals
        return Dictionary(all.map { ($0.handle, $0) }) { first, _ in first }
    }

    /// The worker that the flags name.
    func named() throws(APIError) -> WorkerRow {
        let given = Self.flags.filter { call.text($0.name) != nil }
        guard given.count == 1 else {
            throw .invalid(
                given.isEmpty ? "Missing required --dispatch" : "Name the worker in one way only.",
                next: [
                    "Pass one of --dispatch, --task, --terminal; 'orca orchestration worker-list' shows the workers."
                ])
        }
        let dispatch = try dispatch()
        return WorkerRow(dispatch: dispatch, terminal: try terminals()[dispatch.terminal])
    }

    private func dispatch() throws(APIError) -> OrcaV1.Dispatch {
        if let task = call.text("task") { return try newest(of: task) }
        let all = try live()
        if let handle = call.text("terminal") {
            if let found = all.first(where: { $0.terminal == handle }) { return found }
            throw notFound("No worker is busy in terminal \(handle)")
        }
        let id = call.text("dispatch") ?? ""
        if let found = all.first(where: { $0.id == id }) { return found }
        guard let attempt = DispatchRecord.attempt(shownAs: id) else { throw notFound("Dispatch not found: \(id)") }
        var request = OrcaV1.GetAttemptRequest()
        request.workspace = call.workspace
        request.attempt = attempt.text
        let task: String
        do throws(APIError) {
            task = try call.call(Operations.getAttempt, request).attempt?.task ?? ""
        } catch {
            guard error.category == .notFound else { throw error }
            throw notFound("Dispatch not found: \(id)")
        }
        let newest = try newest(of: task)
        guard newest.id == id else {
            throw notFound("Dispatch \(id) is over, and its task has had another one since: \(newest.id)")
        }
        return newest
    }

    private func newest(of task: String) throws(APIError) -> OrcaV1.Dispatch {
        var request = OrcaV1.GetDispatchRequest()
        request.workspace = call.workspace
        request.task = task
        do throws(APIError) {
            if let found = try call.call(Operations.getDispatch, request).dispatch { return found }
        } catch {
            throw BoardTask.restate(error, task)
        }
        throw notFound("Task \(task) was never dispatched")
    }

    private func notFound(_ message: String) -> APIError {
        .contract(
            ErrorCode.dispatchNotFound.rawValue, .notFound, message,
            next: ["'orca orchestration worker-list' shows who works."])
    }
}
