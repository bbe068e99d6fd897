package import OrcaAPI
package import OrcaConnect
package import OrcaProtobuf
import OrcaSupport

/// A command on its way: its values, the world around it, and where its answer goes.
///
/// Asking for a value that the command does not declare is a bug and traps.
package final class Invocation {
    package let context: CLIContext
    package let parsed: ParsedCommand
    /// What `orca` exits with when the command returns without an error.
    package var exitCode: Int32 = 0
    private var connected: (any OrcaClient)?
    private var chosen: ServerContext??

    package init(context: CLIContext, parsed: ParsedCommand) {
        self.context = context
        self.parsed = parsed
    }

    // MARK: Values

    package func isOn(_ name: String) -> Bool {
        precondition(declares(name), "undeclared flag \(name)")
        return parsed.values.switches.contains(name)
    }

    package func text(_ name: String) -> String? {
        precondition(declares(name), "undeclared value \(name)")
        return parsed.values.texts[name]?.first
    }

    package func list(_ name: String) -> [String] {
        precondition(declares(name), "undeclared value \(name)")
        return parsed.values.texts[name] ?? []
    }

    /// The value of a required argument or flag.
    package func required(_ name: String) -> String {
        guard let value = text(name) else { preconditionFailure("\(name) is not required") }
        return value
    }

    package func integer(_ name: String) -> Int64? { text(name).flatMap { Int64($0) } }

    package func integer32(_ name: String) -> Int32? { integer(name).map { Int32(clamping: $0) } }

    package func milliseconds(_ name: String) -> Int64? { text(name).flatMap { DurationText.milliseconds($0) } }

    /// Comma-separated words of a list flag, all its occurrences together.
    package func words(_ name: String) -> [String] {
        list(name).flatMap { $0.split(separator: ",").map(String.init) }
    }

    package func pairs(_ name: String) -> [String: String] {
        var result: [String: String] = [:]
        for pair in list(name) {
            guard let equals = pair.firstIndex(of: "=") else { continue }
            result[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
        }
        return result
    }

    package var rest: [String] { parsed.values.rest }

    private func declares(_ name: String) -> Bool {
        let command = parsed.command
        return command.allFlags.contains { $0.name == name } || command.arguments.contains { $0.name == name }
            || command.globalFlags.contains { $0.name == name }
    }

    // MARK: What every command takes

    package var isJSON: Bool { isOn("json") }
    package var isQuiet: Bool { isOn("quiet") }

    package var workspace: String {
        // A context that cannot be found out is complained about when it is connected to.
        text("workspace") ?? context.variable("ORCA_WORKSPACE") ?? (try? server)??.workspace ?? "default"
    }

    /// The project given by flag or environment.
    package var project: String? { text("project") ?? context.variable("ORCA_PROJECT") }

    /// The project; throws the way to name one.
    package func requiredProject() throws(APIError) -> String {
        if let project { return project }
        throw .usage("'\(parsed.title)' needs --project KEY (or $ORCA_PROJECT). See 'orca project list'.")
    }

    package var idempotencyKey: String? { parsed.command.changesSomething ? text("idempotency-key") : nil }

    package var style: Style {
        Style(isEnabled: context.wantsColor && !isOn("no-color") && !isJSON)
    }

    // MARK: The server

    /// The server, found or started when first asked for.
    package func client() throws(APIError) -> any OrcaClient {
        if let connected { return connected }
        let client = try context.connect(try connectOptions)
        connected = client
        return client
    }

    /// The context in use; `nil` when the server is named by its address.
    package var server: ServerContext? {
        get throws(APIError) {
            if let known = chosen { return known }
            let found = try ChosenContext.find(self)
            chosen = .some(found)
            return found
        }
    }

    package var connectOptions: ConnectOptions {
        get throws(APIError) { try makeConnectOptions() }
    }

    private func makeConnectOptions() throws(APIError) -> ConnectOptions {
        var options = ConnectOptions(environment: context.environment)
        if let server = try server { options.use(server) }
        if let url = text("url") { options.endpoint = .url(url) }
        if let socket = text("socket") { options.endpoint = .socket(socket) }
        if parsed.command.grammar == .contract, let environment = environment { options.endpoint = .url(environment) }
        if let timeout = milliseconds("timeout") { options.timeoutMS = Int(timeout) }
        // What is done in a terminal appears as that terminal's.
        if parsed.command.grammar == .contract, let handle = context.variable(ContractIdentity.variable) {
            options.callerName = handle
        }
        // Who acts for an agent appears as that agent in the event log.
        let namesAgent = parsed.command.flags.contains { $0.name == "agent" }
        if namesAgent, let agent = text("agent") { options.callerName = agent }
        return options
    }

    /// The server that a command of the contract was told to talk to.
    private var environment: String? {
        let word = text("environment") ?? context.variable("ORCA_ENVIRONMENT")
        return word?.contains("://") == true ? word : nil
    }

    package func call<Request: ProtoMessage, Response: ProtoMessage>(
        _ operation: TypedOperation<Request, Response>, _ request: Request
    ) throws(APIError) -> Response {
        try client().call(operation, request, idempotencyKey: idempotencyKey)
    }

    // MARK: Answers

    /// Prints the answer: the message as JSON, or what `human` makes of it.
    package func answer(_ message: some ProtoMessage, human: () -> String) {
        if isJSON { context.out.write(bytes: message.jsonBytes() + [0x0A]) } else { context.out.write(human()) }
    }

    /// A remark beside the answer, on standard error.
    package func note(_ text: String) {
        if !isQuiet { context.err.write(text + "\n") }
    }

    /// A table as wide as the terminal.
    package func text(_ table: Table) -> String { table.text(width: context.terminalWidth, style: style) }
}
