import OrcaSupport
import OrcaTestKit
import Testing

@testable import OrcaAgents

@Suite struct CatalogueTests {
    private let launcher = AgentLauncher(
        program: "/opt/o rca/orca", directory: "/state/launch/term_1", environment: ["HOME": "/nowhere"])

    @Test func theCatalogueHasEveryAgentOnce() {
        #expect(AgentCatalogue.all.count == 34)
        #expect(Set(AgentCatalogue.all.map(\.id)).count == 34)
    }

    @Test func anUnknownAgentIsNamed() {
        let error = #expect(throws: AgentError.self) { try AgentCatalogue.require("clawd") }
        #expect(error?.message == "Unknown TUI agent \"clawd\"")
    }

    @Test(arguments: [
        ("droid", ["droid", "fix it"]), ("cursor", ["cursor-agent", "fix it"]), ("pi", ["pi", "fix it"]),
        ("openclaude", ["openclaude", "fix it"]), ("command-code", ["command-code", "--trust", "fix it"]),
        ("mimo-code", ["mimo", "--prompt", "fix it"]), ("gemini", ["gemini", "--prompt-interactive", "fix it"]),
        ("antigravity", ["agy", "--prompt-interactive", "fix it"]), ("copilot", ["copilot", "-i", "fix it"]),
        ("opencode", ["opencode", "--prompt", "fix it"]),
        ("claude", ["claude", "fix it"]),
    ])
    func promptsGoAsTheAgentTakesThem(id: String, arguments: [String]) throws {
        let launch = try AgentCatalogue.require(id).arguments(prompt: "fix it")
        #expect(launch.arguments == arguments)
        #expect(launch.typed == nil)
    }

    @Test(arguments: ["aider", "goose", "amp", "kimi", "qwen-code", "grok", "devin", "hermes", "kiro"])
    func theOthersGetTheirPromptTyped(id: String) throws {
        let launch = try AgentCatalogue.require(id).arguments(prompt: "fix it")
        #expect(launch.typed == "fix it")
        #expect(!launch.arguments.contains("fix it"))
    }

    @Test func aPromptIsNeverTakenForAnOption() throws {
        #expect(try AgentCatalogue.require("codex").arguments(prompt: "--help").arguments.last == " --help")
        #expect(try AgentCatalogue.require("copilot").arguments(prompt: "-p").arguments.last == " -p")
    }

    @Test func aPromptTooLongForAnArgumentIsTyped() throws {
        let claude = try AgentCatalogue.require("claude")
        let long = String(repeating: "x", count: AgentProgram.promptArgumentBytesMax + 1)
        #expect(claude.arguments(prompt: long).typed == long)
        #expect(claude.arguments(prompt: String(long.dropFirst())).typed == nil)
        // A shell needs four characters for each of these.
        let quotes = String(repeating: "'", count: AgentProgram.promptArgumentBytesMax / 3)
        #expect(claude.arguments(prompt: quotes).typed == quotes)
    }

