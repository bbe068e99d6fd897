import OrcaAPI
import OrcaCLI
import OrcaDomain
import OrcaProtobuf
import Testing

private func parsed(_ words: String...) throws -> ParsedCommand {
    guard case .run(let command) = try CommandLineParser.parse(words, root: Root.command) else {
        throw APIError("no_command", .internal, "nothing runs")
    }
    return command
}

private func complaint(_ words: [String]) -> String {
    do throws(APIError) {
        _ = try CommandLineParser.parse(words, root: Root.command)
        Issue.record("the line was taken")
        return ""
    } catch {
        #expect(error.category == .invalidArgument)
        return error.message
    }
}

@Suite struct ParserTests {
    @Test func readsFlagsWhereverTheyStand() throws {
        let command = try parsed(
            "--json", "task", "-w", "team", "list", "--status=ready", "-pAPI", "--status", "failed", "-q")
        #expect(command.title == "orca task list")
        #expect(command.values.switches == ["json", "quiet"])
        #expect(command.values.texts == ["workspace": ["team"], "status": ["ready", "failed"], "project": ["API"]])
    }

    @Test(arguments: [
        (["task", "new", "T"], "orca task create"), (["tasks", "add", "T"], "orca task create"),
        (["create", "T"], "orca add"),
        (["project", "rm", "API"], "orca project delete"), (["project", "remove", "API"], "orca project delete"),
        (["finish", "API-1"], "orca done"), (["complete", "API-1"], "orca done"),
        (["task", "done", "API-1"], "orca task complete"),
        (["agent", "ls"], "orca agent list"), (["task", "get", "API-1"], "orca task show"),
        (["task", "set", "API-1"], "orca task update"),
        (["ws", "ls"], "orca workspace list"), (["config", "get", "listen"], "orca config get"),
    ])
    func knowsSynonyms(words: [String], title: String) throws {
        guard case .run(let command) = try CommandLineParser.parse(words, root: Root.command) else {
            Issue.record("nothing runs")
            return
        }
        #expect(command.title == title)
    }

    @Test func handsOnWhatFollowsTwoDashes() throws {
        let command = try parsed("work", "--agents", "2", "--", "sh", "-c", "--json -- x")
        #expect(command.values.rest == ["sh", "-c", "--json -- x"])
        #expect(try parsed("add", "--", "--title", "-x").values.texts["title"] == ["--title", "-x"])
    }

    @Test func takesNegativeNumbersAsValues() throws {
        #expect(try parsed("add", "T", "--priority", "-5").values.texts["priority"] == ["-5"])
    }

    @Test(arguments: [
        (["clam"], "'orca' has no command 'clam'. Did you mean 'orca claim'? See 'orca --help'."),
        (["tsak", "list"], "'orca' has no command 'tsak'. Did you mean 'orca task'? See 'orca --help'."),
        (
            ["task", "lsit"],
            "'orca task' has no command 'lsit'. Did you mean 'orca task list'? See 'orca task --help'."
        ),
        (
            ["task", "list", "--jsn"],
            "'orca task list' has no flag --jsn. Did you mean --json? See 'orca task list --help'."
        ),
        (
            ["task"],
            "'orca task' needs a verb: create, list, ready, show, update, delete, depend, undepend, claim, complete, fail, renew, release, progress, explain, cancel, retry, override, wait, graph. See 'orca task --help'."
        ),
        (["task", "show"], "'orca task show' needs TASK: Ref (API-12) or id. See 'orca task show --help'."),
        (["fail", "API-1"], "'orca fail' needs --error TEXT. See 'orca fail --help'."),
        (
            ["exec", "--task", "API-1"],
            "'orca exec' needs -- COMMAND ...: The program and its arguments. See 'orca exec --help'."
        ),
        (["list", "--limit"], "--limit needs a value: --limit N. See 'orca list --help'."),
        (["list", "--limit", "x"], "--limit takes a whole number from 1 to 1000, not 'x'"),
        (
            ["list", "--limit", "1", "--limit", "2"],
            "--limit was given twice; it takes one value. See 'orca list --help'."
        ),
        (["list", "--all=yes"], "--all takes no value, but got 'yes'. See 'orca list --help'."),
        (
            ["list", "--status", "redy"],
            "--status takes one of pending, ready, dispatched, blocked, completed, failed, canceled, not 'redy'; did you mean 'ready'?"
        ),
        (["wait", "API-1", "--for", "soon"], "--for takes a duration like 500ms, 30s, 5m, 2h or 1d, not 'soon'"),
        (["add", "T", "--context", "x"], "--context takes KEY=VALUE, not 'x'"),
        (["show", "API-1", "API-2"], "'orca show' does not expect 'API-2'. See 'orca show --help'."),
        (
            ["attempt", "list", "API-1"],
            "'orca attempt list' takes no argument, but got 'API-1'. Did you mean --task API-1? See 'orca attempt list --help'."
        ),
        (["delete", "API-1"], "'orca' has no command 'delete'. Did you mean 'orca task delete'? See 'orca --help'."),
        (["import", "plan.md"], "'orca' has no command 'import'. Did you mean 'orca plan import'? See 'orca --help'."),
        (["show", ""], "'orca show' got an empty TASK. See 'orca show --help'."),
        (["logs", "now"], "'orca logs' takes no argument, but got 'now'. See 'orca logs --help'."),
    ])
    func complaintsSayWhatToDo(words: [String], message: String) {
        #expect(complaint(words) == message)
    }

