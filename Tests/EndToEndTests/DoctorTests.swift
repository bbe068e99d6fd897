import OrcaSupport
import OrcaTestKit
import Testing

/// `orca doctor` names what keeps terminals and agents from working.
@Suite struct DoctorTests {
    private func checks(
        _ place: Installation, code: Int32 = 0, with variables: [String: String] = [:]
    ) throws -> [String: JSONValue] {
        let answer = try place.answer(["doctor", "--json"], with: variables)
        #expect(answer.code == code, "\(answer.outputText)\(answer.errorText)")
        let rows = try #require(try JSONValue(jsonBytes: answer.output)["checks"]?.arrayValue)
        return Dictionary(rows.map { ($0["name"]?.stringValue ?? "", $0) }) { first, _ in first }
    }

    private func check(_ name: String, _ place: Installation) throws -> JSONValue {
        try #require(try checks(place)[name])
    }

    /// A PATH with our programs, git, and nothing else.
    private func poorPath(_ place: Installation) throws -> [String: String] {
        for program in ["git", "env"] {
            try place.makeProgram(program, "exec \(try Paths.resolved("/usr/bin/\(program)")) \"$@\"")
        }
        try place.makeProgram("bash", "exec \(try Paths.resolved("/usr/bin/bash")) \"$@\"")
        return ["PATH": place.folder.path("bin") + ":" + place.programs]
    }

    @Test func aSoundInstallationHasItsTerminalsAndAgents() throws {
        let place = try Installation()
        try place.makeAgent("codex", title: "Codex")
        _ = try place.result("terminal", "create")
        let found = try checks(place)
        #expect(found["tmux"]?["detail"]?.stringValue?.hasPrefix("tmux ") == true)
        let terminals = try #require(found["terminals"]?["detail"]?.stringValue)
        #expect(terminals.hasPrefix("1 terminal, tmux ") && terminals.contains("home/run/tmux.sock"), "\(terminals)")
        #expect(found["agents"]?["detail"]?.stringValue?.contains("codex (\(place.folder.path("bin/codex")))") == true)
        #expect(found["hooks of codex"]?["detail"]?.stringValue?.hasPrefix("not installed") == true)
        #expect(found["hooks of claude"] == nil)
    }

    @Test func aServerThatWasStartedWithAnotherHomeIsSeen() throws {
        let place = try Installation()
        func home(_ name: String) -> [String: String] {
            ["ORCA_HOME": "", "XDG_RUNTIME_DIR": place.folder.path("shared"), "HOME": place.folder.path(name)]
        }
        for name in ["shared", "first", "second"] { try Files.makeDirectories(place.folder.path(name), mode: 0o700) }
        defer { _ = try? place.answer(["stop"], with: home("first")) }  // what fails here fails above
        #expect(try place.answer(["project", "create", "API"], with: home("first")).code == 0)
        #expect(try checks(place, with: home("first"))["home"] == nil)
        let found = try #require(try checks(place, with: home("second"))["home"])
        #expect(found["verdict"]?.stringValue == "warning")
        #expect(found["detail"]?.stringValue?.contains(place.folder.path("first")) == true, "\(found)")
        #expect(found["next"]?.stringValue?.contains("ORCA_HOME") == true)
    }

    @Test func withoutTerminalsThereIsNothingToWarnOf() throws {
        let place = try Installation()
        try place.orca("project", "create", "API")
        #expect(try check("terminals", place)["verdict"]?.stringValue == "ok")
        #expect(try check("configuration", place)["verdict"]?.stringValue == "ok")
    }

    @Test func aMissingOrOldTmuxIsNamedWithTheWayOut() throws {
        let place = try Installation()
        let poor = try poorPath(place)
        let missing = try checks(place, with: poor)
        #expect(missing["tmux"]?["verdict"]?.stringValue == "warning")
        #expect(missing["tmux"]?["next"]?.stringValue?.contains("apt-get install tmux") == true)
        try place.makeProgram("tmux", "echo tmux 2.9a")
        let old = try checks(place, with: poor)
        #expect(old["tmux"]?["detail"]?.stringValue == "tmux 2.9a is too old")
        #expect(old["tmux"]?["next"]?.stringValue?.contains("3.2 or newer") == true)
        let refused = try place.refusal("terminal", "create", with: poor)
        #expect(refused["code"]?.stringValue == "tmux_too_old", "\(refused)")
        let running = try checks(place, with: poor)
        #expect(running["terminals"]?["detail"]?.stringValue?.contains("too old") == true)
    }

    @Test func aForeignOrcaInFrontIsSeenAndTerminalsStillFindOurs() throws {
        let place = try Installation()
        try place.makeProgram("orca", "echo I read screens aloud")
        var command = place.command(place.programs + "/orca", ["doctor", "--json"])
        let answer = try Subprocess.run(command, timeout: .seconds(60))
        let rows = try #require(try JSONValue(jsonBytes: answer.output)["checks"]?.arrayValue)
        let path = try #require(rows.first { $0["name"]?.stringValue == "PATH" })
        #expect(path["verdict"]?.stringValue == "warning")
        #expect(path["detail"]?.stringValue?.contains("another program") == true)
        command = place.command(
            place.programs + "/orca",
            ["terminal", "create", "--command", "orca version > $HOME/said; orca-ide version >> $HOME/said"])
        #expect(try Subprocess.run(command, timeout: .seconds(60)).code == 0)
        let said = place.folder.path("said")
        func lines() throws -> [Substring] {
            Files.kind(said) == nil ? [] : try Files.readText(said).split(separator: "\n")
        }
        try #require(try place.eventually { try lines().count == 2 })
        #expect(try lines().allSatisfy { $0.hasPrefix("orca ") })
    }

    @Test func aLoginShellThatFindsAnotherOrcaIsNamed() throws {
        let place = try Installation()
        #expect(try text(check("login shell", place), "detail").contains("-l"))
        // Its profile decides, as the one of a person does.
        try place.folder.file(".bash_profile", "PATH=\(place.programs):/usr/bin:/bin\n")
        #expect(try text(check("login shell", place), "detail").hasSuffix("finds \(place.programs)/orca"))
        try place.folder.file("foreign/orca", "#!/bin/sh\n", mode: 0o755)
        try place.folder.file(".bash_profile", "PATH=\(place.folder.path("foreign")):/usr/bin:/bin\n")
        #expect(try text(check("login shell", place), "detail").hasSuffix("another program"))
        try place.folder.file(".bash_profile", "PATH=/usr/bin:/bin\n")
        #expect(try text(check("login shell", place), "next").contains("/usr/local/bin/orca"))
    }

    @Test func hooksAndSkillsThatNeedCareAreNamed() throws {
        let place = try Installation()
        try place.orca("hooks", "install", "--agent", "codex")
        try place.folder.file(".gemini/settings.json", "{ no json")
        try place.folder.file(".claude/skills/orca-cli/SKILL.md", "mine")
        let found = try checks(place)
        #expect(found["hooks of codex"]?["detail"]?.stringValue?.contains("not trusted") == true)
        #expect(found["hooks of codex"]?["next"]?.stringValue == "orca hooks install --agent codex --trust")
        #expect(found["hooks of gemini"]?["verdict"]?.stringValue == "warning")
        try place.orca("hooks", "install", "--agent", "codex", "--trust")
        #expect(try checks(place)["hooks of codex"]?["verdict"]?.stringValue == "ok")
    }
}
