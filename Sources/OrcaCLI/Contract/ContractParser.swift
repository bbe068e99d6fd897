import OrcaAPI
import OrcaSupport

/// Reads the rest of a command line once it has come to a command of the contract.
struct ContractParser {
    private var path: [Command]
    private var values: ParsedValues
    private var wantsHelp: Bool
    private let words: ArraySlice<String>
    private var index: Int
    private var positionals: [String] = []
    private var flags: [(name: String, value: String?)] = []

    /// - Parameter path: from the root to the command that has been read.
    init(path: [Command], values: ParsedValues, wantsHelp: Bool, words: ArraySlice<String>) {
        self.path = path
        self.values = values
        self.wantsHelp = wantsHelp
        self.words = words
        index = words.startIndex
    }

    private var command: Command { path[path.count - 1] }
    /// As it is named in messages: without the program.
    private var title: String { path.dropFirst().map(\.name).joined(separator: " ") }

    mutating func parse() -> ParsedLine {
        do throws(APIError) {
            try readWords()
            if wantsHelp { return .help(path: path, isLong: true) }
            if command.run == nil { return .help(path: path, isLong: false) }
            try assignFlags()
            try assignPositionals()
            return .run(ParsedCommand(path: path, values: values))
        } catch {
            // Asking for help wins over mistakes in flags, but not over a command that is not there.
            if wantsHelp, positionals.isEmpty { return .help(path: path, isLong: true) }
            return .refused(path: path, asJSON: wantsJSON, error)
        }
    }

    private var wantsJSON: Bool { values.switches.contains("json") || flags.contains { $0.name == "json" } }

    private mutating func readWords() throws(APIError) {
        while index < words.endIndex {
            let word = words[index]
            index += 1
            if word == "--", command.rest != nil {
                values.rest = Array(words[index...])
                index = words.endIndex
            } else if word.hasPrefix("--") {
                readFlag(word)
            } else if word == "-h", positionals.isEmpty {
                wantsHelp = true
            } else if positionals.isEmpty, let child = Synonyms.find(word, in: command.children()) {
                path.append(child)
            } else {
                positionals.append(word)
            }
        }
        if command.arguments.isEmpty, !positionals.isEmpty { throw unknownCommand }
    }

    private mutating func readFlag(_ word: String) {
        let body = word.dropFirst(2)
        if let equals = body.firstIndex(of: "=") {
            flags.append((String(body[..<equals]), String(body[body.index(after: equals)...])))
            return
        }
        let name = String(body)
        if name == "help" { wantsHelp = true }
        let takesNothing = ContractGrammar.switches.contains(name) || isOwnSwitch(name)
        guard !takesNothing, index < words.endIndex, !words[index].hasPrefix("--") else {
            flags.append((name, nil))
            return
        }
        flags.append((name, words[index]))
        index += 1
    }

    private func isOwnSwitch(_ name: String) -> Bool {
        declared(name).map { $0.kind == nil } == true && !ContractGrammar.switchesByAbsence.contains(name)
    }

    private func declared(_ name: String) -> Flag? {
        command.allFlags.first { $0.name == name } ?? command.globalFlags.first { $0.name == name }
    }

    private mutating func assignFlags() throws(APIError) {
        for (name, value) in flags {
            guard let flag = declared(name) else { throw unknownFlag(name) }
            if flag.kind == nil {
                if value == "false" { values.switches.remove(name) } else { values.switches.insert(name) }
            } else if let value {
                let earlier = flag.repeats ? values.texts[name] ?? [] : []
                values.texts[name] = earlier + [value]
                values.bare.remove(name)
            } else {
                values.texts[name] = nil
                values.bare.insert(name)
            }
        }
    }

    private mutating func assignPositionals() throws(APIError) {
        var left = positionals[...]
        for argument in command.arguments {
            if argument.repeats {
                values.texts[argument.name] = Array(left)
                left = []
            } else if let word = left.popFirst() {
                values.texts[argument.name] = [word]
            }
            if (values.texts[argument.name] ?? []).isEmpty, !argument.isOptional {
                throw .invalid("Missing required \(argument.name.uppercased())")
            }
        }
        if !left.isEmpty { throw unknownCommand }
    }

    private var unknownCommand: APIError {
        let names = command.children().filter { !$0.isHidden }.flatMap { [$0.name] + $0.aliases }
        let near = Suggestion.nearest(to: positionals[0], in: names).map { "Did you mean 'orca \(title) \($0)'?" }
        return .invalid(
            "Unknown command: \(([title] + positionals).joined(separator: " "))",
            next: [near, "See 'orca \(title) --help'."].compactMap(\.self))
    }

    private func unknownFlag(_ name: String) -> APIError {
        let names = (command.allFlags + command.globalFlags).filter { !$0.isHidden }.map(\.name)
        let near = Suggestion.nearest(to: name, in: names).map { "Did you mean --\($0)?" }
        return .invalid(
            "Unknown flag --\(name) for command: \(title)",
            next: [near, "See 'orca \(title) --help'."].compactMap(\.self))
    }
}
