import OrcaAPI
import OrcaPlan
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration plan-submit`
enum PlanSubmit {
    static var command: Command {
        ContractCommand.verb(
            "plan-submit", "Hand in the plan that a run waits for.", changes: true,
            flags: [
                .value("run", .text, "RUN", "The run that asked for it.", required: true),
                .value(
                    "file", .file, "FILE", "YAML, JSON or Markdown by its ending; - reads standard input.",
                    required: true),
                PlanCommands.format,
            ],
            discussion: """
                The plan is checked first; every mistake is told with its place, and nothing is taken. Handed in again, it \
                replaces what was handed in before. Its tasks wait until the plan is approved, unless the run was started \
                with `--yes`.
                """,
            examples: [.init("orca orchestration plan-submit --run run_1 --file /tmp/plan.yaml --json", "")], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.SubmitRunPlanRequest()
        request.workspace = call.workspace
        request.run = try call.required("run")
        request.plan = try PlanCommands.read(try call.required("file"), call.base, format: try format(call))
        let run = try call.call(Operations.submitRunPlan, request).run ?? OrcaV1.Run()
        let name = request.plan?.name ?? ""
        let count = request.plan?.tasks.count ?? 0
        let waits = run.phase == .decomposing
        var answer = ContractAnswer(
            [
                "runId": .string(run.id), "phase": .string(run.phase.protoName), "plan": .string(name),
                "tasks": .whole(count), "awaitsApproval": .bool(waits),
            ], "Plan '\(name)' with \(count) task\(count == 1 ? "" : "s") is accepted.")
        if waits { answer.notes = ["It is carried out once somebody approves it: 'orca gates'."] }
        return answer
    }

    private static func format(_ call: ContractCall) throws(APIError) -> PlanFormat? {
        guard let word = call.text("format") else { return nil }
        guard let format = PlanFormat(rawValue: word) else {
            throw .invalid(
                "Invalid --format: \(word)",
                next: ["Use one of: \(PlanFormat.allCases.map(\.rawValue).joined(separator: ", "))."])
        }
        return format
    }
}