    @Test func choicesThatMayBeGivenSeveralTimesMayStandInOneWord() throws {
        let world = FakeWorld()
        world.client.on(Operations.listTasks) { _ in .init() }
        #expect(world.run("list", "--status", "ready,failed", "--status", "blocked").code == 0)
        #expect(world.client.requests(OrcaV1.ListTasksRequest.self)[0].status == [.ready, .failed, .blocked])
        #expect(world.run("list", "--status", "ready,odd").err.contains("not 'odd'"))
    }

    @Test func helpWinsOverMistakesInValues() throws {
        guard
            case .help(let path, let isLong) = try CommandLineParser.parse(
                ["task", "show", "--help"], root: Root.command)
        else {
            Issue.record("no help")
            return
        }
        #expect(path.map(\.name) == ["orca", "task", "show"] && isLong)
    }

    @Test func everyCommandIsWellFormed() {
        for path in CommandWalk.all(Root.command) {
            let command = path[path.count - 1]
            let title = path.map(\.name).joined(separator: " ")
            let flags = command.allFlags + command.globalFlags
            #expect(Set(flags.map(\.name)).count == flags.count, "\(title) has a flag twice")
            let shorts = flags.compactMap(\.short)
            #expect(Set(shorts).count == shorts.count, "\(title) has a short flag twice")
            // Agents have `orca mcp` in their configuration; what installs it there belongs to it.
            let isBoth = title == "orca mcp"
            #expect(isBoth || (command.run == nil) != command.children().isEmpty, "\(title) has verbs or runs")
            #expect(command.summary.hasSuffix("."), "\(title): a summary is a sentence")
            for flag in flags { #expect(flag.help.hasSuffix("."), "\(title) --\(flag.name): help is a sentence") }
            #expect(command.arguments.dropLast().allSatisfy { !$0.repeats }, "\(title): only the last argument repeats")
            let optional = command.arguments.drop { !$0.isOptional }
            #expect(optional.allSatisfy { $0.isOptional }, "\(title): optional arguments come last")
            let names = command.children().flatMap { [$0.name] + $0.aliases }
            #expect(Set(names).count == names.count, "\(title) has a verb twice")
            for example in command.examples where example.line.hasPrefix("orca ") && !example.line.contains("|") {
                #expect(parses(example.line), "\(title): the example does not parse: \(example.line)")
            }
        }
    }

    /// Whether an example is understood; quoted words count as one.
    private func parses(_ line: String) -> Bool {
        var words: [String] = []
        var current = ""
        var isQuoted = false
        for character in line.dropFirst(5) {
            if character == "'" {
                isQuoted.toggle()
            } else if character == " ", !isQuoted {
                if !current.isEmpty { words.append(current) }
                current = ""
            } else {
                current.append(character)
            }
        }
        if !current.isEmpty { words.append(current) }
        words = words.filter { $0 != "&" }.map { $0 == "$$" ? "1" : $0 }
        // A line that is refused and one that throws are both not understood.
        guard let line = try? CommandLineParser.parse(words, root: Root.command) else { return false }
        if case .refused = line { return false }
        return true
    }
}
