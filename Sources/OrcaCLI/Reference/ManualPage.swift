/// `orca(1)`, in the man macros of roff.
package enum ManualPage {
    package static func roff(_ root: Command, version: String) -> String {
        var page = """
            .TH ORCA 1 "" "orca \(version)" "Orca"
            .SH NAME
            orca \\- \(text(root.summary))
            .SH SYNOPSIS
            .B orca
            .I COMMAND
            .RI [ arguments ]
            .RI [ flags ]
            .SH DESCRIPTION
            \(paragraphs(root.discussion))
            .SH OPTIONS
            These flags are taken by every command.

            """
        page += flags(GlobalFlags.all) + ".SH COMMANDS\n"
        for path in CommandWalk.all(root).dropFirst() { page += section(path) }
        for topic in HelpTopic.allCases {
            page +=
                ".SH \(text(topic.title.uppercased()))\n"
                + topic.rows.map { ".TP\n.B \(text($0.0))\n\(text($0.1))\n" }.joined()
        }
        return page
    }

    private static func section(_ path: [Command]) -> String {
        let command = path[path.count - 1]
        if command.run == nil {
            return ".SS \(text(path.dropFirst().map(\.name).joined(separator: " ")))\n\(text(command.summary))\n"
        }
        var part = ".SS \(text(HelpPage.usage(path)))\n\(text(command.summary))\n"
        if !command.discussion.isEmpty { part += ".PP\n" + paragraphs(command.discussion) + "\n" }
        for argument in command.arguments { part += ".TP\n.I \(text(argument.usage))\n\(text(argument.help))\n" }
        part += flags(command.allFlags.filter { !$0.isHidden })
        for example in command.examples {
            part += ".PP\n.EX\n$ \(text(example.line))\n.EE\n\(text(example.meaning))\n"
        }
        return part
    }

    private static func flags(_ flags: [Flag]) -> String {
        flags.map { ".TP\n.B \(text($0.label.trimmed))\n\(text(HelpPage.flagHelp($0)))\n" }.joined()
    }

    private static func paragraphs(_ source: String) -> String {
        source.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? ".PP" : text(String($0)) }
            .joined(separator: "\n")
    }

    /// Text that roff takes as it is: no escapes, no requests at the beginning of a line.
    private static func text(_ source: String) -> String {
        var escaped = ""
        for scalar in source.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let isPlain = scalar.isASCII
                escaped +=
                    isPlain
                    ? String(scalar) : "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
            }
        }
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }
}
