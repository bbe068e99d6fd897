import Glibc
import OrcaCheckout
import OrcaSupport
import OrcaTestKit
import Testing

@Suite struct ConfigurationTests {
    private func read(_ yaml: String) throws -> CheckoutConfiguration {
        try CheckoutConfiguration(yaml: Array(yaml.utf8))
    }

    @Test func everythingIsRead() throws {
        let found = try read(
            """
            scripts:
              setup: |
                npm ci
                npm run build
              archive: [./bye.sh, "a b"]
            copy: [.env, config/local.json]
            link:
              - node_modules
            branchPrefix: agents/
            setupTimeoutSeconds: 30
            unknown: {to: [us]}
            """)
        var expected = CheckoutConfiguration()
        expected.setup = .line("npm ci\nnpm run build\n")
        expected.archive = .words(["./bye.sh", "a b"])
        expected.copy = [".env", "config/local.json"]
        expected.link = ["node_modules"]
        expected.branchPrefix = "agents/"
        expected.timeoutSeconds = 30
        #expect(found == expected)
        #expect(try read("") == CheckoutConfiguration())
        #expect(try read("# nothing\n") == CheckoutConfiguration())
    }

    @Test(arguments: [
        "copy: [../x]", "copy: [/etc/passwd]", "link: [.git]", "link: [a/../b]", "copy: x", "copy: [{a: 1}]",
        "scripts: x",
        "scripts: {setup: []}", "scripts: {setup: {a: 1}}", "a: [", "a: 1\na: 2", "x: &a 1\ny: *a",
        "setupTimeoutSeconds: 0",
        "setupTimeoutSeconds: 99999", "- a", "---\na: 1\n---\nb: 1", "copy: [\"\"]",
    ])
    func whatCannotBeUsedIsRefused(yaml: String) {
        let error = #expect(throws: CheckoutError.self) { try read(yaml) }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func aBadFileWarnsAndTheWorktreeIsMade() async throws {
        let grove = try Grove()
        try grove.upstream(["orca.yaml": "copy: [../x]\n"])
        let (place, built) = try await grove.make("tree")
        #expect(built.warnings.count == 1 && built.warnings[0].contains("orca.yaml"))
        #expect(Files.kind(place.path + "/a.txt") == .file)
    }

    @Test func nothingOutsideTheRepositoryIsCopied() async throws {
        let grove = try Grove()
        try grove.folder.file("outside", "secret")
        #expect(symlink(grove.folder.path("outside"), grove.root + "/leak") == 0)
        try grove.upstream(["orca.yaml": "copy: [leak]\nlink: [leak2]\n"])
        #expect(symlink("/etc", grove.root + "/leak2") == 0)
        let (place, built) = try await grove.make("tree")
        #expect(built.placed.isEmpty && built.warnings.count == 2)
        #expect(Files.kind(place.path + "/leak") == nil && Files.kind(place.path + "/leak2") == nil)
    }

    @Test func scriptsRunInTheWorktree() async throws {
        let grove = try Grove()
        try grove.upstream(["orca.yaml": "scripts:\n  setup: pwd; echo $ORCA_WORKSPACE_NAME; echo \"[$ORCA_TOKEN]\"\n"])
        let host = GitCheckoutHost(environment: grove.environment.merging(["ORCA_TOKEN": "secret"]) { $1 })
        let (place, built) = try await grove.make("tree")
        #expect(built.hasSetup)
        func run(_ moment: HookOrder.Moment) async -> HookOutcome {
            await host.setUp(HookOrder(moment, worktree: place.path, mainWorktree: grove.root, name: "tree"))
        }
        #expect(await run(.setup) == .succeeded(output: "\(place.path)\ntree\n[]\n"))
        #expect(await run(.archive) == .nothing)
        try Files.write(
            "scripts:\n  setup: [sh, -c, \"echo one; echo two >&2; exit 3\"]\n", to: place.path + "/orca.yaml")
        guard case .failed(let why) = await run(.setup) else {
            Issue.record("a script that fails must be told")
            return
        }
        #expect(why.contains("exit code 3") && why.contains("one / two"))
    }

    @Test func aScriptThatDoesNotEndIsEnded() async throws {
        let grove = try Grove()
        try grove.upstream(["orca.yaml": "setupTimeoutSeconds: 1\nscripts:\n  setup: [sleep, \"600\"]\n"])
        let (place, _) = try await grove.make("tree")
        let outcome = await grove.host.setUp(
            HookOrder(.setup, worktree: place.path, mainWorktree: grove.root, name: "tree"))
        guard case .failed(let why) = outcome else {
            Issue.record("it must be told")
            return
        }
        #expect(why.contains("did not end within 1000 ms"))
    }
}
