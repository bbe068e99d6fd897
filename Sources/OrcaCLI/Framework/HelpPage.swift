/// The text of `--help` and `-h`.
package struct HelpPage {
    private let path: [Command]
    private let isLong: Bool
    private let width: Int
    private let style: Style

    package init(path: [Command], isLong: Bool, width: Int, style: Style) {
        self.path = path
        self.isLong = isLong
        self.width = max(40, min(width, 120))
        self.style = style
    }

    private var command: Command { path[path.count - 1] }
    private var title: String { path.map(\.name).joined(separator: " ") }

    package var text: String {
        var parts = [Wrap.text(command.summary, width: width)]
        parts.append(style.bold("Usage:") + " " + Self.usage(path))
        if isLong, !command.discussion.isEmpty { parts.append(Wrap.text(command.discussion, width: width)) }
        parts += commandLists
        parts += [argumentList, flagList].compactMap(\.self)
        if isLong {
            parts.append(section("Flags of every command", command.globalFlags.map { ("  " + $0.label, $0.help) }))
        }
        if isLong || path.count > 1, !command.examples.isEmpty { parts.append(exampleList) }
        if !isLong { parts.append("See '\(title) --help' for all of it.") }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// `orca claim [TASK] --agent NAME [flags]`
    package static func usage(_ path: [Command]) -> String {
        let command = path[path.count - 1]
        var words = [path.map(\.name).joined(separator: " ")]
        if command.run == nil { return words[0] + " COMMAND" }
        words += command.arguments.map(\.usage)
        words += command.flags.filter(\.isRequired).map { "--\($0.name) \($0.placeholder)" }
        words.append("[flags]")
        if let rest = command.rest {
            words.append(rest.isRequired ? "-- \(rest.placeholder)" : "[-- \(rest.placeholder)]")
        }
        return words.joined(separator: " ")
    }

    private var commandLists: [String] {
        let children = command.children().filter { !$0.isHidden }
        if children.isEmpty { return [] }
        if path.count > 1 { return [section("Commands", children.map { ("  " + $0.name, $0.summary) })] }
        return Command.Section.allCases.compactMap { heading in
            let members = children.filter { $0.section == heading }
            return members.isEmpty ? nil : section(heading.rawValue, members.map { ("  " + $0.name, $0.summary) })
        }
    }

    private var argumentList: String? {
        var rows = command.arguments.map { ("  " + $0.name.uppercased(), $0.help) }
        if let rest = command.rest { rows.append(("  " + rest.placeholder, rest.help)) }
        return rows.isEmpty ? nil : section("Arguments", rows)
    }

    private var flagList: String? {
        let flags = command.allFlags.filter { !$0.isHidden }
        return flags.isEmpty ? nil : section("Flags", flags.map { ("  " + $0.label, Self.flagHelp($0)) })
    }

    /// The help of a flag with its choices and whether it repeats.
    package static func flagHelp(_ flag: Flag) -> String {
        var text = flag.help
        if case .choice(let words)? = flag.kind { text += " One of \(words.joined(separator: ", "))." }
        if flag.repeats { text += " May be given several times." }
        return text
    }

    private var exampleList: String {
        let lines = command.examples.flatMap { example in
            ["  $ \(example.line)", Wrap.text(example.meaning, width: width, indent: 6)]
        }
        return ([style.bold("Examples:")] + lines).joined(separator: "\n")
    }

    private func section(_ heading: String, _ rows: [(label: String, help: String)]) -> String {
        let column = min(34, (rows.map(\.label.count).max() ?? 0) + 3)
        let lines = rows.map { row in
            let help = Wrap.text(row.help, width: width, indent: column)
            if row.label.count + 2 > column { return row.label + "\n" + help }
            return row.label + help.dropFirst(row.label.count)
        }
        return ([style.bold(heading + ":")] + lines).joined(separator: "\n")
    }
}
