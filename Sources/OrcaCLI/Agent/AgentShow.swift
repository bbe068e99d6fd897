import OrcaAPI

/// `orca agent show`
enum AgentShow {
    static var command: Command {
        Command("show", "Show one agent.", arguments: [AgentCommands.argument], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.GetAgentRequest()
        request.workspace = call.workspace
        request.agent = try call.namedAgent()
        let response = try call.call(Operations.getAgent, request)
        call.answer(response) { AgentView.details(response.agent, call) }
    }
}
