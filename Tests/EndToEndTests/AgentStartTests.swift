import OrcaSupport
import OrcaTestKit
import Testing

/// Agents that are started with worktrees and terminals: found as the person's shell finds them, with their prompt, with
/// their hooks.
@Suite(.serialized) struct AgentStartTests {
    private func grove() throws -> Installation {
        let place = try Installation()
        try place.makeRepository()
        _ = try place.result("repo", "add", "--path", place.repository)
        return place
    }

    private func create(_ place: Installation, _ name: String, _ rest: String...) throws -> JSONValue {
        let value = try place.envelope(["worktree", "create", "--name", name] + rest, in: place.repository)
        return try #require(value["result"])
    }

    @Test func anAgentStartsInItsNewWorktreeWithItsPrompt() throws {
        let place = try grove()
        try place.makeAgent("codex", title: "Codex ready")
        let prompt = "-- it's \"50%\" \\ $HOME `id`;\n#{pane_id} \u{e9}\tdone"
        let result = try create(place, "audit", "--agent", "codex", "--prompt=\(prompt)")
        let worktree = try #require(result["worktree"])
        let started = try #require(result["startupTerminal"])
        let handle = try #require(started["handle"]?.stringValue)
        #expect(started["spawned"] == .bool(true) && started["surface"]?.stringValue == "background")
        #expect(started["ptyId"]?.stringValue?.hasPrefix("%") == true)
        let tab = try #require(started["tabId"]?.stringValue)
        #expect(started["paneKey"]?.stringValue == "\(tab):\(handle.dropFirst("term_".count))")

        let arguments = try place.arguments(of: "codex")
        #expect(arguments.last == " " + prompt)
        #expect(arguments.first == "-c" && arguments.dropFirst().first?.hasPrefix("notify=[") == true)
        let id = try #require(worktree["id"]?.stringValue)
        let listed = try place.result("terminal", "list", "--worktree", "id:\(id)")
        #expect(listed["terminals"]?.arrayValue?.map { $0["handle"]?.stringValue } == [handle])
        let trusted = try Files.readText(place.folder.path(".codex/config.toml"))
        #expect(trusted.contains("[projects.\"\(try #require(worktree["path"]?.stringValue))\"]"))
    }

    @Test func aLongPromptArrivesWhole() throws {
        let place = try grove()
        try place.makeAgent("claude", title: "✳ Claude Code")
        var prompt = ""
        while prompt.utf8.count < 80_000 { prompt += "line \(prompt.utf8.count) with 'quotes', #{formats} and %H\n" }
        _ = try create(place, "long", "--agent", "claude", "--prompt", prompt)
        #expect(try place.arguments(of: "claude").last == prompt)
        // The list of terminals shows the agent, not its prompt.
        let listed = try place.orca("terminal", "list", "--json")
        #expect(!listed.contains("with 'quotes'"))
    }

    @Test func whetherAWorktreeOfOursIsTrustedIsNotAskedAgain() throws {
        let place = try grove()
        // Asks as Claude Code does, with the refusal marked; Enter there would end it.
        try place.makeProgram(
            "claude",
            """
            stty -echo -icanon
            choice=no; show() { printf '\\033[2J\\033[HIs this a project you trust?\\n\\n'
              [ $choice = no ] && printf ' ❯ No, exit\\n   Yes, I trust this folder\\n' \\
                || printf '   No, exit\\n ❯ Yes, I trust this folder\\n'
              printf '\\n Enter to confirm · Esc to cancel\\n'; }
            show
            while IFS= read -r -n 1 -d '' key; do case "$key" in
              B) choice=yes; show;; A) choice=no; show;; $'\\r'|$'\\n') break;; esac; done
            echo $choice > $HOME/answer; [ $choice = yes ] || exit 1
            printf '\\033]0;⠋ x\\007\\033[?2004h\\033[2J\\033[Hready\\n'; sleep 0.1
            printf '\\033]0;✳ Claude Code\\007'; sleep 600
            """)
        let made = try create(place, "ours", "--agent", "claude", "--prompt", "go")
        let answer = place.folder.path("answer")
        #expect(place.eventually { Files.kind(answer) != nil }, "\(made)")
        #expect(try Files.readText(answer) == "yes\n")
        try place.awaitIdle(try text(made, "startupTerminal", "handle"))

        // The same where the agent is started by its command line, and not in a directory of the person's.
        try Files.removeTree(answer)
        _ = try place.result("terminal", "create", "--worktree", "name:ours", "--command", "claude --model opus")
        #expect(place.eventually { Files.kind(answer) != nil })
        let own = try place.result("terminal", "create", "--command", "claude", in: place.repository)
        let handle = try text(own, "terminal", "handle")
        let waited = try place.envelope(
            ["terminal", "wait", "--terminal", handle, "--for", "tui-idle", "--timeout-ms", "30000"], code: nil)
        #expect(waited["result"]?["wait"]?["blockedReason"]?.stringValue == "trust-prompt", "\(waited)")
    }

