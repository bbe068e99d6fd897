import CLinux
import Glibc
import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca lease hold`
enum LeaseHold {
    static var command: Command {
        Command(
            "hold", "Keep a lease alive while a process lives.", changes: true, arguments: [HeldTask.argument],
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
        let process = orca_pidfd_open(pid)
        guard process >= 0 else {
            throw APIError("process_not_found", .notFound, "There is no process \(pid). Give the pid of a living one.")
        }
        defer { close(process) }
        var request = OrcaV1.RenewLeaseRequest()
        request.workspace = call.workspace
        request.task = held.task
        request.token = held.token
        while true {
            let lease = try call.call(Operations.renewLease, request).lease
            let renewAfter = lease?.renewAfter?.milliseconds ?? call.context.now() + 10_000
            let wait = min(3_600_000, max(200, renewAfter - call.context.now()))
            if !Poll.readable([process], until: .after(.milliseconds(wait))).isEmpty { break }
            // A stopped process is not alive: its lease is left to run out until it goes on.
            while isStopped(pid) {
                if !Poll.readable([process], until: .after(.seconds(1))).isEmpty { break }
            }
        }
        call.note("Process \(pid) has ended.")
        guard call.isOn("release") else { return }
        var release = OrcaV1.ReleaseTaskRequest()
        release.workspace = call.workspace
        release.task = held.task
        release.token = held.token
        release.reason = "process \(pid) has ended"
        let response = try call.call(Operations.releaseTask, release)
        held.forget(call)
        call.answer(response) { TaskView.line(response.task, call) }
    }

    private static func isStopped(_ pid: Int32) -> Bool {
        // The state is the first word after the command's closing bracket; see proc(5).
        guard let text = try? Files.readText("/proc/\(pid)/stat", limit: 4096), let bracket = text.lastIndex(of: ")")
        else { return false }
        let state = text[text.index(after: bracket)...].first { $0 != " " }
        return state == "T" || state == "t"
    }
}
