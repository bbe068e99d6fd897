import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration watch`
enum BoardWatch {
    static var command: Command {
        ContractCommand.live(
            "watch", "Live view of runs, workers, decisions and mail; q quits.",
            flags: [.value("run", .text, "RUN", "Only this run; the view ends with it.")],
            discussion: """
                In a pipe it prints how things stand, and then a line for everything that happens; with `--json` an object \
                a line: first `{"snapshot": …}`, then `{"event": …}`, and `{"ended": …}` when the named run has ended. The \
                exit code is 0 when that run was completed and 1 when it was not; Ctrl-C ends the view only.
                """,
            examples: [
                .init("orca orchestration watch", "Everything, on a terminal."),
                .init("orca orchestration watch --run run_1 --json", "One run, for a program."),
            ], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> Int32 {
        let run = call.text("run") ?? ""
        // Events from here on are looked at after the first reading, so that nothing falls between the two.
        let newest = try newest(call)
        var model = BoardModel()
        let client = try call.base.client()
        try model.refresh(client, workspace: call.workspace, run: run)
        let context = call.base.context
        if context.outputIsTerminal, context.inputIsTerminal, !call.base.isJSON {
            return try BoardView(call, run: run).show(&model, after: newest)
        }
        var feed = BoardFeed(call, run: run)
        return try feed.follow(&model, after: newest)
    }

    /// The number of the newest event.
    private static func newest(_ call: ContractCall) throws(APIError) -> Int64 {
        var request = OrcaV1.ListEventsRequest()
        request.workspace = call.workspace
        request.newestFirst = true
        request.limit = 1
        return try call.call(Operations.listEvents, request).events.first?.sequence ?? 0
    }

    /// What a watcher of the board looks at.
    static func isShown(_ event: OrcaV1.Event) -> Bool {
        ["run.", "gate.", "message.", "dispatch.", "task.", "terminal.exited", "lease.expired"]
            .contains { event.type.hasPrefix($0) }
    }

    /// The exit code for a run that has ended.
    static func exitCode(_ run: OrcaV1.Run) -> Int32 { run.status == .completed ? 0 : 1 }
}
