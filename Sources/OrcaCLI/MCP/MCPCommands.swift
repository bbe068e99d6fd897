import OrcaAPI
import OrcaAgents
import OrcaConnect
import OrcaMCP
import OrcaSupport

/// `orca mcp`
enum MCPCommands {
    static var command: Command {
        Command(
            "mcp", "Serve the Model Context Protocol on standard input and output.", section: .workers,
            discussion: """
                Coding agents start this program themselves and get two tools: execute runs JavaScript against every \
                operation of Orca, in a sandbox and with your rights; search finds operations. It speaks the revisions \
                \(MCPRevision.allCases.map(\.rawValue).joined(separator: ", ")), one message a line, and ends when its \
                input does.
                """,
            examples: [
                .init("orca mcp install --agent claude", "Tell Claude Code about it."),
                .init("codex mcp add orca -- orca mcp", "The same with Codex's own command."),
            ], children: { MCPInstall.commands }, run: serve)
    }

    private static func serve(_ call: Invocation) throws(APIError) {
        if call.context.inputIsTerminal {
            call.note("This command is for programs: it reads one JSON-RPC message a line. Control-D ends it.")
        }
        let server = MCPServer(workspace: call.workspace, documents: documents)
        var options = try call.connectOptions
        let pipe = MCPPipe(server) { (stop) throws(APIError) in
            options.stop = stop
            return try call.context.connect(options)
        }
        pipe.run()
    }

    /// What a client can read about Orca.
    static var documents: [MCPDocument] {
        Skill.all.map {
            MCPDocument(uri: "orca://skills/\($0.name)", name: $0.name, description: $0.description, text: $0.body)
        }
    }
}
