import OrcaAPI

/// `orca task progress`, `orca progress`
enum TaskProgress {
    static var command: Command {
        Command(
            "progress", "Say how far the work is; renews the lease.", changes: true,
            arguments: [HeldTask.argument],
            flags: [
                HeldTask.tokenFlag, .value("message", short: "m", .text, "TEXT", "What is going on.", required: true),
                .value("percent", .integer(0...100), "N", "How much is done."),
            ],
            examples: [.init("orca progress API-12 -m 'Tests written' --percent 60", "Shown by `orca watch`.")],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let held = try HeldTask.resolve(call)
        var request = OrcaV1.ReportProgressRequest()
        request.workspace = call.workspace
        request.task = held.task
        request.token = held.token
        request.message = call.required("message")
        request.percent = call.integer32("percent") ?? 0
        let response = try call.call(Operations.reportProgress, request)
        call.answer(response) { LeaseView.line(response.lease, call) }
    }
}
