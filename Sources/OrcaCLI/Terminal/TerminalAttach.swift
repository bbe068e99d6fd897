import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca terminal attach`
enum TerminalAttach {
    static var command: Command {
        ContractCommand.verb(
            "attach", "Sit down at a terminal; leave it with Ctrl-B d.",
            flags: [
                TerminalPlace.terminalFlag,
                .toggle("print", "Only print the command that attaches."),
            ],
            discussion: "While you type there, nobody else's text is typed into it.",
            examples: [.init("orca terminal attach --terminal term_…", "See it, and type into it.")],
            body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.AttachTerminalRequest()
        request.workspace = call.workspace
        request.terminal = try TerminalPlace.terminal(call)
        let command = try call.call(Operations.attachTerminal, request).command
        guard let program = command.first else {
            throw .contract("terminals_unavailable", .unavailable, "The server does not know how to attach.")
        }
        let answer = ContractAnswer(
            ["attach": ["handle": .string(request.terminal), "command": .array(command.map { .string($0) })]],
            command.map { quoted($0) }.joined(separator: " "))
        let context = call.base.context
        if call.isOn("print") || call.base.isJSON { return answer }
        guard context.inputIsTerminal, context.outputIsTerminal else {
            throw .invalid(
                "Only a person at a terminal can attach.",
                next: ["Use --print to see the command, or 'orca terminal read --screen' to look."])
        }
        try context.host.become(program, Array(command.dropFirst()))
        return answer
    }

    /// For a shell.
    private static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "-_./=@%:,+".utf8.contains(byte)
            }
        return isPlain
            ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
