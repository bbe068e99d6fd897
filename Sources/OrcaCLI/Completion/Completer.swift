/// Finds what could stand at the end of an unfinished command line.
package struct Completer {
    package struct Candidate: Hashable {
        package var word: String
        package var meaning: String

        package init(word: String, meaning: String) {
            self.word = word
            self.meaning = meaning
        }
    }

    package enum Answer: Hashable {
        case candidates([Candidate])
        case files
        case directories
    }

    /// Names and ids of a kind, from the server; empty when it does not run.
    package typealias Lookup = (ValueKind.Entity, Hints) -> [Candidate]

    /// What the command line has said so far.
    package struct Hints {
        package var workspace: String?
        package var project: String?
        /// `orca claim`, `task show`: decides which tasks are worth offering.
        package var command: String
    }

    private let root: Command
    private let lookup: Lookup

    package init(root: Command, lookup: @escaping Lookup) {
        self.root = root
        self.lookup = lookup
    }

    /// `words` are those after `orca`; the last one, perhaps empty, is being typed.
    package func complete(_ words: [String]) -> Answer {
        // bash makes a word of its own of the sign in `--flag=value`.
        let last = words.last ?? ""
        let current = last == "=" ? "" : last
        var walk = Walk(root: root)
        for word in words.dropLast() { walk.take(word) }
        if walk.isPastDashes { return .files }
        if let flag = walk.openFlag { return values(flag.kind ?? .text, current, "", walk) }
        if current.hasPrefix("--"), let equals = current.firstIndex(of: "=") {
            let name = String(current[current.index(current.startIndex, offsetBy: 2)..<equals])
            guard let kind = walk.flag(named: name)?.kind else { return .candidates([]) }
            let typed = String(current[current.index(after: equals)...])
            return values(kind, typed, String(current[...equals]), walk)
        }
        if current.hasPrefix("-") { return flags(walk, current) }
        var found = commands(walk, current)
        if let argument = walk.nextArgument {
            switch values(argument.kind, current, "", walk) {
            case .candidates(let more): found += more
            case let paths: return found.isEmpty ? paths : .candidates(found)
            }
        }
        return .candidates(found)
    }

    private func commands(_ walk: Walk, _ current: String) -> [Candidate] {
        guard walk.positionals == 0 else { return [] }
        return walk.command.children()
            .filter { !$0.isHidden && $0.name.hasPrefix(current) }
            .map { Candidate(word: $0.name, meaning: $0.summary) }
    }

    private func flags(_ walk: Walk, _ current: String) -> Answer {
        let all = (walk.command.run == nil ? [] : walk.command.allFlags) + walk.command.globalFlags
        return .candidates(
            all.filter {
                !$0.isHidden && "--\($0.name)".hasPrefix(current) && ($0.repeats || !walk.seen.contains($0.name))
            }
            .map { Candidate(word: "--\($0.name)", meaning: $0.help) })
    }

    private func values(_ kind: ValueKind, _ typed: String, _ prefix: String, _ walk: Walk) -> Answer {
        switch kind {
        case .file: return .files
        case .directory: return .directories
        case .choice(let words):
            return .candidates(words.filter { $0.hasPrefix(typed) }.map { Candidate(word: prefix + $0, meaning: "") })
        case .entity(let entity):
            let hints = Hints(workspace: walk.values["workspace"], project: walk.values["project"], command: walk.title)
            // Refs are typed in either case.
            return .candidates(
                lookup(entity, hints)
                    .filter { $0.word.lowercased().hasPrefix(typed.lowercased()) }
                    .map { Candidate(word: prefix + $0.word, meaning: $0.meaning) })
        case .text, .integer, .duration, .time, .pair: return .candidates([])
        }
    }

    /// Follows the finished words without complaining about any.
    private struct Walk {
        private(set) var path: [Command]
        private(set) var positionals = 0
        private(set) var openFlag: Flag?
        private(set) var isPastDashes = false
        private(set) var seen: Set<String> = []
        private(set) var values: [String: String] = [:]

        init(root: Command) { path = [root] }

        var command: Command { path[path.count - 1] }
        var title: String { path.dropFirst().map(\.name).joined(separator: " ") }

        var nextArgument: Argument? {
            let arguments = command.arguments
            if positionals < arguments.count { return arguments[positionals] }
            return arguments.last?.repeats == true ? arguments.last : nil
        }

        func flag(named name: String) -> Flag? {
            command.allFlags.first { $0.name == name } ?? command.globalFlags.first { $0.name == name }
        }

        mutating func take(_ word: String) {
            if isPastDashes { return }
            if let flag = openFlag {
                if word == "=" { return }
                values[flag.name] = word
                openFlag = nil
            } else if word == "--" {
                isPastDashes = true
            } else if word.hasPrefix("--") {
                takeLong(word.dropFirst(2))
            } else if word.hasPrefix("-"), let letter = word.dropFirst().last {
                let flag = (command.allFlags + command.globalFlags).first { $0.short == letter }
                if let flag, flag.kind != nil { openFlag = flag }
            } else if positionals == 0, let child = Synonyms.find(word, in: command.children()) {
                path.append(child)
            } else {
                positionals += 1
            }
        }

        private mutating func takeLong(_ body: Substring) {
            let equals = body.firstIndex(of: "=")
            let name = String(body[..<(equals ?? body.endIndex)])
            guard let flag = flag(named: name) else { return }
            seen.insert(name)
            if let equals {
                values[name] = String(body[body.index(after: equals)...])
            } else if flag.kind != nil {
                openFlag = flag
            }
        }
    }
}

extension Completer.Answer {
    /// What `orca __complete` prints.
    package var text: String {
        switch self {
        case .files: ":files\n"
        case .directories: ":directories\n"
        case .candidates(let candidates):
            candidates.map { "\($0.word)\t\(TextWidth.fit(TextWidth.inert($0.meaning), 72))\n" }.joined()
        }
    }
}
