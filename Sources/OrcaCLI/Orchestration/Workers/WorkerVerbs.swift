import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration worker-list` and `worker-show`
enum WorkerLook {
    static var list: Command {
        ContractCommand.verb(
            "worker-list", "List the workers that are busy.",
            flags: [.value("run", .text, "RUN", "Only those of this run.")],
            examples: [.init("orca orchestration worker-list --json", "Who works on what, and whether it lives.")],
            body: { (call) throws(APIError) in
                let lookup = WorkerLookup(call)
                let live = try lookup.live(run: call.text("run") ?? "")
                let terminals = live.isEmpty ? [:] : try lookup.terminals()
                let rows = live.map { WorkerRow(dispatch: $0, terminal: terminals[$0.terminal]) }
                return ContractAnswer(
                    ["workers": .array(rows.map(\.json)), "count": .whole(rows.count)],
                    rows.isEmpty ? "No workers." : rows.map(\.line).joined(separator: "\n"))
            })
    }

    static var show: Command {
        ContractCommand.verb(
            "worker-show", "Show one worker, also after its end.", flags: WorkerLookup.flags,
            examples: [.init("orca orchestration worker-show --task task_1 --json", "")],
            body: { (call) throws(APIError) in
                let row = try WorkerLookup(call).named()
                return ContractAnswer(["worker": row.json], row.line)
            })
    }
}

/// `orca orchestration worker-stop` and `worker-release`
enum WorkerEndVerbs {
    static var stop: Command {
        ContractCommand.verb(
            "worker-stop", "End a worker; its task is ready again, without a failure counted.", changes: true,
            flags: WorkerLookup.flags + [
                .value("reason", .text, "TEXT", "Why; it stands with the attempt."),
                .toggle("cancel-task", "Cancel the task instead of giving it back."),
            ],
            discussion: """
                First its right to the task ends, then its program: nothing it still says counts. What it wrote stays in \
                its worktree, and the terminal stays readable until `worker-release`.
                """,
            examples: [.init("orca orchestration worker-stop --task task_1 --json", "Somebody else can have it.")],
            body: stopWorker)
    }

    static var release: Command {
        ContractCommand.verb(
            "worker-release", "Close the terminal of a worker that is done.", changes: true,
            flags: WorkerLookup.flags,
            examples: [.init("orca orchestration worker-release --dispatch ctx_1 --json", "")],
            body: releaseWorker)
    }

    private static func stopWorker(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var row = try WorkerLookup(call).named()
        let reason = call.text("reason") ?? "its worker was stopped"
        if row.dispatch.status == .dispatched { try end(row.dispatch, reason, call) }
        var ended = 0
        if let terminal = row.terminal, terminal.state != .exited {
            var request = OrcaV1.StopTerminalsRequest()
            request.workspace = call.workspace
            request.terminal = terminal.handle
            ended = Int(try call.call(Operations.stopTerminals, request).stopped)
        }
        row.isStopped = true
        return ContractAnswer(
            ["worker": row.json, "stopped": true, "terminalsStopped": .whole(ended)],
            "Stopped \(row.dispatch.id) (\(row.dispatch.taskRef))")
    }

    private static func end(_ dispatch: OrcaV1.Dispatch, _ reason: String, _ call: ContractCall) throws(APIError) {
        if call.isOn("cancel-task") {
            var request = OrcaV1.CancelTaskRequest()
            request.workspace = call.workspace
            request.task = dispatch.task
            request.reason = reason
            _ = try call.call(Operations.cancelTask, request)
        } else {
            var request = OrcaV1.ReleaseTaskRequest()
            request.workspace = call.workspace
            request.task = dispatch.task
            request.token = dispatch.token
            request.reason = reason
            _ = try call.call(Operations.releaseTask, request)
        }
    }

    private static func releaseWorker(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        let row = try WorkerLookup(call).named()
        guard row.dispatch.status != .dispatched else {
            throw .contract(
                ErrorCode.terminalBusy.rawValue, .conflict,
                "Dispatch \(row.dispatch.id) is not over: its worker still has the task \(row.dispatch.taskRef)",
                next: ["End it with 'orca orchestration worker-stop --dispatch \(row.dispatch.id)'."])
        }
        let other = try WorkerLookup(call).live().first { $0.terminal == row.dispatch.terminal }
        if let other {
            throw .contract(
                ErrorCode.terminalBusy.rawValue, .conflict,
                "Terminal \(other.terminal) has another task by now: \(other.taskRef) (\(other.id))")
        }
        guard row.terminal != nil else {
            return ContractAnswer(["worker": row.json, "released": false], "Its terminal is closed already.")
        }
        var request = OrcaV1.CloseTerminalRequest()
        request.workspace = call.workspace
        request.terminal = row.dispatch.terminal
        _ = try call.call(Operations.closeTerminal, request)
        return ContractAnswer(
            ["worker": row.json, "released": true], "Released \(row.dispatch.terminal) of \(row.dispatch.id)")
    }
}
