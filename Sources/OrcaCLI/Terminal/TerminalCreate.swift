import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// `orca terminal create`
enum TerminalCreate {
    static var command: Command {
        ContractCommand.verb(
            "create", "Open a terminal.", changes: true,
            flags: [
                TerminalPlace.worktreeFlag, .value("title", .text, "TEXT", "What people see."),
                .value("command", .text, "LINE", "A line for the shell; the shell stays when it has ended."),
                .toggle("focus", "Bring it before the people who are attached."),
                .value("agent", .text, "KIND", "Which agent the command starts, when its name does not tell."),
            ],
            examples: [
                .init("orca terminal create --worktree active --title worker-1 --command claude --json", "An agent."),
                .init("orca terminal create --json", "A shell in the directory here."),
            ], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        let place = try TerminalPlace.named(call) ?? TerminalPlace.here(call)
        var request = OrcaV1.CreateTerminalRequest()
        request.workspace = call.workspace
        request.directory = place.directory
        request.worktree = place.worktree
        request.title = call.text("title") ?? ""
        request.command = call.text("command") ?? ""
        request.agentKind = call.text("agent") ?? ""
        request.focus = call.isOn("focus")
        let response = try call.call(Operations.createTerminal, request)
        let terminal = response.terminal ?? OrcaV1.Terminal()
        return ContractAnswer(
            ["terminal": TerminalRow.created(terminal, warning: response.warning)],
            "Created terminal \(terminal.handle)\(terminal.title.isEmpty ? "" : " (\(terminal.title))")")
    }
}

/// `orca terminal split`
enum TerminalSplitCommand {
    static var command: Command {
        ContractCommand.verb(
            "split", "Open a terminal beside another one.", changes: true,
            flags: [
                TerminalPlace.terminalFlag,
                .value(
                    "direction", .choice(["horizontal", "vertical"]), "WAY",
                    "horizontal (side by side, the default) or vertical (one above the other)."),
                .value("command", .text, "LINE", "A line for the shell; the shell stays when it has ended."),
            ],
            examples: [.init("orca terminal split --terminal term_… --command 'npm test' --json", "Tests beside it.")],
            body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.SplitTerminalRequest()
        request.workspace = call.workspace
        switch call.text("direction") ?? "horizontal" {
        case "horizontal": request.direction = .horizontal
        case "vertical": request.direction = .vertical
        default: throw .invalid("Invalid --direction value. Supported: horizontal, vertical")
        }
        request.terminal = try TerminalPlace.terminal(call)
        request.command = call.text("command") ?? ""
        let terminal = try call.call(Operations.splitTerminal, request).terminal ?? OrcaV1.Terminal()
        return ContractAnswer(
            [
                "split": [
                    "handle": .string(terminal.handle), "tabId": .string(terminal.tabId),
                    "paneRuntimeId": .text(terminal.paneId),
                ]
            ], "Created terminal \(terminal.handle)")
    }
}
