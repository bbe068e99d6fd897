import OrcaAPI
import OrcaDomain

/// Makes commands of the contract. They are nodes of the one command tree like all others, so help, completions, the
/// manual page and the reference know them; only how their line is read and how they answer is the contract's.
enum ContractCommand {
    typealias Body = (ContractCall) throws(APIError) -> ContractAnswer

    /// A noun with verbs below it.
    static func group(
        _ name: String, _ summary: String, section: Command.Section = .nouns, discussion: String = "",
        examples: [Command.Example] = [], children: @escaping () -> [Command]
    ) -> Command {
        var command = Command(
            name, summary, section: section, discussion: discussion, examples: examples, children: children)
        command.grammar = .contract
        return command
    }

    /// A verb. Required flags are there, and not empty, when `body` runs.
    static func verb(
        _ name: String, _ summary: String, aliases: [String] = [], section: Command.Section = .more,
        changes: Bool = false, arguments: [Argument] = [], flags: [Flag] = [], rest: Command.Rest? = nil,
        discussion: String = "", examples: [Command.Example] = [], body: @escaping Body
    ) -> Command {
        var command = Command(
            name, summary, aliases: aliases, section: section, changes: changes, arguments: arguments, flags: flags,
            rest: rest, discussion: discussion, examples: examples,
            run: { (invocation) throws(APIError) in run(invocation, body) })
        command.grammar = .contract
        return command
    }

    /// A verb that prints as it goes along, and answers its exit code at the end.
    static func live(
        _ name: String, _ summary: String, flags: [Flag] = [], discussion: String = "",
        examples: [Command.Example] = [], body: @escaping (ContractCall) throws(APIError) -> Int32
    ) -> Command {
        var command = Command(
            name, summary, flags: flags, discussion: discussion, examples: examples,
            run: { (invocation) throws(APIError) in
                carryOut(invocation) { (call) throws(APIError) in invocation.exitCode = try body(call) }
            })
        command.grammar = .contract
        return command
    }

    private static func run(_ invocation: Invocation, _ body: Body) {
        carryOut(invocation) { (call) throws(APIError) in
            let answer = try body(call)
            invocation.exitCode = answer.exitCode
            ContractReport.write(answer, call)
        }
    }

    private static func carryOut(_ invocation: Invocation, _ body: (ContractCall) throws(APIError) -> Void) {
        let call = ContractCall(invocation)
        do throws(APIError) {
            for flag in invocation.parsed.command.flags where flag.isRequired { _ = try call.required(flag.name) }
            try checkEnvironment(call)
            try body(call)
        } catch {
            let isKnown = call.hasBeenHeard && !ContractError.isLocal(error)
            invocation.exitCode = ContractReport.write(
                error, id: isKnown ? call.requestID : ContractReport.localID,
                runtimeID: isKnown ? call.runtimeID() : nil, asJSON: invocation.isJSON, invocation.context)
        }
    }

    private static func checkEnvironment(_ call: ContractCall) throws(APIError) {
        let variables = ["ORCA_PAIRING_CODE", "ORCA_REMOTE_PAIRING"]
        let isPaired = variables.contains { call.base.context.variable($0) != nil }
        guard call.text("pairing-code") == nil, !isPaired else {
            throw .contract(
                "method_not_supported", .invalidArgument, "Pairing codes are not supported.",
                next: [
                    "On the other machine: make a token with 'orca token create' and serve TCP.",
                    "Here: pass --url http://host:port and set ORCA_TOKEN_FILE; unset \(variables.joined(separator: ", ")).",
                ])
        }
        let named = call.text("environment") ?? call.base.context.variable("ORCA_ENVIRONMENT")
        guard let environment = named, !environment.contains("://") else { return }
        throw .contract(
            "invalid_environment", .invalidArgument, "Unknown environment: \(environment)",
            next: ["Pass the address of a server: --environment http://host:port or unix:///path."])
    }
}
