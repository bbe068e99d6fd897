import Glibc
import OrcaSupport
import OrcaTestKit
import Testing

@testable import OrcaAgents

@Suite struct HookInstallerTests {
    /// A home, a project and a state directory of their own.
    private final class Place: Sendable {
        let folder = TemporaryDirectory("hooks")

        func installer(
            _ agent: HookAgent, _ scope: HookScope = .user, program: String = "/opt/orca"
        ) -> HookInstaller {
            let paths = HookPaths(environment: ["HOME": folder.path("home")], project: folder.path("project"))
            return HookInstaller(
                agent, scope, program: program, paths: paths, stateDirectory: folder.path("state"))
        }

        func file(_ agent: HookAgent, _ scope: HookScope = .user) throws -> String {
            try HookPaths(environment: ["HOME": folder.path("home")], project: folder.path("project"))
                .file(agent, scope)
        }

        func write(_ text: String, _ agent: HookAgent, _ scope: HookScope = .user, mode: UInt32 = 0o600) throws {
            let path = try file(agent, scope)
            try Files.makeDirectories(Files.split(path).folder)
            try Files.write(text, to: path, mode: mode)
        }
    }

    private static let foreign: [HookAgent: String] = [
        .claude: """
        {
            // mine
            "model": "opus",
            "hooks": {
                "Stop": [{"hooks": [{"type": "command", "command": "say done"}]}], // loud
                "PreToolUse": []
            },
        }

        """,
        .codex: "{\"hooks\":{\"Stop\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"x\"}]}]}}",
        .gemini: "{\r\n  \"theme\": \"x\"\r\n}",
        .cursor: "{\"version\": 1, \"hooks\": {\"stop\": [{\"command\": \"./mine.sh\"}]}}\n",
        .copilot:
            "{\n\t\"version\": 1,\n\t\"hooks\": {\n\t\t\"sessionEnd\": [\n\t\t\t{\"type\": \"command\", \"bash\": \"x\"}\n\t\t]\n\t}\n}\n",
    ]

    @Test(arguments: HookAgent.allCases, [HookScope.user, .project])
    func anInstallThatIsTakenBackLeavesNothing(agent: HookAgent, scope: HookScope) throws {
        let place = Place()
        let installer = place.installer(agent, scope)
        let change = try installer.install()
        #expect(change.before == nil)
        #expect(try installer.status().state == .installed)
        #expect(try installer.install().isChange == false, "a second time changes nothing")
        try installer.uninstall()
        #expect(Files.kind(try place.file(agent, scope)) == nil)
        #expect(Files.kind(place.folder.path("home")) == nil, "folders made on the way go too")
        #expect(Files.kind(place.folder.path("project")) == nil)
    }

