import Glibc
import OrcaAgents
import OrcaSupport
import OrcaTestKit
import Testing

/// Hooks of all six agents, with the programs as they were built: in and out of an agent's configuration to the byte, and
/// a relay that never keeps an agent waiting.
@Suite(.serialized) struct HookTests {
    private static let files: [HookAgent: String] = [
        .claude: ".claude/settings.json", .codex: ".codex/hooks.json", .gemini: ".gemini/settings.json",
        .cursor: ".cursor/hooks.json", .opencode: ".config/opencode/plugins/orca.js",
        .copilot: ".copilot/hooks/orca.json",
    ]
    private static let before: [HookAgent: String] = [
        .claude: "{\n  // mine\n  \"model\": \"opus\",\n  \"hooks\": {\"Stop\": [], },\n}\n",
        .codex: "{\"hooks\":{\"Stop\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"x\"}]}]}}",
        .gemini: "{\r\n\t\"theme\": \"x\"\r\n}", .cursor: "{\"version\": 1, \"hooks\": {}}\n\n",
        .copilot: "{ \"version\": 1, \"hooks\": { \"sessionEnd\": [] } }",
    ]

    @Test(arguments: HookAgent.allCases) func hooksGoInAndOutToTheByte(agent: HookAgent) throws {
        let place = try Installation()
        let path = place.folder.path(try #require(Self.files[agent]))
        for old in [nil, Self.before[agent]] {
            if let old { try place.folder.file(try #require(Self.files[agent]), old) }
            try place.orca("hooks", "install", "--agent", agent.rawValue)
            let once = try Files.read(path)
            #expect(try place.orca("hooks", "install", "--agent", agent.rawValue).hasPrefix("Already installed"))
            #expect(try Files.read(path) == once)
            #expect(try state(agent, place)["state"]?.stringValue == "installed")
            try place.orca("hooks", "uninstall", "--agent", agent.rawValue)
            #expect((try? Files.read(path)) == old.map { Array($0.utf8) })  // there may be none
            #expect(try state(agent, place)["state"]?.stringValue == "absent")
        }
    }

    private func state(_ agent: HookAgent, _ place: Installation) throws -> JSONValue {
        let text = try place.orca("hooks", "status", "--agent", agent.rawValue, "--scope", "user", "--json")
        return try #require(try JSONValue(jsonBytes: Array(text.utf8))["hooks"]?.arrayValue?.first)
    }

    @Test func filesThatCannotBeReadAreLeftAlone() throws {
        let place = try Installation()
        for (agent, file) in Self.files where agent != .opencode {
            let path = try place.folder.file(file, "{ no json")
            try place.expectRefusal(
                ["hooks", "install", "--agent", agent.rawValue], code: 2, Files.split(path).name)
            #expect(try Files.readText(path) == "{ no json")
        }
        let path = try place.folder.file(".config/opencode/plugins/orca.js", "mine\n")
        try place.expectRefusal(["hooks", "install", "--agent", "opencode"], code: 4, "orca.js", "Move it away")
        #expect(try Files.readText(path) == "mine\n")
        try place.expectRefusal(["hooks", "install", "--agent", "vim"], code: 2, "vim", "claude")
    }

    /// What stands at the server's socket.
    enum Server: CaseIterable { case none, hanging, running }

    @Test(arguments: Server.allCases) func theRelayAnswersAtOnceWhateverTheServerDoes(server: Server) throws {
        let place = try Installation()
        var listener: Int32 = -1
        switch server {
        case .none: break
        case .hanging: listener = try Self.listen(place.places.socket)
        case .running: try place.orca("list")
        }
        defer { if listener >= 0 { close(listener) } }
        for agent in HookAgent.allCases where agent != .opencode {
            try place.orca("hooks", "install", "--agent", agent.rawValue)
            for line in try Self.commandLines(place.folder.path(try #require(Self.files[agent]))) {
                try expectQuick(line, agent, place)
            }
        }
        try expectQuick("orca hook --agent opencode --event session.idle", .opencode, place)
        try expectQuick("orca hook --agent nobody --event x", .opencode, place)
        try expectQuick("orca hook --what is --this", .opencode, place)
        if server == .none { #expect(Files.kind(place.places.socket) == nil, "a hook starts no server") }
    }

    /// As an agent runs it: a payload that never ends on standard input, and a terminal of ours around it.
    private func expectQuick(_ line: String, _ agent: HookAgent, _ place: Installation) throws {
        let payload =
            #"{"session_id":"s","hook_event_name":"Stop","cwd":"/w","text":"\#(String(repeating: "x", count: 500))"}"#
        var command = place.command(
            "/bin/bash", ["-c", "exec < <(printf %s \"$0\"; sleep 5); exec /bin/sh -c \"$1\"", payload, line])
        command.environment["ORCA_TERMINAL_HANDLE"] = "term_00000000-0000-4000-8000-000000000000"
        let start = ContinuousClock.now
        let answer = try Subprocess.run(command, timeout: .seconds(10))
        let took = ContinuousClock.now - start
        #expect(answer.code == 0 && took < .seconds(1), "\(line) took \(took): \(answer.errorText)")
        if agent.readsOutput { #expect(answer.outputText == "{}\n", "\(line)") }
    }

    private static func listen(_ path: String) throws -> Int32 {
        try Files.makeDirectories(Files.split(path).folder, mode: 0o700)
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, Glibc.listen(listener, 64) == 0 else { throw SystemError.last("listen on", path) }
        return listener
    }

    /// Every command line of ours in a configuration.
    private static func commandLines(_ path: String) throws -> [String] {
        var found: [String] = []
        func walk(_ value: JSONValue) {
            switch value {
            case .object(let members): members.forEach { walk($0.value) }
            case .array(let elements): elements.forEach(walk)
            case .string(let text): if text.contains(" hook --agent ") { found.append(text) }
            default: break
            }
        }
        walk(try JSONValue(jsonBytes: try Files.read(path)))
        try #require(found.count >= 5, "\(path)")
        // One of each kind is enough: they differ in the name of the event only.
        return [found[0], found[found.count - 1]]
    }

    // MARK: Launched sessions

    private func shown(_ handle: String, _ place: Installation) throws -> JSONValue {
        try #require(try place.result("terminal", "show", "--terminal", handle)["terminal"])
    }

    private func expectHook(_ state: String, of handle: String, _ place: Installation) throws {
        let isSo = try place.eventually {
            let seen = try shown(handle, place)
            return seen["state"]?.stringValue == state && seen["stateEvidence"]?.stringValue == "hook"
        }
        let last = try shown(handle, place)
        #expect(isSo, "not \(state) by a hook: \(last)")
    }

    private func terminal(_ line: String, _ place: Installation) throws -> String {
        let created = try place.result("terminal", "create", "--command", line)
        return try #require(created["terminal"]?["handle"]?.stringValue)
    }

    @Test func aLaunchedClaudeReportsWithoutInstalledHooks() throws {
        let place = try Installation()
        // What the settings name for an event is run with its payload, as Claude Code does.
        try place.makeProgram(
            "claude",
            """
            run() { line=$(grep -o "\\"command\\":\\"[^\\"]*--event $1 [^\\"]*\\"" "$2" | head -1); line=${line#*:\\"}
              printf '{"session_id":"s","hook_event_name":"%s"}' "$1" | sh -c "${line%\\"}" > /dev/null; }
            [ "$1" = --settings ] || exit 7
            printf '\\033[?2004hready\\n'
            run SessionStart "$2"; run UserPromptSubmit "$2"
            read -r line
            run Stop "$2"; sleep 600
            """)
        let handle = try terminal("claude", place)
        try expectHook("working", of: handle, place)
        _ = try place.answer(["terminal", "send", "--terminal", handle, "--text", "go", "--enter", "--force"])
        try expectHook("idle", of: handle, place)
        #expect(Files.kind(place.folder.path(".claude")) == nil, "the person's own files are left alone")
    }

    @Test func aLaunchedCodexTellsTheEndOfItsTurn() throws {
        let place = try Installation()
        try place.folder.file(".codex/config.toml", "notify = [\"tee\", \"\(place.folder.path("own"))\"]\n")
        try place.makeProgram(
            "codex",
            """
            [ "$1" = -c ] || exit 7
            words=${2#notify=[}; words=${words%]}; IFS=, read -r -a list <<< "$words"
            for i in "${!list[@]}"; do w=${list[$i]#\\"}; list[$i]=${w%\\"}; done
            printf '\\033]0;⠋ codex\\007\\033[?2004h'
            until [ -e "$HOME/seen" ]; do sleep 0.05; done
            "${list[@]}" '{"type":"agent-turn-complete","thread-id":"t","turn-id":"1","cwd":"/w"}' < /dev/null > /dev/null
            touch $HOME/told; sleep 600
            """)
        let handle = try terminal("codex", place)
        // A turn lasts longer than it takes to see its title; here the hook could be there first.
        #expect(try place.eventually { try shown(handle, place)["state"]?.stringValue == "working" })
        try place.folder.file("seen", "")
        #expect(place.eventually { Files.kind(place.folder.path("told")) != nil })
        // The person's own program gets it as its argument.
        #expect(Files.kind(place.folder.path("own")) != nil)
        try expectHook("idle", of: handle, place)
    }

    @Test func aHookWithoutOurVariablesFindsItsTerminal() throws {
        let place = try Installation()
        try place.makeProgram(
            "gemini",
            """
            printf '\\033[?2004h'
            echo '{"session_id":"s","hook_event_name":"BeforeAgent"}' | env -i PATH="$PATH" sh -c 'orca hook --agent gemini'
            sleep 600
            """)
        try expectHook("working", of: try terminal("gemini", place), place)
        let status = try state(.gemini, place)
        #expect(status["lastEventSecondsAgo"]?.integerValue != nil, "\(status)")
    }
}
