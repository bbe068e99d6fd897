package import OrcaAPI
import OrcaSupport

/// What a command line asks for.
package enum ParsedLine {
    case run(ParsedCommand)
    case help(path: [Command], isLong: Bool)
    case version
    /// A line of the contract that cannot be carried out; reported in the contract's way.
    case refused(path: [Command], asJSON: Bool, APIError)
}

/// A command with its checked values.
package struct ParsedCommand {
    /// From the root to the command that runs.
    package var path: [Command]
    package var values = ParsedValues()

    package var command: Command { path[path.count - 1] }
    /// `orca task claim`
    package var title: String { path.map(\.name).joined(separator: " ") }
}

/// Values by the long name of their flag or the name of their argument.
package struct ParsedValues {
    package var switches: Set<String> = []
    package var texts: [String: [String]] = [:]
    /// Flags of the contract that take a value and were given without one.
    package var bare: Set<String> = []
    package var rest: [String] = []
}

/// Reads a command line against the command tree.
///
/// Flags may stand before, between and after words; `--` ends them. Throws `APIError` with category
/// `invalidArgument`; every message names the command to run next.
package struct CommandLineParser {
    private var path: [Command]
    private var values = ParsedValues()
    private var words: [String] = []
    private var index = 0
    private var positionals: [String] = []
    private var wantsHelp: ParsedHelp?

    private enum ParsedHelp { case short, long }

    package static func parse(_ arguments: [String], root: Command) throws(APIError) -> ParsedLine {
        var parser = CommandLineParser(root: root, arguments: arguments)
        return try parser.parse()
    }

    private init(root: Command, arguments: [String]) {
        path = [root]
        words = arguments
    }

    private var title: String { path.map(\.name).joined(separator: " ") }

    private mutating func parse() throws(APIError) -> ParsedLine {
        if words == ["--version"] || words == ["-V"] { return .version }
        while index < words.count {
            let word = words[index]
            index += 1
            if word == "--" {
                takeRest()
            } else if word.hasPrefix("--") {
                try readLong(word)
            } else if word.hasPrefix("-"), word.count > 1, !isNegativeNumber(word) {
                try readShort(word)
            } else {
                try readWord(word)
                if path[path.count - 1].grammar == .contract { return restInContract() }
            }
        }
        if let wantsHelp { return .help(path: path, isLong: wantsHelp == .long) }
        let command = path[path.count - 1]
        if command.run == nil { return try noVerb(command) }
        try assignPositionals(command)
        try checkRequired(command)
        return .run(ParsedCommand(path: path, values: values))
    }

    private func restInContract() -> ParsedLine {
        var parser = ContractParser(
            path: path, values: values, wantsHelp: wantsHelp != nil, words: words[index...])
        return parser.parse()
    }

    private func isNegativeNumber(_ word: String) -> Bool { Int64(word) != nil }

    private func noVerb(_ command: Command) throws(APIError) -> ParsedLine {
        if path.count == 1 { return .help(path: path, isLong: false) }
        let verbs = command.children().filter { !$0.isHidden }.map(\.name).joined(separator: ", ")
        throw .usage("'\(title)' needs a verb: \(verbs). See '\(title) --help'.")
    }

    // MARK: Words

    private mutating func readWord(_ word: String) throws(APIError) {
        let command = path[path.count - 1]
        let isLeaf = command.run != nil && (!positionals.isEmpty || !command.arguments.isEmpty)
        if positionals.isEmpty, let child = Synonyms.find(word, in: command.children()) {
            path.append(child)
        } else if isLeaf {
            positionals.append(word)
        } else {
            throw unknownWord(word, command)
        }
    }

    private func unknownWord(_ word: String, _ command: Command) -> APIError {
        let children = command.children().filter { !$0.isHidden }
        if children.isEmpty {
            return .usage(
                "'\(title)' takes no argument, but got '\(word)'.\(asFlag(word, command)) See '\(title) --help'.")
        }
        let names = children.flatMap { [$0.name] + $0.aliases + Synonyms.of($0.name) }
        let near = verb(word, below: children) ?? Suggestion.nearest(to: word, in: names)
        let hint = near.map { " Did you mean '\(title) \($0)'?" } ?? ""
        return .usage("'\(title)' has no command '\(word)'.\(hint) See '\(title) --help'.")
    }

    /// A verb that was given without its noun, of the noun that has it: tasks before all others.
    private func verb(_ word: String, below nouns: [Command]) -> String? {
        let ordered = nouns.filter { $0.name == "task" } + nouns.filter { $0.name != "task" }
        for noun in ordered {
            if let found = Synonyms.find(word, in: noun.children().filter { !$0.isHidden }) {
                return "\(noun.name) \(found.name)"
            }
        }
        return nil
    }

    /// A task that other commands take as a word.
    private func asFlag(_ word: String, _ command: Command) -> String {
        let takesTask = command.flags.contains { $0.name == "task" && $0.kind == .entity(.task) }
        let looksLikeTask = word.contains("-") || word.hasPrefix("task_")
        return takesTask && looksLikeTask ? " Did you mean --task \(word)?" : ""
    }

    private mutating func takeRest() {
        let tail = Array(words[index...])
        index = words.count
        if path[path.count - 1].rest != nil { values.rest = tail } else { positionals += tail }
    }

    // MARK: Flags

    private func flag(where matches: (Flag) -> Bool) -> Flag? {
        path[path.count - 1].allFlags.first(where: matches) ?? GlobalFlags.all.first(where: matches)
    }

    private mutating func readLong(_ word: String) throws(APIError) {
        let body = word.dropFirst(2)
        let equals = body.firstIndex(of: "=")
        let name = String(body[..<(equals ?? body.endIndex)])
        let inline = equals.map { String(body[body.index(after: $0)...]) }
        guard let flag = flag(where: { $0.name == name }) else { throw unknownFlag("--\(name)") }
        try take(flag, label: "--\(name)", inline: inline)
    }

    private mutating func readShort(_ word: String) throws(APIError) {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            guard let flag = flag(where: { $0.short == letter }) else { throw unknownFlag("-\(letter)") }
            let isSwitch = flag.kind == nil
            let inline =
                isSwitch || letters.isEmpty ? nil : String(letters.first == "=" ? letters.dropFirst() : letters)
            try take(flag, label: "-\(letter)", inline: inline)
            if !isSwitch { return }
        }
    }

    private mutating func take(_ flag: Flag, label: String, inline: String?) throws(APIError) {
        guard let kind = flag.kind else {
            if let inline { throw .usage("\(label) takes no value, but got '\(inline)'. See '\(title) --help'.") }
            if flag.name == "help" { wantsHelp = label == "-h" ? .short : .long }
            values.switches.insert(flag.name)
            return
        }
        guard let text = inline ?? nextWord() else {
            throw .usage("\(label) needs a value: \(label) \(flag.placeholder). See '\(title) --help'.")
        }
        // What may be given several times may be given at once; the words of a choice hold no commas.
        if flag.repeats, case .choice = kind, text.contains(",") {
            for word in text.split(separator: ",").map(String.init) {
                try kind.check(word, for: label)
                values.texts[flag.name, default: []].append(word)
            }
            return
        }
        try kind.check(text, for: label)
        if !flag.repeats, values.texts[flag.name] != nil {
            throw .usage("\(label) was given twice; it takes one value. See '\(title) --help'.")
        }
        values.texts[flag.name, default: []].append(text)
    }

    private mutating func nextWord() -> String? {
        guard index < words.count, words[index] != "--" else { return nil }
        defer { index += 1 }
        return words[index]
    }

    private func unknownFlag(_ label: String) -> APIError {
        let names = (path[path.count - 1].allFlags + GlobalFlags.all).filter { !$0.isHidden }.map { "--\($0.name)" }
        let hint = Suggestion.nearest(to: label, in: names).map { " Did you mean \($0)?" } ?? ""
        return .usage("'\(title)' has no flag \(label).\(hint) See '\(title) --help'.")
    }

    // MARK: Checks

    private mutating func assignPositionals(_ command: Command) throws(APIError) {
        var left = positionals[...]
        for argument in command.arguments {
            if argument.repeats {
                values.texts[argument.name] = Array(left)
                left = []
            } else if let word = left.popFirst() {
                values.texts[argument.name] = [word]
            }
            let given = values.texts[argument.name] ?? []
            if given.isEmpty, !argument.isOptional {
                throw .usage("'\(title)' needs \(argument.usage): \(argument.help) See '\(title) --help'.")
            }
            for word in given {
                // Most often a shell's variable that is not set.
                if word.isEmpty, case .entity = argument.kind {
                    throw .usage("'\(title)' got an empty \(argument.name.uppercased()). See '\(title) --help'.")
                }
                try argument.kind.check(word, for: argument.name.uppercased())
            }
        }
        if let extra = left.first {
            throw .usage("'\(title)' does not expect '\(extra)'.\(asFlag(extra, command)) See '\(title) --help'.")
        }
    }

    private func checkRequired(_ command: Command) throws(APIError) {
        for flag in command.flags where flag.isRequired && values.texts[flag.name] == nil {
            throw .usage("'\(title)' needs --\(flag.name) \(flag.placeholder). See '\(title) --help'.")
        }
        if let rest = command.rest, rest.isRequired, values.rest.isEmpty {
            throw .usage("'\(title)' needs -- \(rest.placeholder): \(rest.help) See '\(title) --help'.")
        }
    }
}
