import OrcaSupport
import OrcaTestKit
import Testing

@testable import OrcaAgents

/// What agents are told about `orca mcp`, and what stays of it afterwards.
@Suite struct MCPInstallerTests {
    private final class Place: Sendable {
        let folder = TemporaryDirectory("mcp")
        var paths: HookPaths {
            HookPaths(environment: ["HOME": folder.path("home")], project: folder.path("project"))
        }

        func installer(
            _ agent: MCPAgent, _ scope: HookScope = .user, command: [String] = ["/opt/orca", "mcp"]
        ) -> MCPInstaller {
            MCPInstaller(agent, scope, command: command, paths: paths, stateDirectory: folder.path("state"))
        }

        func write(_ text: String, _ agent: MCPAgent, _ scope: HookScope = .user) throws {
            let path = try paths.configuration(of: agent, scope)
            try Files.makeDirectories(Files.split(path).folder)
            try Files.write(text, to: path, mode: 0o600)
        }

        func text(_ agent: MCPAgent, _ scope: HookScope = .user) throws -> String {
            try Files.readText(paths.configuration(of: agent, scope))
        }
    }

    private static let foreign: [MCPAgent: String] = [
        .claude: """
        {
          "numStartups": 3,
          "mcpServers": {"files": {"type": "stdio", "command": "files", "args": []}},
          "projects": {"/elsewhere": {"mcpServers": {}}}
        }
        """,
        .codex: """
        # mine
        model = "gpt"
        notify = [
          "say", # loud
          "[done]",
        ]

        [mcp_servers.files]
        command = "files"
        env = { "A" = "1" }

        [[rules]]
        text = \"\"\"
        [mcp_servers.orca] = not a table
        \"\"\"

        [tui] # last
        theme = 'dark'
        """,
        .gemini: "{\r\n  \"theme\": \"x\"\r\n}",
        .cursor: "{\"mcpServers\": {}}\n",
        .opencode: "{\n\t// mine\n\t\"$schema\": \"https://opencode.ai/config.json\",\n\t\"mcp\": {\n\t},\n}\n",
    ]

