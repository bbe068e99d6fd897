import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// Servers by name, and a database without one.
@Suite struct ContextTests {
    /// The client that the flag, the environment or `context use` leads to; a server of its own for "far".
    private func far(_ place: Installation) throws -> (server: SupervisedProcess, url: String) {
        let other = place.folder.path("other")
        var command = place.command(place.programs + "/orcad", ["serve", "--listen", "127.0.0.1:0"])
        command.environment["ORCA_HOME"] = other
        let server = try SupervisedProcess(command)
        let lock = other + "/run/orcad.lock"
        #expect(place.eventually { ServerLock.read(lock)?.tcpAddress.isEmpty == false })
        var token = place.command(
            "orca", ["token", "create", "far", "--scope", "admin", "-o", place.folder.path("token")])
        token.environment["ORCA_HOME"] = other
        #expect(try Subprocess.run(token, timeout: .seconds(30)).status.isSuccess)
        return (server, "http://" + (try #require(ServerLock.read(lock)?.tcpAddress)))
    }

    private func projects(_ place: Installation, _ arguments: [String], _ environment: [String: String] = [:]) throws
        -> String
    {
        var command = place.command("orca", ["project", "list", "-q"] + arguments)
        command.environment.merge(environment) { $1 }
        let result = try Subprocess.run(command, timeout: .seconds(60))
        return result.outputText.filter { !$0.isNewline } + result.errorText
    }

    @Test func theFlagWinsOverTheEnvironmentAndThatOverTheContextInUse() throws {
        let place = try Installation()
        let (server, url) = try far(place)
        defer { server.end() }
        try place.orca("context", "add", "far", "--url", url, "--token-file", place.folder.path("token"), "--use")
        try place.orca("project", "create", "FAR")
        try place.orca("project", "create", "NEAR", "--server", "local")
        #expect(try projects(place, []) == "FAR")
        #expect(try projects(place, ["--server", "local"]) == "NEAR")
        #expect(try projects(place, [], ["ORCA_CONTEXT": "local"]) == "NEAR")
        #expect(try projects(place, ["--server", "far"], ["ORCA_CONTEXT": "local"]) == "FAR")
        #expect(try projects(place, [], ["ORCA_SOCKET": place.places.socket]) == "NEAR")
        #expect(try projects(place, ["--server", "far"], ["ORCA_SOCKET": place.places.socket]) == "FAR")
        try place.orca("context", "use", "local")
        #expect(try projects(place, []) == "NEAR")
        // What a worker of a context runs talks to the same server.
        try place.orca("add", "Task", "-p", "FAR", "--server", "far")
        try place.orca(
            "exec", "--task", "FAR-1", "--server", "far", "--agent", "me", "--", "orca", "progress", "FAR-1",
            "--percent", "7", "--message", "going")
        #expect(try place.orca("show", "FAR-1", "--server", "far").contains("completed"))
    }

    @Test func databaseCommandsNeverTakeAnotherDatabaseThanTheContextSays() throws {
        let place = try Installation()
        try place.orca("project", "create", "HERE")
        try place.orca("context", "add", "far", "--url", "http://127.0.0.1:1", "--use")
        try place.expectRefusal(["db", "status"], code: 2, "'far' is a server", "--server local")
        try place.expectRefusal(["db", "export", "x.ndjson"], code: 2, "'far' is a server")
        #expect(try place.orca("db", "status", "--server", "local").contains(place.places.database))
        try place.orca("context", "add", "own", "--database", "own.db", "--use")
        try place.orca("project", "create", "OWN")
        #expect(try place.orca("db", "status").contains(place.folder.path("own.db")))
    }

    @Test func aDatabaseCanBeUsedWithoutAServer() throws {
        let place = try Installation()
        try place.orca("context", "add", "own", "--database", "own.db", "-w", "default")
        try place.orca("project", "create", "OWN", "--server", "own")
        #expect(try place.orca("context", "show", "own").contains(place.folder.path("own.db")))
        // Each has to wait for the one before it.
        let answers = try (1...4).map { _ in
            try SupervisedProcess(place.command("orca", ["add", "Task", "-p", "OWN", "--server", "own", "-q"]))
        }
        for answer in answers { _ = try answer.follow(until: .after(.seconds(30))) { _ in } }
        #expect(
            try place.eventually {
                try place.orca("list", "-p", "OWN", "--server", "own", "-q").split(separator: "\n").count == 4
            })
        #expect(Files.kind(place.folder.path("home/run")) == nil, "nothing was started in the user's home")

        try place.makeRepository()
        let plan = try place.folder.file("plan.yaml", "name: x\ntasks:\n  - {key: a, title: A}\n")
        try place.orca(
            "run", plan, "-p", "OWN", "--repo", place.repository, "--server", "own", "--", "sh", "-c",
            "orca show OWN-5 -q > seen")
        #expect(try place.git("show", "orca/OWN/integration:seen") == "OWN-5")
        let refused = try Subprocess.run(
            place.command("orca", ["terminal", "create", "--server", "own"]), timeout: .seconds(30))
        #expect(!refused.status.isSuccess)
    }

    @Test func aDatabaseThatAServerHasIsNotOpenedTwice() throws {
        let place = try Installation()
        try place.orca("project", "create", "BUSY")
        try place.orca("context", "add", "same", "--database", place.places.database)
        let result = try Subprocess.run(
            place.command("orca", ["list", "--server", "same"]), timeout: .seconds(60))
        #expect(result.status == .exited(code: 6) && result.errorText.contains("orcad (pid"), "\(result.errorText)")
    }

    @Test func badNamesAndFilesAreComplainedAboutAndNothingIsLost() throws {
        let place = try Installation()
        func refusal(_ arguments: String...) throws -> String {
            let result = try Subprocess.run(place.command("orca", arguments), timeout: .seconds(30))
            #expect(!result.status.isSuccess)
            return result.errorText
        }
        #expect(try refusal("list", "--server", "nope").contains("orca context list"))
        #expect(try refusal("context", "add", "a b", "--url", "http://x:1").contains("'a b'"))
        #expect(try refusal("context", "add", "local", "--url", "http://x:1").contains("taken"))
        #expect(try refusal("context", "add", "x").contains("--url"))
        #expect(try refusal("context", "add", "x", "--url", "ftp://x").contains("ftp://x"))
        #expect(try refusal("context", "remove", "local").contains("always there"))
        let file = place.folder.path("home/config/contexts.json")
        try Files.makeDirectories(Files.split(file).folder)
        try Files.write("{\"contexts\":[{\"name\":\"x\"}]}", to: file)
        #expect(try refusal("list").contains(file))
        #expect(try refusal("context", "add", "y", "--url", "http://x:1").contains(file))
        #expect(try Files.readText(file) == "{\"contexts\":[{\"name\":\"x\"}]}")
    }
}