    @Test(arguments: Array(foreign.keys))
    func whatIsThereStaysAndComesBackToTheByte(agent: HookAgent) throws {
        let place = Place()
        let text = try #require(Self.foreign[agent])
        try place.write(text, agent, mode: 0o640)
        let path = try place.file(agent)
        let installer = place.installer(agent)
        try installer.install()
        let merged = try Files.readText(path)
        #expect(Files.mode(path) == 0o640)
        #expect(try installer.status().state == .installed)
        let old = try ConfigText(Array(text.utf8)).root.value
        let new = try ConfigText(Array(merged.utf8)).root.value
        #expect(Self.isWithin(old, new), "something was lost: \(merged)")
        for comment in ["// mine", "// loud"] where text.contains(comment) { #expect(merged.contains(comment)) }

        try place.installer(agent, program: "/elsewhere/orca").install()
        #expect(try Files.readText(path).contains("/opt/orca") == false, "an older place is replaced")
        try installer.uninstall()
        #expect(try Files.readText(path) == text)
        #expect(Files.mode(path) == 0o640)
    }

    @Test(arguments: Array(foreign.keys))
    func aFileThatWasChangedSinceKeepsTheChange(agent: HookAgent) throws {
        let place = Place()
        let text = try #require(Self.foreign[agent])
        try place.write(text, agent)
        let installer = place.installer(agent)
        try installer.install()
        let path = try place.file(agent)
        let now = try ConfigText(try Files.read(path))
        try Files.write(try now.adding("new", .bool(true), to: now.root).bytes, to: path)
        try installer.uninstall()
        let left = try ConfigText(try Files.read(path)).root
        #expect(left["new"]?.value == .bool(true))
        #expect(!String(decoding: try Files.read(path), as: UTF8.self).contains("hook --agent"))
        #expect(left["model"]?.string == (agent == .claude ? "opus" : nil))
    }

    /// Whether everything of `old` is in `new`; lists may have more at their end.
    private static func isWithin(_ old: JSONValue, _ new: JSONValue) -> Bool {
        switch (old, new) {
        case (.object(let members), .object):
            members.allSatisfy { member in
                new[member.name].map { isWithin(member.value, $0) } ?? false
            }
        case (.array(let a), .array(let b)): b.count >= a.count && zip(a, b).allSatisfy { isWithin($0, $1) }
        default: old == new
        }
    }

    @Test(arguments: [
        "{", "[]", "\"x\"", "{\"hooks\": 1}", "{\"hooks\": {\"Stop\": {}}}", "{\"a\":1,\"a\":2}", "\u{0}\u{1}",
    ])
    func aMalformedFileIsLeftAlone(text: String) throws {
        let place = Place()
        try place.write(text, .claude)
        let installer = place.installer(.claude)
        for run in [{ _ = try installer.install() }, { _ = try installer.uninstall() }] {
            let error = #expect(throws: AgentError.self) { try run() }
            #expect(error?.code == .malformedFile)
        }
        #expect(try Files.readText(try place.file(.claude)) == text)
        #expect(try installer.status().state == .malformed)
    }

    @Test func anEmptyFileIsAnEmptyConfiguration() throws {
        let place = Place()
        try place.write(" \n", .claude)
        try place.installer(.claude).install()
        try place.installer(.claude).uninstall()
        #expect(try Files.readText(try place.file(.claude)) == " \n")
    }

    @Test func aLinkStaysALink() throws {
        let place = Place()
        let real = try place.folder.file("dotfiles/claude.json", "{}\n", mode: 0o600)
        let path = try place.file(.claude)
        try Files.makeDirectories(Files.split(path).folder)
        #expect(symlink(real, path) == 0)
        try place.installer(.claude).install()
        #expect(Files.kind(path) == .link)
        #expect(try Files.readText(real).contains("hook --agent claude"))
        #expect(Files.mode(real) == 0o600)
        try place.installer(.claude).uninstall()
        #expect(try Files.readText(real) == "{}\n")
    }

    @Test func aLinkToNowhereIsRefused() throws {
        let place = Place()
        let path = try place.file(.claude)
        try Files.makeDirectories(Files.split(path).folder)
        #expect(symlink("/nowhere/at/all", path) == 0)
        #expect(throws: AgentError.self) { try place.installer(.claude).install() }
        #expect(Files.kind(path) == .link)
    }

    @Test func aPluginOfSomebodyElseIsNotOverwritten() throws {
        let place = Place()
        try place.write("export const Mine = 1\n", .opencode)
        let error = #expect(throws: AgentError.self) { try place.installer(.opencode).install() }
        #expect(error?.code == .foreignFile)
        #expect(try place.installer(.opencode).uninstall().isChange == false)
        #expect(try Files.readText(try place.file(.opencode)) == "export const Mine = 1\n")
    }

    @Test(arguments: HookAgent.allCases)
    func aDryRunWritesNothing(agent: HookAgent) throws {
        let place = Place()
        let change = try place.installer(agent).install(dryRun: true)
        #expect(change.isChange)
        #expect(try Files.list(place.folder.path).isEmpty)
    }

    @Test func onlyClaudeHasALocalScope() throws {
        let place = Place()
        #expect(try place.installer(.claude, .local).install().path.hasSuffix("/project/.claude/settings.local.json"))
        let error = #expect(throws: AgentError.self) { try place.installer(.gemini, .local).install() }
        #expect(error?.code == .unsupported)
    }

    @Test func aHandlerOfOursInSomebodyElsesGroupIsTakenOutAlone() throws {
        let place = Place()
        let text = """
            {"hooks":{"Stop":[{"matcher":"x","hooks":[{"type":"command","command":"/a/orca hook --agent claude || true"},\
            {"type":"command","command":"mine"}]}]}}
            """
        try place.write(text, .claude)
        try place.installer(.claude).uninstall()
        #expect(
            try Files.readText(try place.file(.claude))
                == "{\"hooks\":{\"Stop\":[{\"matcher\":\"x\",\"hooks\":[{\"type\":\"command\",\"command\":\"mine\"}]}]}}"
        )
    }

