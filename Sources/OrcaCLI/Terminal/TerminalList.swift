import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// `orca terminal list` and `show`
enum TerminalList {
    static var command: Command {
        ContractCommand.verb(
            "list", "List terminals, the oldest first.",
            flags: [
                TerminalPlace.worktreeFlag,
                .value("limit", .integer(1...Int64(Int32.max)), "N", "At most so many; 200 unless given."),
            ],
            examples: [.init("orca terminal list --json | jq -r '.result.terminals[].handle'", "All handles.")],
            body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.ListTerminalsRequest()
        request.workspace = call.workspace
        request.limit = Int32(clamping: try call.positiveInteger("limit") ?? 0)
        if let place = try TerminalPlace.named(call) {
            if place.worktree.isEmpty { request.directory = place.directory } else { request.worktree = place.worktree }
        }
        let page = try call.call(Operations.listTerminals, request)
        let lines = page.terminals.map { TerminalRow.line($0) }
        return ContractAnswer(
            [
                "terminals": .array(page.terminals.map { TerminalRow.json($0) }), "totalCount": .whole(page.totalCount),
                "truncated": .bool(page.truncated),
            ], lines.isEmpty ? "No terminals." : lines.joined(separator: "\n"))
    }

    static var show: Command {
        ContractCommand.verb(
            "show", "Show one terminal.", flags: [TerminalPlace.terminalFlag],
            examples: [.init("orca terminal show --terminal term_… --json", "Its state and its last lines.")],
            body: { (call) throws(APIError) in
                var request = OrcaV1.GetTerminalRequest()
                request.workspace = call.workspace
                request.terminal = try TerminalPlace.terminal(call)
                let terminal = try call.call(Operations.getTerminal, request).terminal ?? OrcaV1.Terminal()
                let result = TerminalRow.json(terminal).adding([
                    "paneRuntimeId": .text(terminal.paneId), "rendererGraphEpoch": 0,
                ])
                let preview = terminal.preview.isEmpty ? "" : "\n\n" + terminal.preview
                return ContractAnswer(["terminal": result], TerminalRow.line(terminal) + preview)
            })
    }
}
