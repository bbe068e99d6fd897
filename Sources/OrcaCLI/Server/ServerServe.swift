import OrcaAPI
import OrcaConnect

/// `orca serve`
enum ServerServe {
    static var command: Command {
        Command(
            "serve", "Run the server in the foreground; what follows -- goes to orcad.", section: .server,
            rest: .init("FLAGS", "Flags of orcad; see 'orcad --help'.", required: false),
            discussion:
                "Other commands start the server by themselves when none runs. Use this under a service manager, or to listen on TCP.",
            examples: [.init("orca serve -- --listen 127.0.0.1:7070", "Also on TCP, with tokens.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let program = try ServerProgram.find(try call.connectOptions)
        call.context.out.flush()
        try call.context.host.become(program, ["serve"] + call.rest)
    }
}
