import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// `orca terminal stop` and `close`
enum TerminalEnd {
    static var stop: Command {
        ContractCommand.verb(
            "stop", "End the program of one terminal, or of all in a worktree.", changes: true,
            flags: [
                .value("terminal", .text, "HANDLE", "Only this terminal."),
                .value("worktree", .text, "SELECTOR", "All of this worktree: active, path:<directory>, id:<worktree>."),
            ],
            discussion: "Every process that came from it is ended; what it wrote can still be read.",
            examples: [.init("orca terminal stop --worktree active --json", "Everything that runs here.")],
            body: { (call) throws(APIError) in
                var request = OrcaV1.StopTerminalsRequest()
                request.workspace = call.workspace
                if let handle = call.text("terminal") {
                    request.terminal = handle
                } else if let place = try TerminalPlace.named(call) {
                    if place.worktree.isEmpty {
                        request.directory = place.directory
                    } else {
                        request.worktree = place.worktree
                    }
                } else {
                    throw .invalid("Missing required --worktree")
                }
                let stopped = try call.call(Operations.stopTerminals, request).stopped
                return ContractAnswer(
                    ["stopped": .whole(stopped)], "Stopped \(stopped) terminal\(stopped == 1 ? "" : "s")")
            })
    }

    static var close: Command {
        ContractCommand.verb(
            "close", "End a terminal's program and remove the terminal.", changes: true,
            flags: [TerminalPlace.terminalFlag],
            examples: [.init("orca terminal close --terminal term_… --json", "It cannot be read any more.")],
            body: { (call) throws(APIError) in
                var request = OrcaV1.CloseTerminalRequest()
                request.workspace = call.workspace
                request.terminal = try TerminalPlace.terminal(call)
                let response = try call.call(Operations.closeTerminal, request)
                return ContractAnswer(
                    [
                        "close": [
                            "handle": .string(request.terminal), "tabId": .string(response.tabId),
                            "ptyKilled": .bool(response.ended),
                        ]
                    ], "Closed terminal \(request.terminal)")
            })
    }
}
