import OrcaAPI
import OrcaDomain

/// `orca task wait`, `orca wait`
enum TaskWait {
    /// Milliseconds one call waits; shorter than the time a call may take.
    private static let sliceMS: Int64 = 25_000
    /// Milliseconds that the server and this clock may differ about the end.
    private static let graceMS: Int64 = 250

    static var command: Command {
        Command(
            "wait", "Wait until a task is completed, failed or canceled.", arguments: [TaskCommands.argument],
            flags: [
                .value(
                    "for", .duration, "DURATION",
                    "Give up after this long, with exit code 124; else when --timeout says, else never.")
            ],
            discussion: "The exit code is 0 when it was completed, and 1 when it failed or was canceled.", run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        // Who says --timeout to a command that waits means the waiting.
        let end = (call.milliseconds("for") ?? call.milliseconds("timeout")).map { call.context.now() + $0 }
        var request = OrcaV1.WaitTaskRequest()
        request.workspace = call.workspace
        request.task = call.required("task")
        while true {
            let left = end.map { max(0, $0 - call.context.now()) } ?? sliceMS
            request.waitMs = Int32(min(left, sliceMS))
            let response = try wait(request, until: end, call)
            if response.done {
                call.answer(response) { TaskView.line(response.task, call) }
                call.exitCode = response.task?.status == .completed ? 0 : 1
                return
            }
            if let end, call.context.now() >= end {
                throw notDone(request)
            }
        }
    }

    /// A call that took all the time there was is a task that is not done yet.
    private static func wait(
        _ request: OrcaV1.WaitTaskRequest, until end: Int64?, _ call: Invocation
    ) throws(APIError) -> OrcaV1.WaitTaskResponse {
        do throws(APIError) {
            return try call.call(Operations.waitTask, request)
        } catch {
            guard error.category == .deadlineExceeded, let end, call.context.now() + graceMS >= end else { throw error }
            throw notDone(request)
        }
    }

    private static func notDone(_ request: OrcaV1.WaitTaskRequest) -> APIError {
        APIError(
            "timeout", .deadlineExceeded,
            "\(request.task) is not done yet. See why with 'orca explain \(request.task)'.")
    }
}
