import OrcaAPI

/// `orca agent …`
enum AgentCommands {
    static var command: Command {
        Command(
            "agent", "What can do tasks: coding agents, scripts, people.", aliases: ["agents"], section: .nouns,
            children: {
                [
                    AgentCreate.command, AgentList.command, AgentShow.command, AgentUpdate.command, AgentDelete.command,
                    AgentHeartbeat.command,
                ]
            })
    }

    static let argument = Argument("agent", .entity(.agent), "Name or id; $ORCA_AGENT when left out.", optional: true)
}

extension Invocation {
    /// The agent of the argument, or `$ORCA_AGENT`.
    func namedAgent() throws(APIError) -> String {
        if let name = text("agent") ?? context.variable("ORCA_AGENT") { return name }
        throw .usage("'\(parsed.title)' needs an agent: name it, or set $ORCA_AGENT. See 'orca agent list'.")
    }
}
