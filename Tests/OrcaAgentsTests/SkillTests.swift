import OrcaSupport
import OrcaTestKit
import Testing

@testable import OrcaAgents

@Suite struct SkillTests {
    private let folder = TemporaryDirectory("skills")

    private func installer(_ agent: SkillAgent = .claude, _ scope: SkillPlaces.Scope = .user) -> SkillInstaller {
        let places = SkillPlaces(environment: ["HOME": folder.path("home")], project: folder.path("project"))
        return SkillInstaller(agent, scope, places: places, stateDirectory: folder.path("state"))
    }

    @Test(arguments: Skill.all.map(\.name)) func aSkillIsAsTheFormatDemands(name: String) throws {
        let skill = try Skill.require(name)
        #expect(skill.name.utf8.allSatisfy { $0 == 0x2D || (0x61...0x7A).contains($0) } && skill.name.count <= 64)
        #expect(skill.description.count <= 1_024 && !skill.description.contains("\n"))
        let lines = skill.document.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "---" && lines[1] == "name: \(skill.name)" && lines[3] == "---")
        let quoted = try #require(lines[2].wholeMatch(of: /description: (".*")/)).1
        #expect(try JSONValue(jsonBytes: Array(quoted.utf8)).stringValue == skill.description)
        #expect(skill.document.utf8.count < 12_000, "short enough to be read")
    }

    @Test(arguments: SkillAgent.allCases, SkillPlaces.Scope.allCases)
    func anInstallationThatIsTakenBackLeavesNothing(agent: SkillAgent, scope: SkillPlaces.Scope) throws {
        let installer = installer(agent, scope)
        for skill in Skill.all {
            #expect(try installer.install(skill).isChange)
            #expect(try installer.state(skill) == .installed)
            #expect(try installer.install(skill).isChange == false, "a second time changes nothing")
            #expect(try installer.uninstall(skill).isChange)
        }
        #expect(Files.kind(folder.path(scope == .user ? "home" : "project")) == nil, "folders are left")
        #expect(try Files.list(folder.path("state/skills")) == [])
    }

    @Test func aFileOfSomebodyElseStaysUnlessItIsToldToGoAndComesBack() throws {
        let path = try folder.file("home/.claude/skills/orchestration/SKILL.md", "mine\n")
        let refused = #expect(throws: AgentError.self) { try installer().install(.orchestration) }
        #expect(refused?.code == .foreignFile && refused?.message.contains("--force") == true)
        #expect(try Files.readText(path) == "mine\n")
        #expect(try installer().uninstall(.orchestration).isChange == false)
        try installer().install(.orchestration, force: true)
        #expect(try installer().state(.orchestration) == .installed)
        try installer().uninstall(.orchestration)
        #expect(try Files.readText(path) == "mine\n")
    }

    @Test func aSkillThatSomebodyChangedIsTheirs() throws {
        let path = try installer().path(.tasks)
        try installer().install(.tasks)
        try Files.write(try Files.read(path) + Array("more\n".utf8), to: path)
        #expect(try installer().state(.tasks) == .foreign)
        #expect(throws: AgentError.self) { try installer().install(.tasks) }
        #expect(throws: AgentError.self) { try installer().uninstall(.tasks) }
        #expect(try Files.readText(path).hasSuffix("more\n"))
        try installer().uninstall(.tasks, force: true)
        #expect(Files.kind(path) == nil)
    }

    @Test func anOlderSkillIsReplacedAlsoWithoutARecordOfIt() throws {
        let old = Skill(name: "orca-cli", description: "old", body: "old")
        let path = try installer().path(.cli)
        try folder.file(String(path.dropFirst(folder.path.count + 1)), String(decoding: old.file, as: UTF8.self))
        #expect(try installer().state(.cli) == .outdated)
        try installer().install(.cli)
        #expect(try installer().state(.cli) == .installed)
    }

    @Test func aDryRunChangesNothing() throws {
        #expect(try installer().install(.cli, dryRun: true).isChange)
        #expect(try installer().state(.cli) == .absent)
        try installer().install(.cli)
        #expect(try installer().uninstall(.cli, dryRun: true).isChange)
        #expect(try installer().state(.cli) == .installed)
    }
}
