import OrcaSupport

/// The rules for all known agents. What is built in can be replaced agent by agent from a file.
package struct AgentRuleBook: Sendable {
    /// Grows whenever a built-in rule changes.
    package static let builtInVersion = 1
    package private(set) var version: Int
    private var rules: [String: AgentRules] = [:]

    /// What was told about a file of rules that cannot be used: which one, why.
    package struct Malformed: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// What Orca comes with.
    package static let builtIn: AgentRuleBook = {
        do {
            return try AgentRuleBook(json: BuiltInRules.text)
        } catch {
            preconditionFailure("the built-in rules are broken: \(error)")
        }
    }()

    package init(json: String) throws(Malformed) {
        let root: JSONValue
        do {
            root = try JSONValue(jsonBytes: Array(json.utf8))
        } catch {
            throw Malformed(description: "agent rules are no JSON: \(error)")
        }
        guard let agents = root["agents"]?.arrayValue else {
            throw Malformed(description: "agent rules need a list \"agents\"")
        }
        version = Int(root["version"]?.integerValue ?? 0)
        for agent in agents {
            let found = try AgentRulesReader.read(agent)
            rules[found.id] = found
        }
    }

    /// The built-in rules with those of the file over them, when there is one.
    package static func load(overrides path: String) throws(Malformed) -> AgentRuleBook {
        var book = builtIn
        guard Files.size(path) != nil else { return book }
        let text: String
        do {
            text = try Files.readText(path, limit: 1 << 20)
        } catch {
            throw Malformed(description: "\(error)")
        }
        do {
            let own = try AgentRuleBook(json: text)
            book.rules.merge(own.rules) { $1 }
            book.version = max(book.version, own.version)
        } catch {
            throw Malformed(description: "\(path): \(error)")
        }
        return book
    }

    package var ids: [String] { rules.keys.sorted() }

    /// The rules of that agent; those of a shell for the empty id, of an unknown program for any other.
    package func rules(for id: String) -> AgentRules {
        if let found = rules[id.isEmpty ? "shell" : id] { return found }
        // Some agents look just like another one, whose rules name them.
        if var like = rules.values.first(where: { !$0.isShell && $0.programs.contains(id) }) {
            like.id = id
            return like
        }
        return AgentRules(id: id)
    }

    package func isShell(_ program: String) -> Bool {
        let name = program.hasPrefix("-") ? String(program.dropFirst()) : program
        return rules["shell"]?.programs.contains(name) ?? false
    }

    /// Which agent a program is, by the names of its file and, for interpreters, of its script.
    package func agent(ofArguments arguments: [String]) -> String? {
        for argument in arguments.prefix(3) where !argument.hasPrefix("-") {
            let name = Self.baseName(argument)
            if let found = rules.values.first(where: { !$0.isShell && $0.programs.contains(name) }) { return found.id }
        }
        return nil
    }

    /// Which agent a line for the shell starts: its first word that is no assignment.
    package func agent(ofLine line: String) -> String? {
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first(where: { !$0.contains("=") && $0 != "exec" && $0 != "env" }) else { return nil }
        return agent(ofArguments: [first])
    }

    private static func baseName(_ path: String) -> String {
        var name = path.split(separator: "/").last.map(String.init) ?? path
        for suffix in [".js", ".mjs", ".cjs", ".py", ".exe"] where name.hasSuffix(suffix) {
            name.removeLast(suffix.count)
        }
        return name
    }
}
