/// `docs/reference/cli.md`.
package enum ReferencePage {
    package static func markdown(_ root: Command) -> String {
        var page = """
            # Command line

            Generated from the command tree by `orca help --reference`; do not edit it by hand.

            Synonyms work everywhere: `create`/`add`/`new`, `delete`/`remove`/`rm`, `complete`/`done`/`finish`,
            `list`/`ls`, `show`/`get`, `update`/`set`.

            ## Flags of every command

            \(flagTable(GlobalFlags.all))

            """
        for path in CommandWalk.all(root).dropFirst() { page += "\n" + section(path) }
        for topic in HelpTopic.allCases { page += "\n## \(topic.title)\n\n\(topic.markdown)\n" }
        return page
    }

    private static func section(_ path: [Command]) -> String {
        let command = path[path.count - 1]
        let title = path.map(\.name).joined(separator: " ")
        var parts = [String(repeating: "#", count: min(path.count, 4)) + " `\(title)`", command.summary]
        if command.run != nil { parts.append("    " + HelpPage.usage(path)) }
        if !command.discussion.isEmpty { parts.append(command.discussion) }
        let arguments =
            command.arguments.map { ($0.usage, $0.help) }
            + (command.rest.map { [("-- " + $0.placeholder, $0.help)] } ?? [])
        if !arguments.isEmpty { parts.append(table("Argument", arguments)) }
        let flags = command.allFlags.filter { !$0.isHidden }
        if command.run != nil, !flags.isEmpty { parts.append(flagTable(flags)) }
        for example in command.examples { parts.append("    \(example.line)\n\n\(example.meaning)") }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func flagTable(_ flags: [Flag]) -> String {
        table("Flag", flags.map { ($0.label.trimmed, HelpPage.flagHelp($0)) })
    }

    private static func table(_ heading: String, _ rows: [(String, String)]) -> String {
        let lines = rows.map { "| `\($0.0)` | \($0.1.replacing("|", with: "\\|")) |" }
        return (["| \(heading) | |", "|---|---|"] + lines).joined(separator: "\n")
    }
}

extension String {
    /// Without the spaces around it.
    package var trimmed: String {
        String(String(drop { $0.isWhitespace }.reversed()).drop { $0.isWhitespace }.reversed())
    }
}
