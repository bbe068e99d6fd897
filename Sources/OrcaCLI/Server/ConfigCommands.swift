import OrcaAPI
import OrcaDomain
import OrcaSupport

/// `orca config …`
enum ConfigCommands {
    private static let fileBytesMax = 1 << 20
    /// What orcad understands; `orcad --help` describes each.
    static let keys = [
        "listen", "grpc_address", "tls_certificate", "tls_key", "tls_client_ca", "insecure", "agent_endpoint",
        "allow_degraded", "allow_host", "allow_origin", "database", "database_wait", "socket", "log_level",
        "events_kept", "idle_stop", "advertise", "server_given_up_after",
    ]
    private static let paths: Set<String> = ["tls_certificate", "tls_key", "tls_client_ca", "database", "socket"]
    private static let key = Argument("key", .choice(keys), "Its name.")

    static var command: Command {
        Command(
            "config", "Read and change the configuration file.", section: .server,
            children: {
                [
                    Command("get", "Print one setting.", arguments: [key], run: get),
                    Command(
                        "set", "Change one setting; the server reads it when it starts.",
                        arguments: [
                            key,
                            Argument(
                                "value", .text, "A number, true, false, text; nothing removes it.", optional: true),
                        ],
                        run: set),
                    Command("list", "Print all settings that are set.", run: list),
                    Command("path", "Print where the file is.", run: path),
                ]
            })
    }

    private static func path(_ call: Invocation) throws(APIError) {
        call.context.out.write(call.context.places.config + "\n")
    }

    private static func get(_ call: Invocation) throws(APIError) {
        let key = call.required("key")
        guard let value = try read(call)[key] else {
            throw APIError("setting_not_found", .notFound, "'\(key)' is not set. 'orca config list' shows what is.")
        }
        call.context.out.write(text(value) + "\n")
    }

    private static func list(_ call: Invocation) throws(APIError) {
        let value = try read(call)
        if call.isJSON {
            call.context.out.write(bytes: value.jsonBytes() + [0x0A])
        } else if case .object(let members) = value {
            for member in members { call.context.out.write("\(member.name) = \(text(member.value))\n") }
        }
    }

    private static func set(_ call: Invocation) throws(APIError) {
        let key = call.required("key")
        guard case .object(var members) = try read(call) else { return }
        members.removeAll { $0.name == key }
        if let given = call.text("value") {
            // The server runs somewhere else than this command.
            let isPath = paths.contains(key) && given != "memory" && !given.contains("://")
            members.append(.init(key, isPath ? .string(TextInput.absolute(given, call)) : parse(given)))
        }
        members.sort { $0.name < $1.name }
        try call.context.host.writePrivateFile(
            call.context.places.config, JSONValue.object(members).jsonBytes() + [0x0A])
        call.note("Restart the server to use it: 'orca restart'.")
    }

    private static func read(_ call: Invocation) throws(APIError) -> JSONValue {
        let path = call.context.places.config
        guard call.context.host.size(path) != nil else { return .object([]) }
        let bytes = try call.context.host.readFile(path, limit: fileBytesMax)
        if bytes.allSatisfy({ $0 <= 0x20 }) { return .object([]) }
        do throws(JSONError) {
            let value = try JSONValue(jsonBytes: bytes)
            guard case .object = value else { throw JSONError(.wrongType, "it is no object", at: 0) }
            return value
        } catch {
            throw APIError(
                "config_invalid", .invalidArgument,
                "\(path) is not readable: \(error.message) at byte \(error.offset). Correct or remove it.")
        }
    }

    private static func parse(_ text: String) -> JSONValue {
        switch text {
        case "true": .bool(true)
        case "false": .bool(false)
        default: Int64(text).map { .integer($0) } ?? .string(text)
        }
    }

    private static func text(_ value: JSONValue) -> String {
        value.stringValue ?? String(decoding: value.jsonBytes(), as: UTF8.self)
    }
}