    @Test(arguments: HookAgent.allCases)
    func theConfigurationIsAsTheAgentReadsIt(agent: HookAgent) throws {
        let change = try Place().installer(agent).install(dryRun: true)
        let text = String(decoding: change.after ?? [], as: UTF8.self)
        guard agent != .opencode else {
            #expect(text.contains("const program = \"/opt/orca\"\n") && text.contains("export const Orca = async"))
            return
        }
        let root = try JSONValue(jsonBytes: change.after ?? [])
        func entry(_ event: String) -> JSONValue? { root["hooks"]?[event]?.arrayValue?.first }
        switch agent {
        case .claude, .codex:
            let handler = entry("PreToolUse")?["hooks"]?.arrayValue?.first
            #expect(handler?["type"] == .string("command") && handler?["timeout"] == .integer(5))
            #expect(entry("SessionStart") != nil && entry("Stop") != nil && entry("PermissionRequest") != nil)
        case .gemini:
            let handler = entry("AfterAgent")?["hooks"]?.arrayValue?.first
            #expect(handler?["timeout"] == .integer(5000), "milliseconds")
            #expect(handler?["command"]?.stringValue?.hasSuffix("|| echo '{}'") == true)
        case .cursor:
            #expect(root["version"] == .integer(1))
            #expect(entry("stop")?["command"]?.stringValue?.hasSuffix("|| echo '{}'") == true)
        case .copilot:
            #expect(root["version"] == .integer(1))
            #expect(
                entry("preToolUse")?["type"] == .string("command") && entry("preToolUse")?["timeoutSec"] == .integer(5))
            #expect(
                entry("preToolUse")?["bash"]?.stringValue?.contains("hook --agent copilot --event preToolUse") == true)
        case .opencode: break
        }
    }

    @Test func aPluginIsAProgramThatLoads() throws {
        let place = Place()
        let relay = try place.folder.file("relay", "#!/bin/sh\n{ echo \"$@\"; cat; echo; } >> \"$OUT\"\n", mode: 0o755)
        let change = try place.installer(.opencode, program: relay).install()
        let node = SubprocessCommand("node", ["--version"])
        // Without node the text alone is checked, by the test above.
        guard (try? node.check()) != nil else { return }
        let plugin = place.folder.path("plugin.mjs")
        try Files.write(change.after ?? [], to: plugin)
        let driver = """
            import { Orca } from "\(plugin)"
            const hooks = await Orca({ directory: "/d" })
            await hooks.event({ event: { type: "session.idle", properties: { sessionID: "s" } } })
            """
        let script = try place.folder.file("driver.mjs", driver)
        let out = place.folder.path("out")
        var environment = ProcessEnvironment.current
        environment["OUT"] = out
        let result = try Subprocess.run(
            SubprocessCommand("node", [script], environment: environment), timeout: .seconds(30))
        #expect(result.status.isSuccess, "\(result.errorText)")
        let deadline = Deadline.after(.seconds(10))
        // The relay writes its arguments first, and then what it was given.
        while (Files.size(out) ?? 0) < 60, !deadline.hasPassed {
            _ = Poll.readable([], until: .after(.milliseconds(10)))
        }
        #expect(try Files.readText(out).hasPrefix("hook --agent opencode --event session.idle\n{\"session_id\":\"s\""))
    }

    // MARK: Trust

    @Test func theHashIsCodexs() {
        #expect(SHA256.hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(SHA256.hex(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            SHA256.hex([UInt8](repeating: 0x61, count: 1000))
                == "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3")
        // Of {"event_name":"pre_tool_use","hooks":[{"async":false,"command":"x","timeout":600,"type":"command"}]}
        #expect(
            CodexTrust.hash(event: "pre_tool_use", timeout: 600, command: "x")
                == "sha256:"
                + SHA256.hex(
                    Array(
                        "{\"event_name\":\"pre_tool_use\",\"hooks\":[{\"async\":false,\"command\":\"x\",\"timeout\":600,\"type\":\"command\"}]}"
                            .utf8)))
    }

    @Test func codexHooksAreTrustedOnlyWhenAskedFor() throws {
        let place = Place()
        try place.folder.file("home/.codex/config.toml", "model = \"m\"\n")
        let installer = place.installer(.codex)
        try installer.install()
        #expect(try installer.status().trust == .untrusted)
        #expect(try Files.readText(place.folder.path("home/.codex/config.toml")) == "model = \"m\"\n")
        let change = try CodexTrust(installer: installer).grant(dryRun: false)
        #expect(change.isChange)
        #expect(try installer.status().trust == .trusted)
        #expect(try CodexTrust(installer: installer).grant(dryRun: false).isChange == false)
        let config = place.folder.path("home/.codex/config.toml")
        let trusted = try Files.readText(config)
        try installer.uninstall()
        #expect(try Files.readText(config) == "model = \"m\"\n")
        try installer.install()
        try Files.write(trusted + "\n[projects.\"/a\"]\ntrust_level = \"trusted\"\n", to: config)
        try installer.uninstall()
        #expect(try Files.readText(config) == "model = \"m\"\n\n[projects.\"/a\"]\ntrust_level = \"trusted\"\n")

        try installer.install()
        try CodexTrust(installer: installer).grant(dryRun: false)
        try place.installer(.codex, program: "/new/orca").install()
        #expect(try place.installer(.codex, program: "/new/orca").status().trust == .modified)
    }
}
