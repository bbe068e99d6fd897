package import OrcaAPI

/// One node of the command tree: a noun with verbs below it, or a verb that runs.
///
/// Parsing, help, completions, the manual page and `docs/reference/cli.md` all come from this value.
package struct Command {
    package var name: String
    /// Other names, shown in help. The synonyms of `Synonyms` need not be listed.
    package var aliases: [String]
    /// One sentence with its full stop.
    package var summary: String
    /// Paragraphs of the long help, separated by empty lines.
    package var discussion: String
    package var examples: [Example]
    package var arguments: [Argument]
    package var flags: [Flag]
    /// What comes after `--`, when the command takes another command line.
    package var rest: Rest?
    package var section: Section
    /// How its line is read, once it has been named.
    package var grammar = Grammar.orca
    /// Left out of help and completions.
    package var isHidden: Bool
    /// A command that changes something takes `--idempotency-key`.
    package var changesSomething: Bool
    /// Built only when the parser or a generator descends here.
    package var children: () -> [Command]
    package var run: ((Invocation) throws(APIError) -> Void)?

    package init(
        _ name: String, _ summary: String, aliases: [String] = [], section: Section = .more, changes: Bool = false,
        hidden: Bool = false, arguments: [Argument] = [], flags: [Flag] = [], rest: Rest? = nil,
        discussion: String = "", examples: [Example] = [], children: @escaping () -> [Command] = { [] },
        run: ((Invocation) throws(APIError) -> Void)? = nil
    ) {
        self.name = name
        self.summary = summary
        self.aliases = aliases
        self.section = section
        changesSomething = changes
        isHidden = hidden
        self.arguments = arguments
        self.flags = flags
        self.rest = rest
        self.discussion = discussion
        self.examples = examples
        self.children = children
        self.run = run
    }

    /// The flags of the command's own, with the one every changing command has.
    package var allFlags: [Flag] {
        guard changesSomething else { return flags }
        let retry = grammar == .contract ? [ContractGrammar.retryRequest] : []
        return flags + retry + [GlobalFlags.idempotencyKey]
    }

    /// The flags it shares with the commands of its grammar.
    package var globalFlags: [Flag] {
        guard grammar == .contract else { return GlobalFlags.all }
        return (GlobalFlags.all + ContractGrammar.globalFlags)
            .filter { shared in !flags.contains { $0.name == shared.name } }
            .map { flag in
                var flag = flag
                flag.short = nil
                return flag
            }
    }

    /// Runs it. Precondition: it is a verb, not a noun.
    package func perform(_ call: Invocation) throws(APIError) {
        guard let run else { preconditionFailure("\(name) has verbs and does not run by itself") }
        try run(call)
    }

    /// The headings of `orca help`.
    package enum Section: String, CaseIterable {
        case daily = "Every day"
        case workers = "Workers and plans"
        case nouns = "Things"
        case server = "Server"
        case more = "More"
    }

    package enum Grammar: Hashable {
        case orca
        /// That of the published orchestration commands; see `ContractGrammar`.
        case contract
    }

    package struct Example {
        package var line: String
        package var meaning: String

        package init(_ line: String, _ meaning: String) {
            self.line = line
            self.meaning = meaning
        }
    }

    /// The words after `--`.
    package struct Rest {
        package var placeholder: String
        package var help: String
        package var isRequired: Bool

        package init(_ placeholder: String, _ help: String, required: Bool) {
            self.placeholder = placeholder
            self.help = help
            isRequired = required
        }
    }
}
