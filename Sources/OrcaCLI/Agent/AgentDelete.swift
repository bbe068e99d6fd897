import OrcaAPI

/// `orca agent delete`
enum AgentDelete {
    static var command: Command {
        Command(
            "delete", "Forget an agent that holds nothing.", changes: true,
            arguments: [Argument("agent", .entity(.agent), "Name or id.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.DeleteAgentRequest()
        request.workspace = call.workspace
        request.agent = call.required("agent")
        let response = try call.call(Operations.deleteAgent, request)
        call.answer(response) { "" }
        call.note("Deleted the agent \(request.agent).")
    }
}
