import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// `orca terminal send`
enum TerminalSend {
    static var command: Command {
        ContractCommand.verb(
            "send", "Type into a terminal.", changes: true,
            flags: [
                TerminalPlace.terminalFlag, .value("text", .text, "TEXT", "What to type, as one paste."),
                .toggle("enter", "Press Enter, after the text if there is some."),
                .toggle("interrupt", "Press Ctrl-C instead."),
                .value(
                    "key", .text, "KEY",
                    "Press this key instead: enter, escape, tab, backspace, up, down, left, right, home, end, page-up, page-down or eof."
                ),
                .toggle("force", "Also while the agent is busy, a dialog is open or somebody types."),
                .value(
                    "wait-submit", .duration, "TIME",
                    "Wait until it shows that the text was taken; fails when that does not show in time."),
            ],
            discussion: """
                Control characters are taken out of the text, and Enter is pressed apart from it. Text is refused \
                (`accepted: false` with a `refusedReason`) while the agent works, while a permission prompt or dialog \
                is open, and while a person is typing there.
                """,
            examples: [
                .init("orca terminal send --terminal term_… --text 'Fix the tests' --enter --json", "A prompt."),
                .init("orca terminal send --terminal term_… --text 'ls' --enter --wait-submit 5s", "And make sure."),
                .init("orca terminal send --terminal term_… --interrupt", "Stop what runs there."),
            ], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.SendTerminalRequest()
        request.workspace = call.workspace
        request.text = call.text("text") ?? ""
        request.enter = call.isOn("enter")
        request.interrupt = call.isOn("interrupt")
        request.key = call.text("key") ?? ""
        request.force = call.isOn("force")
        guard !request.text.isEmpty || request.enter || request.interrupt || !request.key.isEmpty else {
            throw .invalid("Missing terminal send payload")
        }
        let verify = call.base.milliseconds("wait-submit")
        request.verifyMs = Int32(clamping: verify ?? 0)
        request.terminal = try TerminalPlace.terminal(call)
        let response = try call.callPatiently(Operations.sendTerminal, request)
        return answer(response, request, isVerified: verify != nil)
    }

    private static func answer(
        _ response: OrcaV1.SendTerminalResponse, _ request: OrcaV1.SendTerminalRequest, isVerified: Bool
    ) -> ContractAnswer {
        var send: JSONValue = [
            "handle": .string(request.terminal), "accepted": .bool(response.accepted),
            "bytesWritten": .integer(response.bytesWritten), "stage": .string(response.stage.protoName),
        ]
        if !response.refusedReason.isEmpty {
            send = send.adding([
                "refusedReason": .string(response.refusedReason), "explanation": .string(response.explanation),
            ])
        }
        guard response.accepted else {
            return ContractAnswer(
                ["send": send], "Nothing was sent (\(response.refusedReason)). \(response.explanation)", exitCode: 1)
        }
        let isUnconfirmed = isVerified && request.enter && response.stage != .submitted
        let text =
            isUnconfirmed
            ? "Sent \(response.bytesWritten) bytes to \(request.terminal); it did not show that they were taken."
            : "Sent \(response.bytesWritten) bytes to \(request.terminal)"
        return ContractAnswer(["send": send], text, exitCode: isUnconfirmed ? 1 : 0)
    }
}
