/// Verbs that people and agents use for the same thing; accepted everywhere, listed nowhere.
package enum Synonyms {
    private static let groups: [[String]] = [
        ["create", "add", "new"],
        ["delete", "remove", "rm"],
        ["complete", "done", "finish"],
        ["list", "ls"],
        ["show", "get"],
        ["update", "set"],
    ]

    /// The words that mean the same as `verb`, without it.
    package static func of(_ verb: String) -> [String] {
        groups.first { $0.contains(verb) }?.filter { $0 != verb } ?? []
    }

    /// The command that `word` names: by name, then by alias, then by synonym.
    package static func find(_ word: String, in commands: [Command]) -> Command? {
        if let exact = commands.first(where: { $0.name == word }) { return exact }
        if let alias = commands.first(where: { $0.aliases.contains(word) }) { return alias }
        return commands.first { of($0.name).contains(word) }
    }
}
