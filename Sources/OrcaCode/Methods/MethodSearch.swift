import OrcaAPI

extension MethodBook {
    /// The methods of a noun, or all.
    package func help(_ noun: String) -> [Method] {
        guard !noun.isEmpty else { return methods }
        return (methods + lists).filter { $0.noun == noun || $0.noun == noun + "s" || $0.name == noun }
    }

    /// What `orca.help(noun)` answers: declarations, and for a noun the types that they name. Without a noun the methods
    /// alone.
    package func helpText(_ noun: String) -> String {
        let found = help(noun)
        guard !found.isEmpty else { return "Nothing. orca.help() names all." }
        let lines = found.map(\.line)
        guard !noun.isEmpty else { return lines.joined(separator: "\n") }
        return (lines + [types(namedBy: found)]).joined(separator: "\n")
    }

    /// The types that these methods name and those that these name, one a line.
    package func types(namedBy methods: [Method]) -> String {
        TypeBook.standard.declarations(namedIn: methods.map(\.declaration).joined(separator: "\n")).joined(
            separator: "\n")
    }

    /// What `orca.search(query)` answers.
    package func searchText(_ query: String) -> String {
        let found = search(query)
        return found.isEmpty ? "Nothing. orca.help() names all." : found.map(\.line).joined(separator: "\n")
    }

    /// Methods that have all the words in their name or summary, those with a match in the name first. All of them when
    /// there are no words.
    package func search(_ query: String) -> [Method] {
        let words = query.lowercased().split { !$0.isLetter && !$0.isNumber }
        guard !words.isEmpty else { return methods }
        let ranked = methods.compactMap { method -> (Method, Int)? in
            let name = method.name.lowercased()
            let text = name + " " + method.operation.summary.lowercased()
            guard words.allSatisfy({ text.contains($0) }) else { return nil }
            return (method, words.count { name.contains($0) })
        }
        return ranked.sorted { $0.1 > $1.1 }.map(\.0)
    }
}

extension Method {
    fileprivate var line: String {
        "\(declaration)  // \(isWhole ? "All pages of: " : "")\(operation.summary)"
    }
}
