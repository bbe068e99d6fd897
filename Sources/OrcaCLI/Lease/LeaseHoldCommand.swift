import OrcaAPI
import OrcaDomain
import OrcaWorker

/// `orca lease hold`
enum LeaseHoldCommand {
    static var command: Command {
        Command(
            "hold", "Keep a lease alive while a process lives and is not stopped.", changes: true,
            arguments: [HeldTask.argument],
            flags: [
                HeldTask.tokenFlag,
                .value(
                    "pid", .integer(1...Int64(Int32.max)), "PID", "The process whose life keeps the lease.",
                    required: true),
                .toggle("release", "Give the task back when the process has ended; otherwise the lease runs out."),
            ],
            discussion: "Ends with 0 when the process has ended, and with 4 when the lease was lost before.",
            examples: [.init("orca lease hold API-12 --pid $$ &", "The shell holds the task.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let held = try HeldTask.resolve(call)
        let pid = call.integer32("pid") ?? 0
        var hold = LeaseHold(task: held.task, token: held.token, pid: pid)
        hold.workspace = call.workspace
        let progress = WorkProgress(call)
        let client = try call.client()
        let end = try Interruption.watching { (stop) throws(APIError) in
            try hold.run(client: client, stop: stop, observer: progress.observer)
        }
        switch end {
        case .lost(let reason): throw APIError("lease_lost", .conflict, reason)
        case .stopped: call.note("Stopped; the lease runs out by itself, or renew it with 'orca renew \(held.task)'.")
        case .processEnded:
            call.note("Process \(pid) has ended.")
            if call.isOn("release") { try release(held, "process \(pid) has ended", call) }
        }
    }

    private static func release(_ held: HeldTask, _ reason: String, _ call: Invocation) throws(APIError) {
        var request = OrcaV1.ReleaseTaskRequest()
        request.workspace = call.workspace
        request.task = held.task
        request.token = held.token
        request.reason = reason
        let response = try call.call(Operations.releaseTask, request)
        held.forget(call)
        call.answer(response) { TaskView.line(response.task, call) }
    }
}
