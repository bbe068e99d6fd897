import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration run-stop`
enum RunStop {
    private static let runsMax: Int32 = 64

    static var command: Command {
        ContractCommand.verb(
            "run-stop", "Stop a run at once; what its workers do goes on.", changes: true,
            flags: [
                .value("run", .text, "RUN", "The run; by default the caller's, or the only one."),
                ContractIdentity.flag("from", "Whose run;"),
                .toggle("cancel-work", "Cancel what its workers do as well."),
            ],
            examples: [.init("orca orchestration run-stop --json", "Nothing more is handed out.")], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.StopRunRequest()
        request.workspace = call.workspace
        let named = call.text("run")
        request.run = if let named { named } else { try own(call) }
        request.cancelWork = call.isOn("cancel-work")
        let run = try call.call(Operations.stopRun, request).run ?? OrcaV1.Run()
        return ContractAnswer(["runId": .string(run.id), "stopped": true], "Stopped \(run.id)")
    }

    private static func own(_ call: ContractCall) throws(APIError) -> String {
        var request = OrcaV1.ListRunsRequest()
        request.workspace = call.workspace
        request.status = .running
        request.limit = runsMax
        let live = try call.call(Operations.listRuns, request).runs
        let caller = ContractIdentity.known(call, flag: "from")
        if let mine = live.first(where: { caller != nil && $0.coordinator == caller }) { return mine.id }
        guard let only = live.first else {
            throw .contract(ErrorCode.runNotFound.rawValue, .notFound, "No active coordinator run")
        }
        guard live.count == 1 else {
            throw .contract(
                "selector_ambiguous", .conflict, "\(live.count) coordinator runs are active, and none of them is yours",
                next: live.map { "Stop one with --run \($0.id) (\($0.project))." })
        }
        return only.id
    }
}
