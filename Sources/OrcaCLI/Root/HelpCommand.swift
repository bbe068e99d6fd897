import OrcaAPI
import OrcaSupport

/// `orca help`, `orca version`, `orca man`
enum HelpCommand {
    static var command: Command {
        Command(
            "help", "Show help for a command or a topic: exit-codes, environment, files.",
            arguments: [
                Argument("topic", .text, "A command (`task claim`) or a topic.", optional: true, repeats: true)
            ],
            flags: [.toggle("reference", "Print the whole reference as Markdown.")], run: run)
    }

    static var version: Command {
        Command(
            "version", "Print the version.",
            run: { (call) throws(APIError) in
                if call.isJSON {
                    call.context.out.write("{\"version\":\"\(ProductVersion.current)\"}\n")
                } else {
                    call.context.out.write("orca \(ProductVersion.current)\n")
                }
            })
    }

    static var manual: Command {
        Command(
            "man", "Print the manual page.", examples: [.init("orca man | man -l -", "Read it.")],
            run: { (call) throws(APIError) in
                call.context.out.write(ManualPage.roff(Root.command, version: ProductVersion.current))
            })
    }

    private static func refuse(_ message: String, _ call: Invocation) {
        call.exitCode = ContractReport.write(
            .invalid(message), id: ContractReport.localID, runtimeID: nil, asJSON: call.isJSON, call.context)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        if call.isOn("reference") {
            call.context.out.write(ReferencePage.markdown(Root.command))
            return
        }
        let words = call.list("topic")
        if words.count == 1, let topic = HelpTopic(rawValue: words[0]) {
            call.context.out.write(topic.text)
            return
        }
        var path = [Root.command]
        for word in words {
            guard let next = Synonyms.find(word, in: path[path.count - 1].children()) else {
                let names =
                    path[path.count - 1].children().map(\.name)
                    + (path.count == 1 ? HelpTopic.allCases.map(\.rawValue) : [])
                let hint = Suggestion.nearest(to: word, in: names).map { " Did you mean '\($0)'?" } ?? ""
                let told = "There is no help for '\(words.joined(separator: " "))'.\(hint) See 'orca help'."
                // In the contract's part of the tree every failure exits with 1.
                if path.contains(where: { $0.grammar == .contract }) { return refuse(told, call) }
                throw .usage(told)
            }
            path.append(next)
        }
        let page = HelpPage(path: path, isLong: true, width: call.context.terminalWidth ?? 100, style: call.style)
        call.context.out.write(page.text)
    }
}
