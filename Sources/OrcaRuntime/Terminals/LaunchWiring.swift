import OrcaAgents
import OrcaSupport
import OrcaTerminal

/// Gives the agents that are started in our terminals their hooks, so that they report without being installed anywhere.
struct LaunchWiring {
    let surroundings: TerminalSurroundings
    let handle: String

    /// Files of one launch; gone with its terminal.
    var directory: String { Files.split(surroundings.tokenDirectory).folder + "/launch/" + handle }

    /// What the terminal runs, and what is added to its environment. Throws when files cannot be written; the agent works
    /// without them.
    func wire(
        _ command: TerminalCommand, _ environment: [String: String]
    ) throws(AgentError) -> (command: TerminalCommand, environment: [String: String]) {
        guard !surroundings.shimDirectory.isEmpty, !surroundings.tokenDirectory.isEmpty, let agent = Self.agent(command)
        else { return (command, environment) }
        var around = surroundings.environment
        around.merge(environment) { $1 }
        let launcher = AgentLauncher(
            program: surroundings.shimDirectory + "/orca", directory: directory, environment: around)
        let hooks = launcher.hooks(of: agent)
        guard !hooks.isEmpty else { return (command, environment) }
        try hooks.writeFiles()
        let all = environment.merging(hooks.environment) { $1 }
        switch command {
        case .shell: return (command, environment)
        case .line(let line): return (.line(hooks.added(toLine: line)), all)
        case .arguments(let arguments): return (.arguments(hooks.added(to: arguments)), all)
        }
    }

    /// The known agent that a command starts.
    static func agent(_ command: TerminalCommand) -> AgentProgram? {
        switch command {
        case .shell: nil
        case .line(let line): AgentLine(line)?.agent
        case .arguments(let arguments): arguments.first.flatMap { AgentCatalogue.agent(executable: $0) }
        }
    }
}
