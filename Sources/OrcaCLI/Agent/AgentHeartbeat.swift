import OrcaAPI

/// `orca agent heartbeat`
enum AgentHeartbeat {
    static var command: Command {
        Command(
            "heartbeat", "Say that the agent is there; optionally renew every lease it holds.", changes: true,
            arguments: [AgentCommands.argument], flags: [.toggle("renew", "Renew every lease it holds.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.HeartbeatAgentRequest()
        request.workspace = call.workspace
        request.agent = try call.namedAgent()
        request.renewLeases = call.isOn("renew")
        let response = try call.call(Operations.heartbeatAgent, request)
        call.answer(response) { call.isQuiet ? "" : "\(request.agent) is there; \(response.renewed) leases renewed\n" }
    }
}
