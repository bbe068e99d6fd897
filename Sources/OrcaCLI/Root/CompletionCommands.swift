import OrcaAPI
import OrcaConnect
import OrcaProtobuf

/// `orca completions`, `orca __complete`
enum CompletionCommands {
    /// Milliseconds a completion may take; a slow server must not stop anybody from typing.
    private static let patienceMS = 1000
    private static let candidatesMax: Int32 = 200

    static var command: Command {
        Command(
            "completions", "Print the completion script for a shell.",
            arguments: [Argument("shell", .choice(CompletionScript.shells), "bash, zsh or fish.")],
            examples: [
                .init("source <(orca completions bash)", "In ~/.bashrc."),
                .init("source <(orca completions zsh)", "In ~/.zshrc."),
                .init("orca completions fish | source", "In ~/.config/fish/config.fish."),
            ],
            run: { (call) throws(APIError) in
                call.context.out.write(try CompletionScript.text(for: call.required("shell")))
            })
    }

    static var complete: Command {
        Command(
            "__complete", "Print what could stand at the end of a command line.", hidden: true,
            rest: .init("WORDS", "The words after `orca`, the last one unfinished.", required: false), run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let completer = Completer(root: Root.command) { entity, hints in lookUp(entity, hints, call) }
        call.context.out.write(completer.complete(call.rest.isEmpty ? [""] : call.rest).text)
    }

    /// What the server knows; nothing when it does not run: a completion never starts it.
    private static func lookUp(_ entity: ValueKind.Entity, _ hints: Completer.Hints, _ call: Invocation) -> [Completer
        .Candidate]
    {
        do throws(APIError) {
            if entity == .context { return try contexts(call) }
            var options = try call.connectOptions
            options.timeoutMS = patienceMS
            let client = try call.context.connectWithoutStarting(options)
            return try candidates(
                entity, hints.workspace ?? call.workspace, hints.project ?? call.project ?? "", hints.command, client)
        } catch {
            // A completion has no place for an error message.
            return []
        }
    }

    private static func contexts(_ call: Invocation) throws(APIError) -> [Completer.Candidate] {
        let book = try ChosenContext.book(call.context)
        return ([.local] + book.contexts).map { .init(word: $0.name, meaning: ContextCommands.words($0.server)) }
    }

    private static func candidates(
        _ entity: ValueKind.Entity, _ workspace: String, _ project: String, _ command: String, _ client: any OrcaClient
    ) throws(APIError) -> [Completer.Candidate] {
        switch entity {
        case .workspace:
            let answer = try client.call(Operations.listWorkspaces, .with { $0.limit = candidatesMax })
            return answer.workspaces.map { .init(word: $0.name, meaning: $0.description) }
        case .project:
            let answer = try client.call(
                Operations.listProjects,
                .with {
                    $0.workspace = workspace; $0.limit = candidatesMax
                })
            return answer.projects.map { .init(word: $0.key, meaning: $0.name) }
        case .task: return try tasks(workspace, project, command, client)
        case .attempt:
            let answer = try client.call(
                Operations.listAttempts,
                .with {
                    $0.workspace = workspace; $0.limit = candidatesMax
                })
            return answer.attempts.map {
                .init(word: $0.id, meaning: "\($0.taskRef) \($0.outcome.protoName) \($0.agent)")
            }
        case .lease:
            let answer = try client.call(
                Operations.listLeases,
                .with {
                    $0.workspace = workspace; $0.limit = candidatesMax
                })
            return answer.leases.map { .init(word: $0.id, meaning: "\($0.taskRef) \($0.agent)") }
        case .agent:
            let answer = try client.call(
                Operations.listAgents,
                .with {
                    $0.workspace = workspace; $0.limit = candidatesMax
                })
            return answer.agents.map { .init(word: $0.name, meaning: $0.status.protoName) }
        case .token:
            let answer = try client.call(Operations.listTokens, .with { $0.limit = candidatesMax })
            let good = answer.tokens.filter { $0.revokedAt == nil }
            // A name that several have names none of them.
            return good.map { token in
                good.count { $0.name == token.name } == 1
                    ? .init(word: token.name, meaning: token.scope.protoName)
                    : .init(word: token.id, meaning: token.name)
            }
        case .context: preconditionFailure("contexts are read from their file")
        }
    }

    /// Only tasks the command could work on: what is ready for a claim, what is held for a completion.
    private static func tasks(
        _ workspace: String, _ project: String, _ command: String, _ client: any OrcaClient
    ) throws(APIError) -> [Completer.Candidate] {
        var request = OrcaV1.ListTasksRequest()
        request.workspace = workspace
        request.project = project
        request.limit = candidatesMax
        switch command.split(separator: " ").last {
        case "claim": request.status = [.ready]
        case "done", "complete", "fail", "renew", "release", "progress", "hold": request.status = [.dispatched]
        case "retry": request.status = [.failed]
        case "cancel": request.status = [.pending, .ready, .dispatched, .blocked, .failed]
        default: break
        }
        return try client.call(Operations.listTasks, request).tasks.map { .init(word: $0.ref, meaning: $0.title) }
    }
}
