import OrcaSupport
import OrcaTestKit
import Testing

/// `orca script run` against the real server and the real sandbox.
@Suite(.serialized) struct ScriptRunTests {
    private func place() throws -> Installation {
        let place = try Installation()
        try place.orca("project", "create", "API")
        return place
    }

    private func script(_ place: Installation, _ code: String, _ rest: String..., code exit: Int32 = 0) throws
        -> JSONValue
    {
        let file = try place.folder.file("script.js", code)
        let command = place.command("orca", ["script", "run", file, "--json"] + rest)
        let result = try Subprocess.run(command, timeout: .seconds(60))
        #expect(result.code == exit, "\(result)")
        return try JSONValue(jsonBytes: result.output)
    }

    private static let flow = """
        const made = [];
        for (const title of ["one", "two"]) made.push(await orca.tasks.create({ project: "API", title }));
        await orca.tasks.addDependency({ task: made[1].ref, dependsOn: made[0].ref });
        await orca.tasks.claim({ project: "API", agent: "bot" });
        (await orca.tasks.list({ project: "API" })).tasks.map((task) => [task.ref, task.status])
        """

    @Test(.timeLimit(.minutes(2))) func whatIsDeclaredRequiredIsAndNothingElse() throws {
        let place = try Installation()
        let fixture = Files.split(#filePath).folder + "/Fixtures/required.js"
        #expect(try script(place, Files.readText(fixture))["value"] == [])
    }

    @Test func aFlowIsCarriedOutAndRepeatsNothingUnderItsKey() throws {
        let place = try place()
        let expected: JSONValue = .array([.array(["API-1", "dispatched"]), .array(["API-2", "pending"])])
        #expect(try script(place, Self.flow, "--idempotency-key", "k")["value"] == expected)
        #expect(try script(place, Self.flow, "--idempotency-key", "k")["value"] == expected)
        #expect(try place.orca("list", "-p", "API", "-q") == "API-1\nAPI-2\n")
    }

    @Test func aDryRunShowsWhatWouldBeDoneAndDoesNothing() throws {
        let place = try place()
        let report = try script(place, Self.flow, "--dry-run")
        #expect(
            report["value"] == .array([.array(["API-1", "dispatched"]), .array(["API-2", "pending"])]), "\(report)")
        #expect(report["calls"]?.arrayValue?.allSatisfy { $0["isUndone"] == .bool(true) } == true)
        #expect(try place.orca("list", "-p", "API", "-q") == "")
        let beyond = try script(place, "await orca.terminals.create({})", "--dry-run", code: 1)
        #expect(beyond["error"]?["message"]?.stringValue?.contains("dry run") == true, "\(beyond)")
    }

    @Test func aTransactionThatFailsLeavesNothing() throws {
        let place = try place()
        let code = """
            await orca.tasks.create({ project: "API", title: "kept" });
            await orca.transaction(async () => {
              const task = await orca.tasks.create({ project: "API", title: "undone" });
              await orca.tasks.addDependency({ task: task.ref, dependsOn: "API-99" });
            });
            """
        let report = try script(place, code, code: 1)
        #expect(report["error"]?["line"] == .integer(4), "\(report)")
        #expect(try place.orca("list", "-p", "API", "-q") == "API-1\n")
        let done = try script(
            place, code.replacing("API-99", with: "API-1") + "\nreturn (await orca.tasks.get('API-3')).status")
        #expect(done["value"] == "pending", "\(done)")
    }

    @Test func rightsAreThoseOfTheCaller() throws {
        let place = try place()
        let token = place.folder.path("token")
        try place.orca("token", "create", "reader", "--scope", "read_only", "--output", token)
        try place.folder.file("script.js", "await orca.tasks.create({project: 'API', title: 'x'})")
        var command = place.command("orca", ["script", "run", place.folder.path("script.js"), "--json"])
        command.environment["ORCA_TOKEN_FILE"] = token
        let result = try Subprocess.run(command, timeout: .seconds(60))
        #expect(result.outputText.contains("permission_denied"), "\(result)")
        #expect(try place.orca("list", "-p", "API", "-q") == "")
    }
}
