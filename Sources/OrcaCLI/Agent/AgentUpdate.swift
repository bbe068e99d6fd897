import OrcaAPI

/// `orca agent update`
enum AgentUpdate {
    static var command: Command {
        Command(
            "update", "Change an agent's tags, capacity or whether it takes new work.", changes: true,
            arguments: [AgentCommands.argument],
            flags: [
                .list("tag", .text, "TAG", "Its tags from now on. Commas separate several."),
                .toggle("clear-tags", "Take all tags away."),
                .value("capacity", .integer(1...10_000), "N", "How many tasks it works on at once."),
                .toggle("drain", "Finish what it has, take nothing new."),
                .toggle("undrain", "Take work again."),
                .value(
                    "expected-version", .integer(0...Int64(Int32.max)), "N",
                    "Refuse when it has changed since this version."),
            ],
            examples: [.init("orca agent update mule --drain", "Before its machine goes down.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        guard !(call.isOn("drain") && call.isOn("undrain")) else { throw .usage("Take either --drain or --undrain.") }
        var request = OrcaV1.UpdateAgentRequest()
        request.workspace = call.workspace
        request.agent = try call.namedAgent()
        request.tags = call.words("tag")
        request.setTags = !request.tags.isEmpty || call.isOn("clear-tags")
        request.capacity = call.integer32("capacity")
        if call.isOn("drain") { request.draining = true }
        if call.isOn("undrain") { request.draining = false }
        request.expectedVersion = call.integer32("expected-version") ?? 0
        let response = try call.call(Operations.updateAgent, request)
        call.answer(response) { AgentView.details(response.agent, call) }
    }
}
