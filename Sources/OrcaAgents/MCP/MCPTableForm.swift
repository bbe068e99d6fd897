import OrcaSupport

/// A table in Codex's TOML: whole lines, the rest untouched.
struct MCPTableForm: MCPConfigForm {
    private static let parent = "mcp_servers"
    private static let table = parent + "." + MCPAgent.serverName

    let command: [String]
    let environment: [String: String]
    let path: String

    func added(to bytes: [UInt8]?) throws(AgentError) -> [UInt8] {
        let start = bytes ?? []
        if try found(in: start)?.isCurrent == true { return start }
        var text = TOMLText(start)
        if let literal {
            text.set("env", literal: literal, inTable: Self.table)
        } else {
            text.remove("env", inTable: Self.table)
        }
        let words = command.dropFirst().map(TOMLText.quoted).joined(separator: ", ")
        text.set("args", literal: "[\(words)]", inTable: Self.table)
        text.set("command", literal: TOMLText.quoted(command[0]), inTable: Self.table)
        return text.bytes
    }

    func removed(from bytes: [UInt8]) throws(AgentError) -> [UInt8] {
        guard try found(in: bytes) != nil else { return bytes }
        var text = TOMLText(bytes)
        for table in text.tables where table == Self.table || table.hasPrefix(Self.table + ".") {
            text.remove(table: table)
        }
        return text.bytes
    }

    /// The variables as an inline table; `nil` for none.
    private var literal: String? {
        guard !environment.isEmpty else { return nil }
        let pairs = environment.sorted { $0.key < $1.key }.map { "\($0.key) = \(TOMLText.quoted($0.value))" }
        return "{ \(pairs.joined(separator: ", ")) }"
    }

    func found(in bytes: [UInt8]) throws(AgentError) -> (command: [String], isCurrent: Bool)? {
        guard let whole = String(validating: bytes, as: UTF8.self) else { throw malformed(path, "it is not UTF-8") }
        if let problem = TOMLText.problem(in: whole) { throw malformed(path, problem) }
        let text = TOMLText(bytes)
        guard !text.hasInlineTable(Self.parent) else { throw malformed(path, "it has its servers in one line") }
        guard text.tables.contains(Self.table) else {
            // The same table in another spelling.
            guard !text.tables.contains(where: { Self.plain($0) == Self.table }) else { throw foreign(path) }
            return nil
        }
        guard let program = text.value("command", inTable: Self.table) else { throw foreign(path) }
        let found = [program] + (text.list("args", inTable: Self.table) ?? [])
        guard MCPAgent.isOurs(found) else { throw foreign(path) }
        return (found, found == command && text.literal("env", inTable: Self.table) == literal)
    }

    func isEmpty(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy(ConfigSpace.isBlank) }

    private static func plain(_ header: String) -> String {
        String(header.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" })
    }
}
