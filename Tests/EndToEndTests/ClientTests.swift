import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// The example workers of the clients in other languages, against a real server.
@Suite(.serialized) struct ClientTests {
    /// The checkout that the tests were built from.
    private var sources: String {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return parts.joined(separator: "/")
    }

    private func build(_ language: String) throws {
        var command = SubprocessCommand(
            sources + "/scripts/clients", [language], environment: ProcessEnvironment.current)
        command.environment["GOFLAGS"] = ""
        let result = try Subprocess.run(command, timeout: .seconds(600))
        try #require(result.status.isSuccess, "\(result.outputText)\(result.errorText)")
    }

    /// Lets a worker carry out two tasks of three, the second only after the first, and looks at what became of them.
    private func letWork(
        _ place: Installation, _ program: String, _ arguments: [String], _ environment: [String: String], signs: String
    ) throws {
        try place.orca("project", "create", "EXT")
        try place.orca("add", "First", "-p", "EXT")
        try place.orca("add", "Second", "-p", "EXT", "--after", "EXT-1")
        try place.orca("add", "Third", "-p", "EXT", "--after", "EXT-2")
        var command = place.command(program, arguments + ["EXT", "2"])
        command.environment.merge(environment) { $1 }
        let result = try Subprocess.run(command, timeout: .seconds(120))
        #expect(result.status.isSuccess, "\(result.outputText)\(result.errorText)")
        #expect(result.outputText == "EXT-1 completed\nEXT-2 completed\n")
        #expect(try place.orca("show", "EXT-2").contains("done by \(signs): Second"))
        #expect(try place.orca("show", "EXT-3").contains("ready"))
        // A refusal arrives as one: with its code, and as a failure of the program.
        command.arguments = arguments + ["NOPE", "1"]
        let refused = try Subprocess.run(command, timeout: .seconds(60))
        #expect(!refused.status.isSuccess && refused.errorText.contains("project_not_found"), "\(refused.errorText)")
    }

    @Test func theSwiftWorkerWorks() throws {
        let place = try Installation()
        try letWork(place, place.programs + "/orca-example-worker", [], [:], signs: "Swift")
    }

    @Test func theSwiftWorkerUsesNothingButWhatIsPublic() throws {
        // Outside of the package, only what is public is there.
        let folder = sources + "/clients/swift/worker/"
        let installation = try Installation()
        let built = installation.programs
        let maps = [
            built + "/CLinux.build/module.modulemap", built + "/CTLS.build/module.modulemap",
            sources + "/Sources/COpenSSL/module.modulemap",
        ]
        let result = try Subprocess.run(
            SubprocessCommand(
                "swiftc",
                ["-typecheck", "-swift-version", "6", "-I", built + "/Modules"]
                    + maps.flatMap { ["-Xcc", "-fmodule-map-file=" + $0] }
                    + [folder + "main.swift", folder + "ExampleWorker.swift"], environment: ProcessEnvironment.current),
            timeout: .seconds(120))
        #expect(result.status.isSuccess, "\(result.errorText.prefix(3_000))")
    }

    @Test func theGoAndPythonWorkersWork() throws {
        try build("go")
        try build("python")
        let python = try Subprocess.run(
            SubprocessCommand(
                sources + "/scripts/python-tools", ["grpc"], environment: ProcessEnvironment.current),
            timeout: .seconds(600))
        for (signs, program, arguments) in [
            ("Go", sources + "/.build/clients/go-worker", []),
            (
                "Python", python.outputText.filter { !$0.isNewline }, [sources + "/clients/python/examples/worker.py"]
            ),
        ] {
            // Over the unix socket as its owner, and over TCP with a token.
            for address in ["unix", "127.0.0.1:0"] {
                let place = try Installation()
                let server = try place.startServer("--grpc-address", address)
                defer { server.end() }
                try place.orca("token", "create", "far", "--scope", "coordinator", "-o", place.folder.path("token"))
                var environment = ["PYTHONPATH": sources + "/clients/python"]
                if address == "unix" {
                    environment["ORCA_GRPC"] = "unix://" + Files.split(place.places.socket).folder + "/grpc.sock"
                } else {
                    let line = try place.orca("status").split(separator: "\n").first { $0.hasPrefix("grpc: ") }
                    environment["ORCA_GRPC"] = String(try #require(line).dropFirst("grpc: ".count))
                    environment["ORCA_TOKEN"] = try Files.readText(place.folder.path("token")).filter { !$0.isNewline }
                }
                try letWork(place, program, arguments, environment, signs: signs)
            }
        }
    }

    @Test func theTypeScriptWorkerWorks() throws {
        try build("typescript")
        let place = try Installation()
        let server = try place.startServer("--listen", "127.0.0.1:0")
        defer { server.end() }
        try place.orca("token", "create", "ts", "--scope", "coordinator", "-o", place.folder.path("token"))
        let tcp = try #require(ServerLock.read(place.places.serverLock)?.tcpAddress)
        try letWork(
            place, "node", [sources + "/.build/clients/typescript/examples/worker.js"],
            [
                "ORCA_URL": "http://" + tcp,
                "ORCA_TOKEN": try Files.readText(place.folder.path("token")).filter { !$0.isNewline },
            ], signs: "TypeScript")
        try follow(place, url: "http://" + tcp)
    }

    /// Streams of the TypeScript client: left, canceled, refused, and nobody there.
    private func follow(_ place: Installation, url: String) throws {
        let script = try place.folder.file(
            "follow.mjs",
            """
            import { OrcaClient, OrcaError } from "\(sources)/.build/clients/typescript/src/index.js";
            import { readFileSync } from "node:fs";
            const url = "\(url)", token = readFileSync("token", "utf8").trim();
            const orca = new OrcaClient({ url, token });
            const seen = [];
            for await (const item of orca.watchEvents({ after: 0, typePrefix: "task.created" })) {
              seen.push(item.event.type);
              if (seen.length === 3) break;
            }
            console.log(seen.join(" "));
            const stop = new AbortController();
            setTimeout(() => stop.abort(new Error("enough")), 50);
            const told = async (body) => { try { await body(); } catch (e) { return e.code ?? e.message; } };
            const all = async (stream) => { for await (const _ of stream); };
            console.log(await told(() => all(orca.watchEvents({ after: -1 }, { signal: stop.signal }))));
            console.log(await told(() => all(new OrcaClient({ url, token: "orca_wrong" }).watchEvents({}))));
            console.log(await told(() => orca.getTask({})));
            console.log(await told(() => orca.listEvents({ after: -1, waitMs: 20000 }, { timeoutMs: 50 })));
            console.log(await told(() => new OrcaClient({ url: "http://127.0.0.1:9" }).listProjects()));
            const key = { idempotencyKey: "once" };
            const twice = await Promise.all([1, 2].map(() => orca.createTask({ project: "EXT", title: "Once" }, key)));
            console.log(twice[0].task.ref === twice[1].task.ref);
            """)
        let result = try Subprocess.run(place.command("node", [script]), timeout: .seconds(60))
        #expect(
            result.outputText == """
                task.created task.created task.created
                enough
                unauthenticated
                invalid_argument
                timeout
                server_unreachable
                true

                """, "\(result.errorText)")
    }
}
