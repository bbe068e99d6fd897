import Glibc
import OrcaConnect
import OrcaSupport
import Synchronization
import Testing

/// A home and a repository of their own, for the real `orca` and `orcad` beside the test program.
final class RealWorld {
    let directory: String
    let orca: String
    let environment: [String: String]
    var repository: String { directory + "/repo" }

    init() throws {
        var template = Array("/tmp/orca-real-XXXXXX".utf8CString)
        directory = String(cString: mkdtemp(&template)!)
        orca = Files.split(try #require(ServerProgram.ownPath)).folder + "/orca"
        environment = [
            "ORCA_HOME": directory + "/home", "HOME": directory, "PATH": "/usr/local/bin:/usr/bin:/bin",
            "GIT_CONFIG_NOSYSTEM": "1",
        ]
        try Files.makeDirectories(repository)
        for words in [
            ["init", "-q", "-b", "main"], ["config", "user.name", "Tester"],
            ["config", "user.email", "tester@example.com"],
            ["commit", "-q", "--allow-empty", "-m", "Begin"],
        ] { try #require(try git(words).status.isSuccess) }
    }

    func git(_ words: [String]) throws -> Subprocess.Result {
        try Subprocess.run(SubprocessCommand("git", words, environment: environment, directory: repository))
    }

    func command(_ words: [String]) -> SubprocessCommand {
        SubprocessCommand(orca, words, environment: environment, directory: repository)
    }

    func run(_ words: String...) throws -> Subprocess.Result {
        try Subprocess.run(command(words), timeout: .seconds(120))
    }

    /// Writes the script that does tasks.
    func script(_ body: String) throws -> String {
        let path = directory + "/work.sh"
        try Files.write("#!/bin/sh\n" + body + "\n", to: path, mode: 0o755)
        return path
    }

    func plan(_ text: String) throws -> String {
        let path = directory + "/plan.yaml"
        try Files.write(text, to: path)
        return path
    }

    deinit {
        // The server of this home; that none runs is fine.
        _ = try? run("stop")
        try? Files.removeTree(directory)
    }
}

private let plan = """
    name: demo
    tasks:
      - {key: a, title: Alpha}
      - {key: b, title: Beta, depends_on: [a]}
      - {key: c, title: Gamma, depends_on: [a]}
      - {key: d, title: Delta, depends_on: [b, c], retry: {max_attempts: 3, backoff_initial_ms: 1}}
    """

@Suite struct RealProcessTests {
    @Test func runCarriesOutAPlanAndRepeatsNothing() throws {
        let world = try RealWorld()
        let file = try world.plan(plan)
        let script = try world.script(
            """
            [ "$ORCA_TASK_TITLE" = Delta ] && [ "$ORCA_ATTEMPT_NUMBER" -lt 2 ] && { echo 'not yet' >&2; exit 1; }
            cat > "$ORCA_TASK_TITLE.txt"; echo done >> "$ORCA_TASK_TITLE.txt"
            """)
        let first = try world.run("run", file, "--agents", "3", "--", script)
        #expect(first.status == .exited(code: 0), "\(first.errorText)")
        #expect(first.outputText.contains("4 of 4 tasks completed, all merged into orca/DEMO/integration"))
        #expect(first.errorText.contains("DEMO-4 failed, will be tried again"))
        let files = try world.git(["ls-tree", "--name-only", "orca/DEMO/integration"]).outputText
        #expect(files == "Alpha.txt\nBeta.txt\nDelta.txt\nGamma.txt\n")
        let again = try world.run("run", file, "--agents", "3", "--", script)
        #expect(again.status == .exited(code: 0))
        #expect(!again.errorText.contains("started by"))
        #expect(again.errorText.contains("4 unchanged"))
    }

    @Test func runFailsWhenATaskFails() throws {
        let world = try RealWorld()
        let file = try world.plan("tasks: [{title: Hopeless, retry: {max_attempts: 1}}, {title: Fine}]")
        let script = try world.script(#"[ "$ORCA_TASK_TITLE" = Fine ] && echo x > fine.txt"#)
        let outcome = try world.run("run", file, "-p", "P", "--json", "--", script)
        #expect(outcome.status == .exited(code: 1))
        let run = try JSONValue(jsonBytes: outcome.output)["run"]
        #expect(run?["isFine"]?.boolValue == false)
        #expect(run?["tasks"]?.arrayValue?.map { $0["status"]?.stringValue } == ["failed", "completed"])
    }

    @Test func anInterruptedRunGivesItsTasksBackAndGoesOnLater() throws {
        let world = try RealWorld()
        let file = try world.plan(plan)
        // The worker tells that it has begun by opening this, and then waits for ever.
        let fifo = world.directory + "/begun"
        #expect(mkfifo(fifo, 0o600) == 0)
        let slow = try world.script("echo begun > \(fifo); exec sleep 600")
        let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
        let child = try ChildProcess.spawn(
            world.command(["run", file, "--", slow]), input: null.raw, output: null.raw, error: null.raw)
        #expect(try Files.readText(fifo) == "begun\n")
        child.signal(SIGINT)
        #expect(child.reap() == .exited(code: 130))
        let tasks = try JSONValue(jsonBytes: try world.run("list", "-p", "DEMO", "--json").output)["tasks"]?.arrayValue
        #expect(tasks?.first?["status"]?.stringValue == "ready")
        let quick = try world.script("echo x > \"$ORCA_TASK_TITLE.txt\"")
        let again = try world.run("run", file, "--agents", "2", "--", quick)
        #expect(again.status == .exited(code: 0), "\(again.errorText)")
    }

    @Test func execHoldsATaskWhileAProgramRuns() throws {
        let world = try RealWorld()
        #expect(try world.run("project", "create", "P").status.isSuccess)
        for title in ["One", "Two"] { #expect(try world.run("add", title, "-p", "P").status.isSuccess) }
        let good = try world.run(
            "exec", "--task", "P-1", "--agent", "me", "--", "sh", "-c", "test \"$ORCA_TASK_REF\" = P-1")
        #expect(good.status == .exited(code: 0), "\(good.errorText)")
        let bad = try world.run("exec", "--task", "P-2", "--agent", "me", "--", "sh", "-c", "exit 7")
        #expect(bad.status == .exited(code: 7))
        let held = try world.run("exec", "--task", "P-1", "--agent", "me", "--", "true")
        #expect(held.status == .exited(code: 4))
    }

    @Test func aLeaseIsHeldWhileAProcessLives() throws {
        let world = try RealWorld()
        #expect(try world.run("project", "create", "P").status.isSuccess)
        #expect(try world.run("add", "One", "-p", "P").status.isSuccess)
        #expect(try world.run("claim", "P-1", "--agent", "me").status.isSuccess)
        let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
        let sleeper = try ChildProcess.spawn(
            SubprocessCommand("sleep", ["600"], environment: world.environment), input: null.raw, output: null.raw,
            error: null.raw)
        let hold = try ChildProcess.spawn(
            world.command(["lease", "hold", "P-1", "--pid", String(sleeper.pid), "--release"]), input: null.raw,
            output: null.raw,
            error: null.raw)
        // Renewing is the first thing a holder does.
        var lease: JSONValue?
        repeat {
            let list = try JSONValue(jsonBytes: try world.run("lease", "list", "--json").output)
            lease = try #require(list["leases"]?.arrayValue?.first)
        } while lease?["renewedAt"] == lease?["acquiredAt"] && hold.status == nil
        sleeper.signal(SIGKILL)
        #expect(hold.reap() == .exited(code: 0))
        sleeper.reap()
        #expect(try world.run("list", "-p", "P", "--status", "ready", "-q").outputText == "P-1\n")
    }

    @Test func twentyProcessesAtOnceStartOneServer() throws {
        let world = try RealWorld()
        let null = try OwnedDescriptor.open("/dev/null", O_RDWR)
        let children = try (0..<20).map { _ in
            try ChildProcess.spawn(
                world.command(["workspace", "list"]), input: null.raw, output: null.raw, error: null.raw)
        }
        for child in children { #expect(child.reap() == .exited(code: 0)) }
        let log = try Files.readText(world.directory + "/home/state/orcad.log")
        #expect(log.split(separator: "\n").count { $0.contains("\"listening\"") } == 1, "\(log)")
    }

    @Test func anAnswerThatCannotBeWrittenIsAFailureAndOneThatNobodyReadsIsNot() throws {
        let world = try RealWorld()
        func shell(_ line: String) throws -> Subprocess.Result {
            try Subprocess.run(SubprocessCommand("bash", ["-c", line], environment: world.environment))
        }
        let full = try shell("\(world.orca) help > /dev/full")
        #expect(
            full.status == .exited(code: 1) && full.errorText.contains("No space left on device"), "\(full.errorText)")
        let unread = try shell("\(world.orca) help --reference | true; exit ${PIPESTATUS[0]}")
        #expect(unread.status == .exited(code: 0) && unread.errorText.isEmpty, "\(unread.errorText)")
    }

    @Test func refusesArgumentsThatAreNotUTF8() throws {
        let world = try RealWorld()
        let command = SubprocessCommand(
            "sh", ["-c", "exec \(world.orca) add \"$(printf '\\377')\" -p P"], environment: world.environment)
        let outcome = try Subprocess.run(command)
        #expect(outcome.status == .exited(code: 2))
        #expect(outcome.errorText.contains("is not UTF-8"))
    }
}
