import OrcaAPI
import OrcaDomain

/// `orca task wait`, `orca wait`
enum TaskWait {
    /// Milliseconds one call waits; shorter than the time a call may take.
    private static let sliceMS: Int64 = 25_000

    static var command: Command {
        Command(
            "wait", "Wait until a task is completed, failed or canceled.", arguments: [TaskCommands.argument],
            flags: [.value("for", .duration, "DURATION", "Give up after this long, with exit code 124; never.")],
            discussion: "The exit code is 0 when it was completed, and 1 when it failed or was canceled.", run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let end = call.milliseconds("for").map { call.context.now() + $0 }
        var request = OrcaV1.WaitTaskRequest()
        request.workspace = call.workspace
        request.task = call.required("task")
        while true {
            let left = end.map { max(0, $0 - call.context.now()) } ?? sliceMS
            request.waitMs = Int32(min(left, sliceMS))
            let response = try call.call(Operations.waitTask, request)
            if response.done {
                call.answer(response) { TaskView.line(response.task, call) }
                call.exitCode = response.task?.status == .completed ? 0 : 1
                return
            }
            if let end, call.context.now() >= end {
                throw APIError(
                    "timeout", .deadlineExceeded,
                    "\(request.task) is not done yet. See why with 'orca explain \(request.task)'.")
            }
        }
    }
}