    @Test func aPromptThatIsTypedArrivesOnceTheAgentIsUp() throws {
        let place = try grove()
        try place.makeProgram(
            "aider",
            "printf '\\033[?2004h'; sleep 0.5; printf '> '; IFS= read -r line; echo \"$line\" > $HOME/typed; sleep 600")
        let result = try create(place, "typed", "--agent", "aider", "--prompt", "fix the login")
        #expect(result["startupTerminal"]?["spawned"] == .bool(true), "\(result)")
        #expect(place.eventually { Files.size(place.folder.path("typed")) ?? 0 > 0 })
        #expect(try Files.readText(place.folder.path("typed")).contains("fix the login"))
    }

    @Test func aRepeatedRequestStartsNoSecondAgent() throws {
        let place = try grove()
        try place.makeAgent("claude", title: "✳ Claude Code")
        let first = try create(place, "once", "--agent", "claude", "--retry-request", "key-1")
        let second = try create(place, "once", "--agent", "claude", "--retry-request", "key-1")
        #expect(first == second && first["startupTerminal"]?["handle"] != nil)
        #expect(try place.result("terminal", "list")["totalCount"] == .integer(1))
        #expect(try place.result("worktree", "list")["totalCount"] == .integer(2))
    }

    @Test func anAgentThatIsNotThereIsToldBesideTheWorktree() throws {
        let place = try grove()
        let answer = try Subprocess.run(
            place.command(
                "orca",
                ["worktree", "create", "--name", "x", "--repo", "name:repo", "--agent", "goose", "--prompt", "hello"]),
            timeout: .seconds(100))
        #expect(answer.code == 0)
        #expect(answer.errorText.contains("goose ended at once, or is not installed"), "\(answer)")
        #expect(answer.outputText.contains("\nterminal: term_"))
    }

    @Test func withoutTerminalsTheWorktreeIsThereAndTheReasonIsTold() throws {
        let place = try Installation()
        try place.makeRepository()
        for program in ["git", "bash", "sh", "env"] {
            let path = try Paths.resolved("/usr/bin/\(program)")
            try place.makeProgram(program, "exec \(path) \"$@\"")
        }
        let poor = ["PATH": place.folder.path("bin") + ":" + place.programs]
        _ = try place.result("repo", "add", "--path", place.repository, with: poor)
        let result = try place.result(
            "worktree", "create", "--name", "bare", "--repo", "name:repo", "--agent", "codex", with: poor)
        #expect(Files.isDirectory(try #require(result["worktree"]?["path"]?.stringValue)))
        let startup = try #require(result["startupTerminal"])
        #expect(startup["spawned"] == .bool(false))
        #expect(startup["problem"]?.stringValue?.contains("tmux is not installed") == true, "\(startup)")
        let refused = try place.refusal("terminal", "create", with: poor)
        #expect(refused["message"]?.stringValue?.contains("apt-get install tmux") == true, "\(refused)")

        try place.makeProgram("tmux", "echo tmux 2.9")
        let old = try place.refusal("terminal", "create", with: poor)
        #expect(old["message"]?.stringValue?.contains("tmux 2.9 is too old") == true, "\(old)")
    }

    @Test func agentsAndPromptsThatMakeNoSenseAreRefusedBeforeAnythingIsMade() throws {
        let place = try grove()
        let unknown = try place.refusal("worktree", "create", "--name", "x", "--repo", "name:repo", "--agent", "clawd")
        #expect(unknown["code"]?.stringValue == "invalid_argument")
        #expect(unknown["message"]?.stringValue == "Unknown TUI agent \"clawd\"")
        let alone = try place.refusal("worktree", "create", "--name", "x", "--repo", "name:repo", "--prompt", "go")
        #expect(alone["message"]?.stringValue?.contains("--prompt requires --agent") == true)
        #expect(try place.result("worktree", "list")["totalCount"] == .integer(1))
    }

    @Test(arguments: [
        ("claude --model opus", "claude", ["--settings", "*", "--model", "opus"]),
        ("FOO=1 codex --model 'gpt 5' -c a=b", "codex", ["-c", "*", "--model", "gpt 5", "-c", "a=b"]),
        ("claude --settings mine.json", "claude", ["--settings", "mine.json"]),
        ("'claude' -c", "claude", ["-c"]),
    ])
    func terminalsGiveTheirAgentsTheHooks(line: String, agent: String, expected: [String]) throws {
        let place = try Installation()
        try place.makeAgent(agent, title: agent)
        let created = try place.result("terminal", "create", "--command", line)
        let arguments = try place.arguments(of: agent)
        #expect(zip(arguments, expected).allSatisfy { $1 == "*" || $0 == $1 } && arguments.count == expected.count)
        guard let index = expected.firstIndex(of: "*"), agent == "claude" else { return }
        let settings = arguments[index]
        #expect(try Files.readText(settings).contains(" hook --agent claude --event Stop"))
        let handle = try #require(created["terminal"]?["handle"]?.stringValue)
        _ = try place.result("terminal", "close", "--terminal", handle)
        #expect(Files.kind(settings) == nil, "the files of a closed terminal are left")
    }
}
