import OrcaAPI
import OrcaCLI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Testing

@Suite struct CommandTests {
    @Test func addSendsWhatTheFlagsSay() {
        let world = FakeWorld()
        world.input = "The spec\n"
        world.client.on(Operations.createTask) { _ in .with { $0.task = task("API-1", .ready, "Write it") } }
        let outcome = world.run(
            "add", "Write", "it", "-p", "API", "--after", "API-2,API-3", "--policy", "cancel", "--tag", "a,b", "--spec",
            "-", "--priority", "5",
            "--context", "k=v=w", "--contract-command", "make", "--contract-file", "x", "--not-before", "+1h",
            "--idempotency-key", "k1")
        #expect(outcome.code == 0)
        #expect(outcome.out == "API-1  ready  Write it\n")
        let request = world.client.requests(OrcaV1.CreateTaskRequest.self)[0]
        #expect(
            request.workspace == "default" && request.project == "API" && request.title == "Write it"
                && request.spec == "The spec\n")
        #expect(request.dependencies.map(\.ref) == ["API-2", "API-3"])
        #expect(request.dependencies.allSatisfy { $0.policy == .cancel })
        #expect(request.requiredTags == ["a", "b"] && request.priority == 5 && request.context == ["k": "v=w"])
        #expect(request.contract.map(\.requirement) == [.command("make"), .file("x")])
        #expect(request.notBefore?.milliseconds == FakeWorld.now + 3_600_000)
        #expect(world.client.calls[0].key == "k1")
    }

    @Test func readsSpecsFromFiles() throws {
        let world = FakeWorld()
        try world.write("From a file", to: "spec.md")
        world.client.on(Operations.createTask) { _ in .with { $0.task = task("API-1", .ready) } }
        #expect(world.run("add", "T", "-p", "API", "--spec", "@spec.md").code == 0)
        #expect(world.client.requests(OrcaV1.CreateTaskRequest.self)[0].spec == "From a file")
        let missing = world.run("add", "T", "-p", "API", "--spec", "@nope.md")
        #expect(missing.code == 3 && missing.err.contains("nope.md"))
    }

    @Test func needsAProjectAndSaysHow() {
        let world = FakeWorld()
        let outcome = world.run("add", "T")
        #expect(outcome.code == 2)
        #expect(outcome.err == "error: 'orca add' needs --project KEY (or $ORCA_PROJECT). See 'orca project list'.\n")
        world.environment["ORCA_PROJECT"] = "ENV"
        world.client.on(Operations.createTask) { _ in .with { $0.task = task("ENV-1", .ready) } }
        #expect(world.run("add", "T").code == 0)
        #expect(world.client.requests(OrcaV1.CreateTaskRequest.self)[0].project == "ENV")
    }

    @Test func printsTheMessageAsJSON() {
        let world = FakeWorld()
        world.client.on(Operations.listTasks) { _ in
            .with {
                $0.tasks = [task("API-1", .ready)]
                $0.nextCursor = "c"
            }
        }
        let outcome = world.run("task", "list", "--json")
        #expect(outcome.out.hasPrefix(#"{"tasks":[{"id":"task_api-1","ref":"API-1","#))
        #expect(outcome.out.hasSuffix(#""nextCursor":"c"}"# + "\n"))
        #expect(outcome.err.isEmpty)
    }

    @Test func putsPagesTogether() {
        let world = FakeWorld()
        world.client.on(Operations.listTasks) { request in
            .with {
                $0.tasks = [task(request.cursor.isEmpty ? "API-1" : "API-2", .ready)]
                $0.nextCursor = request.cursor.isEmpty ? "c" : ""
            }
        }
        #expect(world.run("list", "-q").out == "API-1\n")
        #expect(world.run("list", "-q", "--all").out == "API-1\nAPI-2\n")
        #expect(world.run("list").err.contains("--cursor c"))
    }

    @Test(arguments: ErrorCategory.allCases)
    func exitsWithTheCodeOfTheError(category: ErrorCategory) {
        let codes: [ErrorCategory: Int32] = [
            .invalidArgument: 2, .notFound: 3, .conflict: 4, .permissionDenied: 5, .unauthenticated: 5, .unavailable: 6,
            .resourceExhausted: 6, .deadlineExceeded: 124, .internal: 1,
        ]
        let world = FakeWorld()
        world.client.on(Operations.getTask) { (_) throws(APIError) in
            throw APIError("some_code", category, "Do this next.", details: ["holder": "x"])
        }
        let outcome = world.run("show", "API-1", "--json")
        #expect(outcome.code == codes[category])
        #expect(outcome.err == "error: Do this next.\n")
        let error =
            #"{"code":"some_code","category":"\#(category.rawValue)","message":"Do this next.","details":{"holder":"x"}}"#
        #expect(outcome.out == #"{"error":\#(error)}"# + "\n")
    }

    @Test func claimRemembersItsTokenAndDoneUsesIt() throws {
        let world = FakeWorld()
        world.client.on(Operations.claimTask) { _ in claim("API-1", token: 7) }
        world.client.on(Operations.getTask) { _ in .with { $0.task = task("API-1", .dispatched) } }
        world.client.on(Operations.completeTask) { _ in .with { $0.task = task("API-1", .completed) } }
        #expect(world.run("claim", "--agent", "me").code == 0)
        let folder = world.directory + "/home/state/leases"
        let names = try Files.list(folder)
        #expect(names == ["default.task_api-1.json"])
        #expect(try mode(folder + "/" + names[0]) == 0o600 && mode(folder) == 0o700)
        #expect(world.run("done", "api-1", "-r", "ok").code == 0)
        let request = world.client.requests(OrcaV1.CompleteTaskRequest.self)[0]
        #expect(request.token == 7 && request.result == "ok")
        #expect(try Files.list(folder).isEmpty)
        #expect(world.run("done", "API-1").err.contains("There is no token for API-1"))
    }

    @Test func theTokenOfTheFlagWinsOverTheFileOverTheRemembered() throws {
        let world = FakeWorld()
        world.client.on(Operations.claimTask) { _ in claim("API-1", token: 7) }
        world.client.on(Operations.renewLease) { _ in .with { $0.lease = .with { $0.taskRef = "API-1" } } }
        world.run("claim", "--agent", "me")
        world.run("renew")
        try world.write("8\n", to: "token")
        world.environment["ORCA_LEASE_TOKEN_FILE"] = world.directory + "/token"
        world.run("renew", "API-1")
        world.run("renew", "API-1", "--token", "9")
        #expect(world.client.requests(OrcaV1.RenewLeaseRequest.self).map(\.token) == [7, 8, 9])
    }

    @Test func doneChecksTheContractHere() throws {
        let world = FakeWorld()
        try world.write("x", to: "made")
        world.client.on(Operations.getTask) { _ in
            .with {
                $0.task = task("API-1", .dispatched)
                $0.task?.contract = ["test -s made", "echo why >&2; exit 3"].map { command in
                    .with { $0.requirement = .command(command) }
                }
                $0.task?.contract += ["made", "missing", "../up"].map { path in .with { $0.requirement = .file(path) } }
            }
        }
        world.client.on(Operations.completeTask) { (_) throws(APIError) in
            throw APIError("contract_unverified", .conflict, "Not done.")
        }
        let outcome = world.run("done", "API-1", "--token", "1")
        #expect(outcome.code == 4)
        let checks = world.client.requests(OrcaV1.CompleteTaskRequest.self)[0].checks
        #expect(checks.map(\.passed) == [true, false, true, false, false])
        #expect(checks[1].detail == "exit code 3: why")
        #expect(outcome.err.contains("missing exists and is not empty: there is no file missing"))
    }

    @Test func claimNeedsAnAgent() {
        let outcome = FakeWorld().run("claim")
        #expect(outcome.code == 2 && outcome.err.contains("--agent NAME"))
    }

    @Test func statusSaysThatNothingRuns() {
        let world = FakeWorld()
        world.hasServer = false
        let outcome = world.run("status")
        #expect(
            outcome.out == """
                appRunning: false
                pid: none
                runtimeState: not_running
                runtimeReachable: false
                runtimeId: none
                graphState: not_running

                """)
        #expect(outcome.code == 1 && outcome.err.contains("orca serve"))
    }

    @Test func waitEndsWithWhatBecameOfTheTask() {
        let world = FakeWorld()
        world.client.on(Operations.waitTask) { _ in
            .with {
                $0.done = true
                $0.task = task("API-1", .failed)
            }
        }
        #expect(world.run("wait", "API-1").code == 1)
        world.client.on(Operations.waitTask) { _ in .with { $0.task = task("API-1", .ready) } }
        #expect(world.run("wait", "API-1", "--for", "0s").code == 124)
    }

    @Test func configKeepsSettings() throws {
        let world = FakeWorld()
        #expect(world.run("config", "set", "listen", "127.0.0.1:7070").code == 0)
        #expect(world.run("config", "set", "idle_stop", "60").code == 0)
        #expect(world.run("config", "get", "idle_stop").out == "60\n")
        #expect(world.run("config", "list").out == "idle_stop = 60\nlisten = 127.0.0.1:7070\n")
        #expect(try world.read("home/config/config.json") == #"{"idle_stop":60,"listen":"127.0.0.1:7070"}"# + "\n")
        #expect(world.run("config", "set", "idle_stop").code == 0)
        #expect(world.run("config", "get", "idle_stop").code == 3)
        #expect(world.run("config", "set", "lisen", "x").err.contains("did you mean 'listen'"))
    }

    @Test func configRefusesWhatTheServerWouldNotStartWith() throws {
        let world = FakeWorld()
        let refused = world.run("config", "set", "listen", "foo")
        #expect(refused.code == 2)
        #expect(refused.err == "error: listen is 'foo'; give ADDRESS:PORT, for example 127.0.0.1:7717.\n")
        #expect(world.run("config", "set", "idle_stop", "1", "2").err.contains("idle_stop takes one value, not 2"))
        #expect(Files.size(world.directory + "/home/config/config.json") == nil)
        #expect(world.run("config", "set", "allow_host", "a.example", "b.example").code == 0)
        #expect(try world.read("home/config/config.json") == #"{"allow_host":["a.example","b.example"]}"# + "\n")
        #expect(world.run("config", "unset", "allow_host").code == 0)
        #expect(world.run("config", "list").err.contains("Nothing is set"))
        #expect(world.run("config", "set", "tls_key", "missing.key").err.contains("There is no file"))
    }

    @Test func aProjectWithoutARepositoryWhereItShouldBeIsNoticed() throws {
        let world = FakeWorld()
        world.client.on(Operations.createProject) { _ in .with { $0.project = .with { $0.key = "API" } } }
        let missing = world.run("project", "create", "API", "--repository", world.directory + "/gone")
        #expect(missing.code == 0 && missing.err.contains("There is no git repository at \(world.directory)/gone"))
        try Files.makeDirectories(world.directory + "/here/.git/objects")
        try Files.makeDirectories(world.directory + "/here/below")
        #expect(world.run("project", "create", "API", "--repository", "here/below").err.isEmpty)
        #expect(world.run("project", "create", "API", "--repository", "https://h.example/x.git").err.isEmpty)
    }

    @Test func doctorFindsAConfigurationThatWasBrokenByHand() throws {
        let world = FakeWorld()
        world.hasServer = false
        #expect(world.run("config", "set", "idle_stop", "60").code == 0)
        #expect(world.run("doctor").out.contains("ok        configuration: "))
        try world.write(#"{"idle_stop":"soon","lisen":1}"#, to: "home/config/config.json")
        let outcome = world.run("doctor")
        #expect(outcome.code == 1)
        #expect(outcome.out.contains("problem   configuration: idle_stop is 'soon'"), "\(outcome.out)")
        #expect(outcome.out.contains("no setting 'lisen'"))
    }

    @Test func doctorTellsWhyTheLastStartFailed() throws {
        let world = FakeWorld()
        world.hasServer = false
        try Files.makeDirectories(world.directory + "/home/state")
        try world.write("{\"message\":\"stopped\"}\norcad: The database has schema 999.\n", to: "home/state/orcad.log")
        let failed = world.run("doctor").out
        #expect(failed.contains("warning   server: not running; the last start failed: The database has schema 999."))
        try world.write("orcad: The database has schema 999.\n{\"message\":\"stopped\"}\n", to: "home/state/orcad.log")
        #expect(world.run("doctor").out.contains("ok        server: not running; the next command starts it"))
    }

    @Test func whatIsReplacedOrLeftBehindIsSaid() {
        let world = FakeWorld()
        #expect(world.run("context", "add", "team", "--url", "http://a.example:1").err.contains("already") == false)
        #expect(
            world.run("context", "add", "team", "--url", "http://b.example:1").err
                .contains("'team' was there already, as http://a.example:1; it is replaced."))
        #expect(world.run("config", "set", "database", "postgresql://db/orca").err.contains("'orca db copy'"))
    }

    @Test func gatesAreListedBelowTheirNounToo() {
        let world = FakeWorld()
        world.client.on(Operations.listGates) { _ in .init() }
        world.client.on(Operations.listQuestions) { _ in .init() }
        #expect(world.run("gate", "list").code == 0)
        #expect(world.run("gate", "list").out == world.run("gates").out)
    }

    @Test func anErrorAboutTheServerNamesTheContextItComesFrom() throws {
        let world = FakeWorld()
        world.hasServer = false
        #expect(
            world.run("context", "add", "team", "--url", "http://h.example:1", "--token-file", "t").err.contains(
                "no file"))
        let named = world.run("list", "--server", "team")
        #expect(named.code == 6 && named.err.contains("It is the server of the context 'team'."))
        #expect(!named.err.contains("orca context use local"))
        #expect(world.run("context", "use", "team").code == 0)
        #expect(world.run("list").err.contains("'orca context use local' goes back"))
        #expect(!world.run("list", "--url", "http://other:1").err.contains("team"))
        world.hasServer = true
        world.client.on(Operations.listTasks) { (_) throws(APIError) in
            throw APIError("token_unknown", .unauthenticated, "The access token is not known.")
        }
        #expect(world.run("list").err.contains("context 'team', token in \(world.directory)/t."))
    }

    @Test func waitSaysThatTheTaskIsNotDoneWhenItsTimeIsOver() {
        let world = FakeWorld()
        world.client.on(Operations.waitTask) { (_) throws(APIError) in
            throw APIError("deadline_exceeded", .deadlineExceeded, "The time is over.")
        }
        let outcome = world.run("wait", "API-1", "--timeout", "0s")
        #expect(
            outcome.code == 124 && outcome.err.contains("API-1 is not done yet. See why with 'orca explain API-1'."))
        #expect(world.run("wait", "API-1", "--for", "1h").err.contains("The time is over."), "not its own end")
    }

    @Test func planCheckListsEveryMistake() throws {
        let world = FakeWorld()
        try world.write("tasks:\n  - titel: a\n  - {key: b, title: B, depends_on: [c]}\n", to: "plan.yaml")
        let outcome = world.run("plan", "check", "plan.yaml")
        #expect(outcome.code == 2)
        #expect(outcome.err.contains("plan.yaml:2:5: 'titel' is no field of a task. Did you mean 'title'?"))
        #expect(outcome.err.contains("plan.yaml:3:37: no task of this plan has the key 'c'"))
    }

    @Test func planImportSendsThePlan() throws {
        let world = FakeWorld()
        world.input = "tasks: [{title: One}]"
        world.client.on(Operations.importPlan) { request in
            .with {
                $0.created = 1
                $0.entries = [
                    .with {
                        $0.key = request.plan?.tasks[0].key ?? ""; $0.ref = "API-1"; $0.action = "created"
                    }
                ]
            }
        }
        let outcome = world.run("plan", "import", "-", "-p", "API")
        #expect(outcome.code == 0)
        #expect(outcome.out == "KEY  REF    ACTION\none  API-1  created\n")
        #expect(outcome.err == "1 were created, 0 updated, 0 unchanged.\n")
    }

    @Test func textOfOthersCannotSteerTheTerminal() {
        let world = FakeWorld()
        world.client.on(Operations.getTask) { _ in
            .with { $0.task = task("API-1", .ready, "evil\u{1B}[2J\u{9B}31m\u{202E}x\ny") }
        }
        let text = world.run("show", "API-1").out
        #expect(!text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x9B || $0.value == 0x202E })
        #expect(text.contains("evil\u{FFFD}[2J\u{FFFD}31m\u{FFFD}x y"))
    }

    @Test(arguments: [
        ("My Plan", "/r", "MYPLAN"), ("2030 release", "/r", "RELEASE"), ("…", "/src/orca-core", "ORCACORE"),
        ("", "/", "PLAN"), ("averyverylongname", "/r", "AVERYVERYL"),
    ])
    func makesProjectKeys(name: String, repository: String, key: String) {
        #expect(RunPlan.projectKey(name, repository) == key)
    }

    private func mode(_ path: String) throws -> UInt32 { try FileMode.of(path) }
}
