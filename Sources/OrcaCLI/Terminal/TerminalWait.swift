import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca terminal wait`
enum TerminalWait {
    static var command: Command {
        ContractCommand.verb(
            "wait", "Wait for a terminal's program to end or for its agent to be ready.",
            flags: [
                TerminalPlace.terminalFlag,
                .value("for", .text, "WHAT", "exit or tui-idle.", required: true),
                .value(
                    "timeout-ms", .integer(1...Int64(Int32.max)), "N", "Give up after this long; 300000 unless given."),
            ],
            discussion: """
                A dialog that keeps the agent from becoming ready ends the wait with `satisfied: false` and a \
                `blockedReason` (exit code 1); an agent whose program ended, with the reason `agent-exited`. When the \
                time is up that is an error with the code `timeout`.
                """,
            examples: [
                .init("orca terminal wait --terminal term_… --for tui-idle --timeout-ms 60000 --json", "Ready?"),
                .init("orca terminal wait --terminal term_… --for exit", "Until it has ended."),
            ], body: run)
    }

    private static let timeoutStandardMS: Int64 = 300_000

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.WaitTerminalRequest()
        request.workspace = call.workspace
        let condition = try call.required("for")
        switch condition {
        case "exit": request.condition = .exit
        case "tui-idle": request.condition = .tuiIdle
        default: throw .invalid("Invalid --for value. Supported: exit, tui-idle")
        }
        let timeout = try call.positiveInteger("timeout-ms") ?? timeoutStandardMS
        request.terminal = try TerminalPlace.terminal(call)
        let question = request
        let found = try PatientWait(call, milliseconds: timeout).until {
            (stepMS) throws(APIError) -> OrcaV1.WaitTerminalResponse? in
            var step = question
            step.waitMs = stepMS
            let response = try call.callPatiently(Operations.waitTerminal, step)
            return response.timedOut ? nil : response
        }
        guard let found else {
            throw .contract(
                "wait_timeout", .deadlineExceeded, "timeout",
                next: ["It did not happen within \(timeout) ms. Look at it with 'orca terminal read --screen'."])
        }
        return answer(found, request.terminal, condition)
    }

    private static func answer(
        _ found: OrcaV1.WaitTerminalResponse, _ handle: String, _ condition: String
    ) -> ContractAnswer {
        var wait: JSONValue = [
            "handle": .string(handle), "condition": .string(condition), "satisfied": .bool(found.satisfied),
            "status": .string(found.status), "exitCode": found.exitCode.map { .whole($0) } ?? .null,
        ]
        if !found.blockedReason.isEmpty {
            wait = wait.adding(["blockedReason": .string(found.blockedReason)])
        }
        let text =
            found.satisfied
            ? "\(handle): \(condition == "exit" ? "exited\(found.exitCode.map { " with code \($0)" } ?? "")" : "idle")"
            : "\(handle): blocked (\(found.blockedReason))"
        return ContractAnswer(["wait": wait], text, exitCode: found.satisfied ? 0 : 1)
    }
}
