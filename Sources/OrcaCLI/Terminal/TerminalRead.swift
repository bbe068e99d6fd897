import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// `orca terminal read`
enum TerminalRead {
    static var command: Command {
        ContractCommand.verb(
            "read", "Read what a terminal wrote.",
            flags: [
                TerminalPlace.terminalFlag,
                .value("cursor", .text, "N", "Only finished lines from this number on (`nextCursor` of an answer)."),
                .value("limit", .integer(1...Int64(Int32.max)), "N", "Lines; 120 of the newest unless given."),
                .toggle("screen", "What a person would see at this moment."),
            ],
            discussion: """
                The last 2,000 lines are kept. A program that paints the whole screen may leave no lines; then the \
                screen is shown instead.
                """,
            examples: [
                .init("orca terminal read --terminal term_… --limit 40", "The last 40 lines."),
                .init("orca terminal read --terminal term_… --screen --json", "The screen of an agent."),
            ], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.ReadTerminalRequest()
        request.workspace = call.workspace
        request.cursor = try cursor(call)
        request.limit = Int32(clamping: try call.positiveInteger("limit") ?? 0)
        request.screen = call.isOn("screen")
        request.terminal = try TerminalPlace.terminal(call)
        let response = try call.call(Operations.readTerminal, request)
        var result: JSONValue = [
            "handle": .string(request.terminal), "status": .string(response.status),
            "tail": .array(response.lines.map { .string($0) }), "truncated": .bool(response.truncated),
            "limited": .bool(response.limited), "oldestCursor": .string(String(response.oldestCursor)),
            "nextCursor": .string(String(response.nextCursor)), "latestCursor": .string(String(response.latestCursor)),
            "returnedLineCount": .whole(response.lines.count),
        ]
        if response.fromScreen {
            result = result.adding([
                "source": "screen",
                "screenCursor": ["row": .whole(response.cursorRow), "column": .whole(response.cursorColumn)],
            ])
        }
        return ContractAnswer(["terminal": result], response.lines.joined(separator: "\n"))
    }

    private static func cursor(_ call: ContractCall) throws(APIError) -> Int64? {
        guard let text = call.text("cursor") else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text) else {
            throw .invalid("Invalid --cursor: must be a non-negative integer")
        }
        return number
    }
}
