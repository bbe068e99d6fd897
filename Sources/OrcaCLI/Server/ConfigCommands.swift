import OrcaAPI
import OrcaDomain
import OrcaSupport

/// `orca config …`
enum ConfigCommands {
    private static let fileBytesMax = 1 << 20
    private static let keys = SettingRule.all.map(\.name)
    private static let key = Argument("key", .choice(keys), "Its name: \(keys.joined(separator: ", ")).")

    static var command: Command {
        Command(
            "config", "Read and change the configuration file.", section: .server,
            children: {
                [
                    Command("get", "Print one setting.", arguments: [key], run: get),
                    setCommand,
                    Command(
                        "unset", "Remove one setting, so that the server goes back to what it does without.",
                        arguments: [key], run: unset),
                    Command("list", "Print all settings that are set.", run: list),
                    Command("path", "Print where the file is.", run: path),
                ]
            })
    }

    private static var setCommand: Command {
        Command(
            "set", "Change one setting; the server reads it when it starts.",
            arguments: [
                key,
                Argument(
                    "value", .text,
                    "A number, true, false or text; allow_host, allow_origin and grpc_address take several. Without one the "
                        + "setting is removed.", optional: true, repeats: true),
            ],
            discussion: "'orcad --help' describes each setting.",
            examples: [
                .init("orca config set listen 127.0.0.1:7717", "Also over TCP, with tokens; 'orca restart' uses it."),
                .init("orca config set allow_host orca.example.com orca", "Both names."),
            ], run: set)
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
            if members.isEmpty { call.note("Nothing is set. 'orca config set --help' shows what can be.") }
        }
    }

    private static func set(_ call: Invocation) throws(APIError) {
        let values = call.list("value")
        guard !values.isEmpty else { return try unset(call) }
        let key = call.required("key")
        guard let rule = SettingRule.of(key) else { preconditionFailure("the parser lets no other name through") }
        guard values.count == 1 || rule.repeats else {
            throw .usage("\(key) takes one value, not \(values.count). See 'orca config set --help'.")
        }
        for value in values {
            if let complaint = rule.complaint(about: value) { throw .usage(complaint) }
        }
        let written = values.map { value(of: $0, rule, call) }
        try write(key, written.count == 1 ? written[0] : .array(written), call)
        if rule.form == .path, key != "socket", call.context.host.size(TextInput.absolute(values[0], call)) == nil {
            call.note("There is no file \(TextInput.absolute(values[0], call)) yet; the server will want it.")
        }
        if key == "database" {
            call.note("The state does not move with it: 'orca db copy' takes it there, before the restart.")
        }
        call.note("Restart the server to use it: 'orca restart'.")
    }

    private static func unset(_ call: Invocation) throws(APIError) {
        try write(call.required("key"), nil, call)
        call.note("Restart the server to go without it: 'orca restart'.")
    }

    private static func write(_ key: String, _ value: JSONValue?, _ call: Invocation) throws(APIError) {
        guard case .object(var members) = try read(call) else { return }
        members.removeAll { $0.name == key }
        if let value { members.append(.init(key, value)) }
        members.sort { $0.name < $1.name }
        try call.context.host.writePrivateFile(
            call.context.places.config, JSONValue.object(members).jsonBytes() + [0x0A])
    }

    private static func value(of text: String, _ rule: SettingRule, _ call: Invocation) -> JSONValue {
        switch rule.form {
        // The server runs somewhere else than this command.
        case .path: .string(TextInput.absolute(text, call))
        case .database:
            text == "memory" || text.contains("://") ? .string(text) : .string(TextInput.absolute(text, call))
        case .toggle: .bool(text == "true")
        case .number: Int64(text).map { .integer($0) } ?? .string(text)
        case .address, .grpcAddress, .logLevel, .hostName, .origin, .url: .string(text)
        }
    }

    static func isSet(_ key: String, _ call: Invocation) throws(APIError) -> Bool { try read(call)[key] != nil }

    /// What is wrong with the file, for whoever wonders why the server does not start; empty when nothing is.
    static func complaints(_ call: Invocation) throws(APIError) -> [String] {
        guard case .object(let members) = try read(call) else { return [] }
        return members.flatMap { member -> [String] in
            guard let rule = SettingRule.of(member.name) else { return ["there is no setting '\(member.name)'"] }
            let values: [JSONValue]
            if case .array(let several) = member.value { values = several } else { values = [member.value] }
            return values.compactMap { rule.complaint(about: text($0)) }
        }
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

    private static func text(_ value: JSONValue) -> String {
        value.stringValue ?? String(decoding: value.jsonBytes(), as: UTF8.self)
    }
}
