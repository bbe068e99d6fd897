import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// What the OpenAPI document promises, tried by a program that makes up requests from it.
@Suite struct SchemaTests {
    private var sources: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    }

    /// No 5xx, no status, type, field or header that the document does not have. Operations that would run what is made up are
    /// left out, and so is stopping the server.
    @Test func noMadeUpRequestFindsWhatTheDocumentDoesNotSay() throws {
        let tools = try Subprocess.run(
            SubprocessCommand(
                sources + "/scripts/python-tools", ["schemathesis"], environment: ProcessEnvironment.current),
            timeout: .seconds(600))
        try #require(tools.status.isSuccess, "\(tools.errorText)")
        let program =
            tools.outputText.filter { !$0.isNewline }.split(separator: "/", omittingEmptySubsequences: false)
            .dropLast().joined(separator: "/") + "/schemathesis"

        let place = try Installation()
        let server = try place.startServer("--listen", "127.0.0.1:0")
        defer { server.end() }
        try place.orca("token", "create", "st", "--scope", "admin", "-o", place.folder.path("token"))
        try place.orca("project", "create", "API")
        for number in 1...5 { try place.orca("add", "Task \(number)", "-p", "API") }
        try place.orca("claim", "API-1", "--agent", "me")
        let settings = try place.folder.file(
            "schemathesis.toml",
            """
            [parameters]
            "path.workspace" = "default"
            "path.project" = "API"
            "path.task" = "API-1"
            "path.agent" = "me"

            # A long poll may take longer than the time that every request here has.
            [checks.not_a_server_error]
            expected-statuses = ["2xx", "3xx", "4xx", 504]
            """)
        let token = try Files.readText(place.folder.path("token")).filter { !$0.isNewline }
        let tcp = try #require(ServerLock.read(place.places.serverLock)?.tcpAddress)
        var command = SubprocessCommand(
            program,
            [
                "--config-file", settings, "run", "http://\(tcp)/openapi.json", "-H", "Authorization: Bearer \(token)",
                "-H", "X-Orca-Timeout-Ms: 1500", "--exclude-operation-id-regex",
                "StopServer|RunScript|Terminal|Worktree",
                "--phases", "examples,coverage,fuzzing", "-n", "5", "-c",
                "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
                    + "response_headers_conformance", "--continue-on-failure", "--request-timeout", "10", "--no-color",
            ], environment: ProcessEnvironment.current)
        command.directory = place.folder.path
        let result = try Subprocess.run(command, timeout: .seconds(600))
        // It prints its seed and how to send a failing request again.
        #expect(result.status.isSuccess, "\(result.outputText.suffix(6_000))\(result.errorText.suffix(2_000))")
        #expect(result.outputText.contains("Test cases:"))
        #expect(try place.orca("status").contains("ready"), "the server is as well as before")
    }
}
