import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// Bad input gets one clear error with the documented exit code, and nothing is lost or half done.
@Suite(.serialized) struct BadInputTests {
    private func project() throws -> Installation {
        let place = try Installation()
        try place.orca("project", "create", "BAD", "--name", "Bad")
        try place.orca("add", "First", "-p", "BAD")
        return place
    }

    private func expectUnharmed(_ place: Installation) throws {
        #expect(try place.orca("list", "-p", "BAD", "--quiet") == "BAD-1\n")
    }

    @Test func aPlanWithMistakesIsRefusedWithTheirPlaces() throws {
        let place = try project()
        let plans: [(name: String, text: String, position: String)] = [
            ("yaml", "name: x\ntasks:\n  - {key: a, title: A\n", ":4:"),
            ("yaml", "name: x\ntasks:\n  - {key: a, titel: A}\n", ":3:14: 'titel'"),
            ("json", "{\"name\": \"x\",\n \"tasks\": [{]}", ":2:"),
            ("yaml", "name: x\ntasks:\n  - {key: a, title: A, depends_on: [ghost]}\n", ":3:"),
            (
                "yaml",
                "name: x\ntasks:\n  - {key: a, title: A, depends_on: [b]}\n  - {key: b, title: B, depends_on: [a]}\n",
                "a → b → a"
            ),
        ]
        for plan in plans {
            let file = try place.folder.file("bad.\(plan.name)", plan.text)
            try place.expectRefusal(["plan", "import", file, "-p", "BAD"], code: 2, "bad.\(plan.name)", plan.position)
        }
        let file = place.folder.path("utf.yaml")
        try Files.write(Array("name: x\ntasks:\n  - {key: a, title: \"A".utf8) + [0xFF] + Array("\"}\n".utf8), to: file)
        try place.expectRefusal(["plan", "import", file, "-p", "BAD"], code: 2, "utf.yaml:3:23", "not UTF-8")
        try expectUnharmed(place)
    }

    @Test func aRepositoryIsKeptByItsFullPathAndOneThatIsNotThereIsRefused() throws {
        let place = try project()
        try place.makeRepository()
        try place.orca("project", "update", "BAD", "--repository", "repo/../repo/.")
        #expect(try place.orca("project", "show", "BAD").contains(" \(place.repository)\n"))
        try place.expectRefusal(
            ["project", "create", "NEW", "--repository", "nowhere"], code: 2, "no directory", "nowhere")
        try place.orca("project", "update", "BAD", "--repository", "git@example.com:a/b.git")
        #expect(try place.orca("project", "show", "BAD").contains("git@example.com:a/b.git"))
    }

    @Test func idsThatAreUnknownOrOfAnotherWorkspaceAreNotFound() throws {
        let place = try project()
        try place.orca("workspace", "create", "other")
        try place.expectRefusal(["show", "BAD-99"], code: 3, "BAD-99", "orca task list")
        try place.expectRefusal(["show", "task_00000000000000000000000000"], code: 3, "There is no task")
        try place.expectRefusal(["show", "BAD-1", "-w", "other"], code: 3, "There is no task 'BAD-1'")
        try place.expectRefusal(["claim", "BAD-1", "-w", "other", "--agent", "a"], code: 3, "There is no task")
        try place.expectRefusal(["add", "x", "-p", "NOPE"], code: 3, "orca project list")
        try place.expectRefusal(["list", "-w", "nope"], code: 3, "nope")
        try expectUnharmed(place)
    }

    @Test func writesWithoutTheRightAreRefusedAndChangeNothing() throws {
        let place = try project()
        try place.orca("claim", "BAD-1", "--agent", "first", "--ttl", "1s")
        // The lease ends by itself, and somebody else takes over.
        #expect(try place.eventually { try place.answer(["claim", "BAD-1", "--agent", "second"]).code == 0 })
        try place.expectRefusal(["renew", "BAD-1", "--token", "1"], code: 4, "second")
        try place.expectRefusal(["fail", "BAD-1", "--token", "1", "--error", "x"], code: 4, "second")
        try place.expectRefusal(["done", "BAD-1", "--token", "99"], code: 2, "never gave out")
        #expect(try place.orca("show", "BAD-1").contains("dispatched"))
        try place.orca("done", "BAD-1", "--token", "2")
        try place.expectRefusal(["retry", "BAD-1"], code: 4, "completed")
        try place.expectRefusal(["claim", "BAD-1", "--agent", "third"], code: 4, "completed")
        try place.expectRefusal(["cancel", "BAD-1"], code: 4, "completed")
        #expect(try place.orca("show", "BAD-1").contains("completed"))
    }