    @Test func claudeGetsItsHooksInAFileOfOurs() throws {
        let launch = launcher.hooks(of: try AgentCatalogue.require("claude"))
        #expect(launch.arguments == ["--settings", "/state/launch/term_1/claude-settings.json"])
        let file = try #require(launch.files.first)
        let settings = try JSONValue(jsonBytes: file.bytes)
        let command = settings["hooks"]?["Stop"]?.arrayValue?.first?["hooks"]?.arrayValue?.first?["command"]?
            .stringValue
        #expect(
            command
                == "[ -x '/opt/o rca/orca' ] && '/opt/o rca/orca' hook --agent claude --event Stop || true")
    }

    @Test func codexGetsNotifyAndKeepsThePersonsOwn() throws {
        let home = TemporaryDirectory("codex")
        func notify(_ config: String?) throws -> String? {
            if let config { try home.file(".codex/config.toml", config) }
            let launcher = AgentLauncher(program: "/bin/orca", directory: "/d", environment: ["HOME": home.path])
            let arguments = launcher.hooks(of: try AgentCatalogue.require("codex")).arguments
            return arguments.last
        }
        #expect(try notify(nil) == "notify=[\"/bin/orca\",\"hook\",\"--agent\",\"codex\",\"--\"]")
        #expect(
            try notify("notify = [\"say\", \"hi\"]\n")
                == "notify=[\"/bin/orca\",\"hook\",\"--agent\",\"codex\",\"--\",\"say\",\"hi\"]")
        #expect(try notify("notify = [\n \"say\"]\n") == nil)
    }

    @Test func openCodeKeepsTheConfigurationItWasGiven() throws {
        func config(_ own: String?) throws -> String? {
            let launcher = AgentLauncher(
                program: "/bin/orca", directory: "/d", environment: own.map { ["OPENCODE_CONFIG_CONTENT": $0] } ?? [:])
            return launcher.hooks(of: try AgentCatalogue.require("opencode")).environment["OPENCODE_CONFIG_CONTENT"]
        }
        #expect(
            try JSONValue(jsonBytes: Array(try #require(try config(nil)).utf8))["plugin"]
                == .array([.string("file:///d/orca.js")]))
        #expect(try config("{\"plugin\":[\"x\"]}") == "{\"plugin\":[\"x\", \"file:///d/orca.js\"]}")
        #expect(try config("no json") == nil)
    }

    @Test(
        arguments: [
            ("Claude Code - fixing", "claude"), ("~/src/claude-tools", nil), ("OPENCODE ready", "opencode"),
            ("agy", "antigravity"),
            ("cursor.md", nil), ("vim", nil), ("Codex YOLO", "codex"),
        ] as [(String, String?)])
    func titlesNameAgentsByWholeWords(title: String, agent: String?) {
        #expect(AgentCatalogue.agent(inTitle: title)?.id == agent)
    }

    @Test func groupsAndProgramsLeadToAgents() {
        #expect(AgentCatalogue.group("Claude").map(\.id) == ["claude", "claude-agent-teams"])
        #expect(AgentCatalogue.group("nobody").isEmpty)
        #expect(AgentCatalogue.agent(executable: "/usr/bin/cursor-agent")?.id == "cursor")
        #expect(AgentCatalogue.agent(executable: "node") == nil)
        #expect(AgentCatalogue.all.filter { !$0.submitsPushedText }.map(\.id) == ["cursor"])
    }

    @Test func onlyTheWorktreeIsTrusted() throws {
        let home = TemporaryDirectory("trust")
        try home.file(".codex/config.toml", "model = \"m\"\n")
        try home.file(".copilot/config.json", "{\n  // mine\n  \"trusted_folders\": [\"/x\"]\n}\n")
        let trust = AgentTrust(environment: ["HOME": home.path])
        for store in [AgentProgram.TrustStore.codex, .cursor, .copilot] {
            try trust.grant(store, worktree: "/w t/a.b", now: "2026-01-01T00:00:00Z")
            #expect(try trust.change(store, worktree: "/w t/a.b", now: "") == nil)
        }
        #expect(
            try Files.readText(home.path(".codex/config.toml"))
                == "model = \"m\"\n\n[projects.\"/w t/a.b\"]\ntrust_level = \"trusted\"\n")
        #expect(
            try Files.readText(home.path(".copilot/config.json"))
                == "{\n  // mine\n  \"trusted_folders\": [\"/x\", \"/w t/a.b\"]\n}\n")
        let marker = try Files.readText(home.path(".cursor/projects/w-t-a-b/.workspace-trusted"))
        #expect(marker == "{\"trustedAt\":\"2026-01-01T00:00:00Z\",\"workspacePath\":\"/w t/a.b\"}\n")
    }

    @Test func wordsOfAShellComeBackUnchanged() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let alphabet = Array("ab '\"\\$`;&|*?~#=()<>\n\t-é".unicodeScalars)
        let words = (0..<200).map { _ in
            String(
                String.UnicodeScalarView(
                    (0..<Int(random.next() % 9)).map { _ in
                        alphabet[Int(random.next() % UInt64(alphabet.count))]
                    }))
        }
        let line = "printf '%s\\0' " + ShellWord.line(words)
        for shell in ["sh", "bash", "zsh", "fish"] {
            let command = SubprocessCommand(shell, ["-c", line])
            #expect(throws: Never.self, "\(shell) is missing; scripts/setup installs it") { try command.check() }
            let result = try Subprocess.run(command)
            let back = result.output.split(separator: 0, omittingEmptySubsequences: false).dropLast()
                .map { String(decoding: $0, as: UTF8.self) }
            #expect(back == words, "\(shell), seed \(seed)")
        }
    }
}