    @Test func everyAgentIsToldInItsOwnWords() throws {
        let place = Place()
        for agent in MCPAgent.allCases { try place.installer(agent).install() }
        func json(_ agent: MCPAgent) throws -> JSONValue { try ConfigText(Array(place.text(agent).utf8)).root.value }
        let plain: JSONValue = ["command": "/opt/orca", "args": ["mcp"]]
        #expect(
            try json(.claude) == [
                "mcpServers": ["orca": ["type": "stdio", "command": "/opt/orca", "args": ["mcp"]]]
            ])
        #expect(try json(.gemini) == ["mcpServers": ["orca": plain]])
        #expect(try json(.cursor) == ["mcpServers": ["orca": plain]])
        #expect(
            try json(.opencode) == [
                "mcp": ["orca": ["type": "local", "command": ["/opt/orca", "mcp"], "enabled": true]]
            ])
        #expect(try place.text(.codex) == "[mcp_servers.orca]\ncommand = \"/opt/orca\"\nargs = [\"mcp\"]\n")
    }

    @Test(arguments: MCPAgent.allCases, [HookScope.user, .project])
    func anInstallThatIsTakenBackLeavesNothing(agent: MCPAgent, scope: HookScope) throws {
        let place = Place()
        let installer = place.installer(agent, scope)
        #expect(try installer.status().state == .absent)
        let planned = try installer.install(dryRun: true)
        #expect(planned.isChange && Files.kind(planned.path) == nil)
        #expect(try installer.install().after == planned.after)
        #expect(try installer.status().state == .installed)
        #expect(try installer.install().isChange == false, "a second time changes nothing")
        #expect(try installer.uninstall(dryRun: true).isChange)
        #expect(try installer.uninstall().isChange)
        #expect(Files.kind(place.folder.path("home")) == nil && Files.kind(place.folder.path("project")) == nil)
        #expect(try installer.uninstall().isChange == false)
    }

    @Test(arguments: MCPAgent.allCases) func whatIsThereStaysAndComesBackToTheByte(agent: MCPAgent) throws {
        let place = Place()
        let text = try #require(Self.foreign[agent])
        try place.write(text, agent)
        try place.installer(agent).install()
        let merged = try place.text(agent)
        for line in text.split(separator: "\n") where line.contains("mine") || line.contains("loud") {
            #expect(merged.contains(line))
        }
        #expect(merged.contains("/opt/orca"))
        try place.installer(agent, command: ["/elsewhere/orca", "mcp", "-w", "team"]).install()
        #expect(try place.text(agent).contains("/opt/orca") == false, "an older place is replaced")
        #expect(try place.installer(agent).status().state == .outdated)
        try place.installer(agent).uninstall()
        #expect(try place.text(agent) == text)
    }

    @Test(arguments: MCPAgent.allCases) func aFileThatWasChangedSinceKeepsTheChange(agent: MCPAgent) throws {
        let place = Place()
        let text = try #require(Self.foreign[agent])
        try place.write(text, agent)
        try place.installer(agent).install()
        if agent == .codex {
            try place.write(try place.text(agent) + "\n[mcp_servers.orca.env]\nA = \"1\"\n\n[new]\na = 1\n", agent)
        } else {
            let now = try ConfigText(Array(place.text(agent).utf8))
            try place.write(
                String(decoding: try now.adding("new", .bool(true), to: now.root).bytes, as: UTF8.self), agent)
        }
        try place.installer(agent).uninstall()
        let rest = try place.text(agent)
        #expect(rest.contains("new") && !rest.contains("/opt/orca") && !rest.contains("[mcp_servers.orca."))
        #expect(try place.installer(agent).status().state == .absent)
        #expect(rest.contains("files") == text.contains("files"))
    }

    @Test func claudesLocalServersStandWithTheirProject() throws {
        let place = Place()
        let project = place.folder.path("project")
        try place.write("{\"projects\": {\"\(project)\": {\"history\": []}}}", .claude, .local)
        let installer = place.installer(.claude, .local)
        try installer.install()
        let root = try ConfigText(Array(place.text(.claude, .local).utf8)).root
        #expect(root["projects"]?[project]?["mcpServers"]?["orca"]?["command"]?.string == "/opt/orca")
        #expect(try place.installer(.claude).status().state == .absent, "another scope")
        try place.write(try place.text(.claude, .local) + "\n", .claude, .local)
        try installer.uninstall()
        #expect(try place.text(.claude, .local) == "{\"projects\": {\"\(project)\": {\"history\": []}}}\n")
    }

    @Test func aServerOfSomebodyElsesIsLeftAlone() throws {
        let place = Place()
        let texts: [MCPAgent: String] = [
            .claude: #"{"mcpServers": {"orca": {"command": "whale"}}}"#,
            .opencode: #"{"mcp": {"orca": {"type": "remote", "url": "http://x"}}}"#,
            .codex: "[mcp_servers.orca]\nurl = \"http://x\"\n",
        ]
        for (agent, text) in texts {
            try place.write(text, agent)
            let installer = place.installer(agent)
            let error = #expect(throws: AgentError.self) { try installer.install() }
            #expect(error?.code == .foreignFile)
            #expect(try installer.status().state == .foreign)
            #expect(try place.text(agent) == text)
        }
    }

    @Test(
        arguments: [
            (.claude, "{"), (.claude, "[]"), (.claude, #"{"mcpServers": []}"#), (.cursor, "{\"a\":1,\"a\":2}"),
            (.opencode, #"{"mcp": 3}"#), (.gemini, "\u{0}"),
            (.codex, "mcp_servers = { files = { command = \"x\" } }\n"), (.codex, "model\n"), (.codex, "[tui\n"),
            (.codex, "a = \"x\n"), (.codex, "a = [1,\n"), (.codex, "a = \"\"\"\nx\n"), (.codex, "[a]\nb = 1\n[a]\n"),
            (.codex, "= 1\n"), (.codex, "a = \n"), (.codex, "a = 1]\n"), (.codex, "[a] b = 1\n"),
        ] as [(MCPAgent, String)])
    func aMalformedFileIsLeftAlone(agent: MCPAgent, text: String) throws {
        let place = Place()
        try place.write(text, agent)
        let installer = place.installer(agent)
        for run in [{ _ = try installer.install() }, { _ = try installer.uninstall() }] {
            let error = #expect(throws: AgentError.self) { try run() }
            #expect(error?.code == .malformedFile)
        }
        #expect(try place.text(agent) == text)
        #expect(try installer.status().state == .malformed)
    }

    @Test(arguments: MCPAgent.allCases) func theServerOfThePersonIsThatOfTheAgent(agent: MCPAgent) throws {
        let place = Place()
        func installer(_ environment: [String: String]) -> MCPInstaller {
            let all = environment.merging(["HOME": place.folder.path("home")]) { $1 }
            return MCPInstaller(
                agent, .user, command: ["/opt/orca", "mcp"], paths: HookPaths(environment: all, project: "/p"),
                stateDirectory: place.folder.path("state"))
        }
        let own = installer(["ORCA_HOME": "/my \"home\"", "ORCA_TOKEN": "secret"])
        try own.install()
        let text = try place.text(agent)
        #expect(text.contains("ORCA_HOME") && text.contains(#"/my \"home\""#) && !text.contains("secret"))
        #expect(try own.status().state == .installed && own.install().isChange == false)
        #expect(try installer([:]).status().state == .outdated)
        try installer([:]).install()
        #expect(try !place.text(agent).contains("ORCA_HOME") && installer([:]).status().state == .installed)
        try own.uninstall()
        #expect(Files.kind(place.folder.path("home")) == nil)
    }

    @Test func aNewerOpenCodeHasItsServersOneObjectDeeper() throws {
        let place = Place()
        try place.write(#"{"mcp": {"servers": {"a": {"type": "local", "command": ["a"]}}}}"#, .opencode)
        try place.installer(.opencode).install()
        let root = try ConfigText(Array(place.text(.opencode).utf8)).root
        #expect(root["mcp"]?["servers"]?["orca"] != nil && root["mcp"]?["orca"] == nil)
    }

    @Test(arguments: MCPAgent.allCases.filter { $0 != .claude }) func onlyClaudeHasLocalServers(agent: MCPAgent) {
        let error = #expect(throws: AgentError.self) { try Place().installer(agent, .local).install() }
        #expect(error?.code == .unsupported)
    }

    @Test func placesFollowTheEnvironment() throws {
        let paths = HookPaths(
            environment: ["HOME": "/h", "CLAUDE_CONFIG_DIR": "/c", "CODEX_HOME": "/x", "XDG_CONFIG_HOME": "/y"],
            project: "/p")
        #expect(try paths.configuration(of: .claude, .user) == "/c/.claude.json")
        #expect(try paths.configuration(of: .codex, .user) == "/x/config.toml")
        #expect(try paths.configuration(of: .opencode, .user) == "/y/opencode/opencode.json")
        #expect(try paths.configuration(of: .claude, .project) == "/p/.mcp.json")
    }
}
