import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// `orca terminal rename` and `focus`
enum TerminalArrange {
    static var rename: Command {
        ContractCommand.verb(
            "rename", "Set a terminal's title.", changes: true,
            flags: [
                TerminalPlace.terminalFlag,
                .value("title", .text, "TEXT", "What people see; without it the program says again."),
            ],
            examples: [.init("orca terminal rename --terminal term_… --title reviewer", "Call it so.")],
            body: { (call) throws(APIError) in
                var request = OrcaV1.RenameTerminalRequest()
                request.workspace = call.workspace
                request.title = call.text("title") ?? ""
                request.terminal = try TerminalPlace.terminal(call)
                let terminal = try call.call(Operations.renameTerminal, request).terminal ?? OrcaV1.Terminal()
                return ContractAnswer(
                    [
                        "rename": [
                            "handle": .string(terminal.handle), "tabId": .string(terminal.tabId),
                            "title": .text(request.title),
                        ]
                    ], request.title.isEmpty ? "Cleared the title" : "Renamed terminal to \(request.title)")
            })
    }

    static var focus: Command {
        ContractCommand.verb(
            "focus", "Bring a terminal before the people who are attached.", aliases: ["switch"], changes: true,
            flags: [TerminalPlace.terminalFlag],
            examples: [.init("orca terminal focus --terminal term_…", "Show it.")],
            body: { (call) throws(APIError) in
                var request = OrcaV1.FocusTerminalRequest()
                request.workspace = call.workspace
                request.terminal = try TerminalPlace.terminal(call)
                let terminal = try call.call(Operations.focusTerminal, request).terminal ?? OrcaV1.Terminal()
                return ContractAnswer(
                    [
                        "focus": [
                            "handle": .string(terminal.handle), "tabId": .string(terminal.tabId),
                            "worktreeId": .text(terminal.worktree),
                        ]
                    ], "Focused terminal \(terminal.handle)")
            })
    }
}