    @Test func bodiesThatAreTooLargeOrNoTextAreRefused() throws {
        let place = try Installation()
        let server = try place.startServer("--listen", "127.0.0.1:0")
        defer { server.end() }
        try place.orca("project", "create", "BAD", "--name", "Bad")
        try place.orca("add", "First", "-p", "BAD")
        let large = try place.folder.file("large", String(repeating: "a", count: 3 << 20))
        try place.expectRefusal(["add", "x", "-p", "BAD", "--spec", "@\(large)"], code: 2, "large")
        let notText = place.folder.path("bytes")
        try Files.write([0x61, 0xFF, 0xFE], to: notText)
        try place.expectRefusal(["add", "x", "-p", "BAD", "--spec", "@\(notText)"], code: 2, "UTF-8")

        try place.orca("token", "create", "t", "--scope", "admin", "-o", place.folder.path("token"))
        let tcp = try #require(ServerLock.read(place.places.serverLock)?.tcpAddress)
        let port = try #require(tcp.split(separator: ":").last)
        let head =
            "POST /v1/workspaces/default/tasks HTTP/1.1\\r\\nHost: localhost\\r\\nAuthorization: Bearer '$(cat token)'\\r\\nContent-Type: application/json\\r\\n"
        for (length, body, status) in [
            ("1000000000", "", "413"), ("27", "{\"project\":\"BAD\",\"title\":\"\\xff\"}", "400"),
        ] {
            let script =
                "exec 3<>/dev/tcp/127.0.0.1/\(port); printf '\(head)Content-Length: \(length)\\r\\n\\r\\n\(body)' >&3; head -n 1 <&3"
            let answer = try Subprocess.run(place.command("bash", ["-c", script]), timeout: .seconds(30))
            #expect(answer.outputText.hasPrefix("HTTP/1.1 \(status)"), "\(answer)")
        }
        try expectUnharmed(place)
    }

    @Test func runSaysWhatIsWrongWithTheRepositoryOrTheCommand() throws {
        let place = try project()
        let plan = try place.folder.file("plan.yaml", "name: x\ntasks:\n  - {key: a, title: A}\n")
        func run(_ rest: String...) -> [String] { ["run", plan, "--repo", place.repository] + rest }
        try place.expectRefusal(run("--", "true"), code: 2, "repo")
        try Files.makeDirectories(place.repository)
        try place.expectRefusal(run("--", "true"), code: 2, "not a git repository", "git init")
        try place.git("init", "--quiet")
        try place.expectRefusal(run("--", "true"), code: 2, "has no commit yet")
        try place.makeRepository()
        try place.expectRefusal(run("--base", "nope", "--", "true"), code: 2, "no branch `nope`", "main")
        try place.expectRefusal(run("--", "no-such-program"), code: 2, "no-such-program")
        try place.expectRefusal(run("--", "/no/such/program"), code: 2, "/no/such/program")
        try place.expectRefusal(run(), code: 2, "needs a program")
        try place.expectRefusal(["show", "X-1"], code: 3, "X-1")

        try place.folder.file("repo/a.txt", "uncommitted\n")
        let dirty = try place.answer(run("--", "/bin/sh", "-c", "cat a.txt > b.txt"))
        #expect(dirty.code == 0 && dirty.errorText.contains("uncommitted changes"), "\(dirty.errorText)")
        #expect(try place.git("show", "orca/X/integration:b.txt") == "a")
        #expect(try Files.readText(place.repository + "/a.txt") == "uncommitted\n")
    }

    @Test func unknownWordsGetSuggestionsAndErrorsHaveOneShape() throws {
        let place = try project()
        try place.expectRefusal(["task", "lst"], code: 2, "Did you mean 'orca task list'?")
        try place.expectRefusal(["list", "--stat", "ready"], code: 2, "Did you mean --status?")
        try place.expectRefusal(["list", "--limit", "0"], code: 2, "1 to 1000")
        for (arguments, code, category) in [
            (["show", "BAD-9", "--json"], Int32(3), "not_found"),
            (["list", "--nope", "--json"], 2, "invalid_argument"),
            (["project", "create", "BAD", "--json"], 4, "conflict"),
        ] {
            let answer = try place.answer(arguments)
            #expect(answer.code == code, "\(answer)")
            let error = try #require(try JSONValue(jsonBytes: answer.output)["error"])
            #expect(error["category"]?.stringValue == category)
            #expect(error["code"]?.stringValue?.isEmpty == false && error["message"]?.stringValue?.isEmpty == false)
            #expect(error["details"] != nil)
        }
    }
}
