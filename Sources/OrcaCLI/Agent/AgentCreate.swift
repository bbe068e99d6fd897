import OrcaAPI
import OrcaProtobuf

/// `orca agent create`
enum AgentCreate {
    static var command: Command {
        Command(
            "create", "Register an agent, or refresh the one of that name.", aliases: ["register"], changes: true,
            arguments: [Argument("name", .text, "Its name, unique in the workspace.")],
            flags: [
                .value("kind", .choice(["cli", "human", "orchestrator", "runner"]), "KIND", "What it is; cli."),
                .value("tool", .text, "NAME", "The program behind it: claude, codex or another."),
                .list("tag", .text, "TAG", "What it is good for. Commas separate several."),
                .list("capability", .pair, "KEY=VALUE", "A fact that tasks may require: os=linux."),
                .value("capacity", .integer(1...10_000), "N", "How many tasks it works on at once; 1."),
                .value("host", .text, "NAME", "Where it runs; this machine."),
            ],
            examples: [
                .init(
                    "orca agent create mule --tag swift,docs --capacity 2",
                    "It may claim tasks that require these tags.")
            ],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.RegisterAgentRequest()
        request.workspace = call.workspace
        request.name = call.required("name")
        request.kind = call.text("kind").flatMap { .init(protoName: $0) } ?? .unspecified
        request.tool = call.text("tool") ?? ""
        request.tags = call.words("tag")
        request.capabilities = call.pairs("capability")
        request.capacity = call.integer32("capacity") ?? 0
        request.host = call.text("host") ?? call.context.hostName
        let response = try call.call(Operations.registerAgent, request)
        call.answer(response) { AgentView.details(response.agent, call) }
        if !response.created { call.note("Refreshed the agent of that name.") }
    }
}
