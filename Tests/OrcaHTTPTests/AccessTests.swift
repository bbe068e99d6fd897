import OrcaAPI
import OrcaHTTP
import OrcaProtobuf
import Testing

@Suite struct AccessTests {
    private let task = "/v1/workspaces/w/tasks/API-1"

    private func run(
        _ configure: (inout HTTPServerConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        try await TestServer.run(
            configure: {
                $0.tcp = [.init(port: 0)]
                configure(&$0)
            }, body)
    }

    private func send(_ server: TestServer, _ fields: [String], target: String? = nil) throws -> RawClient.Response {
        let client = try server.tcpClient()
        try client.send((["GET \(target ?? task) HTTP/1.1"] + fields).joined(separator: "\r\n") + "\r\n\r\n")
        return try client.readResponse()
    }

    @Test func `over TCP a token is needed and handed on`() async throws {
        try await run { server async throws in
            let none = try send(server, ["Host: localhost"])
            #expect(none.status == 401)
            #expect(none["www-authenticate"] == "Bearer realm=\"orca\"")
            for value in ["Basic YTpi", "Bearer", "Bearer a b", "Bearer \u{E9}"] {
                #expect(try send(server, ["Host: localhost", "Authorization: \(value)"]).status == 401)
            }
            #expect(server.performer.seen.isEmpty)
            let fields = ["Host: localhost", "Authorization: bearer orca_s3cret", "X-Orca-Caller: ann"]
            #expect(try send(server, fields).status == 200)
            #expect(server.performer.seen.map(\.call.caller) == [.bearer(secret: "orca_s3cret", name: "ann")])
        }
    }

    @Test func `a path of its own is guarded like an operation`() async throws {
        var hooks = HTTPServerHooks()
        hooks.paths["/own"] = { _, caller, _ in
            .whole(HTTPResponse(status: 202, body: Array("\(caller)".utf8)))
        }
        try await TestServer.run(hooks: hooks, configure: { $0.tcp = [.init(port: 0)] }) { server async throws in
            let token = "Authorization: Bearer t"
            #expect(try send(server, ["Host: localhost"], target: "/own").status == 401)
            #expect(try send(server, ["Host: evil.example", token], target: "/own").status == 403)
            let foreign = ["Host: localhost", token, "Origin: http://evil.example"]
            #expect(try send(server, foreign, target: "/own").status == 403)
            let answer = try send(server, ["Host: localhost", token], target: "/own")
            #expect(answer.status == 202 && String(decoding: answer.body, as: UTF8.self).contains("bearer"))
            #expect(try send(server, ["Host: localhost", token], target: "/own/x").status == 404)
        }
    }

    @Test func `over the unix socket a token takes the owner's place`() async throws {
        try await run { server async throws in
            _ = try server.client().request("GET", task)
            _ = try server.client().request("GET", task, fields: ["Authorization: Bearer t"])
            #expect(
                server.performer.seen.map(\.call.caller) == [.owner(name: "owner"), .bearer(secret: "t", name: "")])
        }
    }

    @Test(arguments: [
        "evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::2]", "10.0.0.1",
    ])
    func `a name that is not this server's is refused`(host: String) async throws {
        try await run { server async throws in
            let response = try send(server, ["Host: \(host)", "Authorization: Bearer t"])
            #expect(response.status == 403)
            #expect(try OrcaV1.Error(jsonBytes: response.body, unknownFields: .skip).code == "host_not_allowed")
            #expect(try send(server, ["Host: \(host)"], target: "/healthz").status == 403)
        }
    }

    @Test(arguments: ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:80", "[::1]:80", "orca.example"])
    func `the server's own names are taken`(host: String) async throws {
        try await run({ $0.allowedHosts = ["orca.example"] }) { server async throws in
            #expect(try send(server, ["Host: \(host)", "Authorization: Bearer t"]).status == 200)
        }
    }

    @Test(arguments: [
        ("http://evil.example", 403), ("null", 403), ("http://localhost:1", 403), ("https://localhost", 403),
        ("http://localhost", 200), ("https://good.example", 200),
    ])
    func `only the server's own pages and those that are allowed may send requests`(origin: String, status: Int)
        async throws
    {
        try await run({ $0.allowedOrigins = ["https://good.example"] }) { server async throws in
            let response = try send(server, ["Host: localhost", "Origin: \(origin)", "Authorization: Bearer t"])
            #expect(response.status == status)
            #expect((response["access-control-allow-origin"] == origin) == (origin == "https://good.example"))
        }
    }

    @Test func `liveness needs no token, metrics do`() async throws {
        try await run { server async throws in
            #expect(try send(server, ["Host: localhost"], target: "/healthz").status == 200)
            #expect(try send(server, ["Host: localhost"], target: "/readyz").status == 200)
            #expect(try send(server, ["Host: localhost"], target: "/metrics").status == 401)
            #expect(try send(server, ["Host: localhost", "Authorization: Bearer t"], target: "/metrics").status == 403)
        }
    }

    @Test(arguments: ["0.0.0.0", "192.0.2.1", "::"])
    func `an address that others reach is refused`(address: String) {
        let configuration = HTTPServerConfiguration(tcp: [.init(address: address, port: 0)])
        let error = #expect(throws: HTTPServerError.self) {
            try HTTPServer(configuration: configuration, performer: FakePerformer()).start()
        }
        #expect(error?.kind == .configuration)
        #expect(error?.description.contains("(insecure)") == true)
    }

    @Test func `an address that others reach is taken when the person insists`() async throws {
        try await run({
            $0.tcp = [.init(address: "0.0.0.0", port: 0)]
            $0.isInsecureAllowed = true
        }) { server async throws in
            #expect(try send(server, ["Host: localhost", "Authorization: Bearer t"]).status == 200)
        }
    }

    @Test(arguments: ["example.org", "1.2.3", "", "127.0.0.1:80"])
    func `a name instead of an address is refused`(address: String) {
        let configuration = HTTPServerConfiguration(tcp: [.init(address: address, port: 0)])
        #expect(throws: HTTPServerError.self) {
            try HTTPServer(configuration: configuration, performer: FakePerformer()).start()
        }
    }

    @Test func `a port in use is refused`() async throws {
        try await run { server async throws in
            let port = try #require(server.server.tcpPorts.first)
            let configuration = HTTPServerConfiguration(tcp: [.init(port: port)])
            let error = #expect(throws: HTTPServerError.self) {
                try HTTPServer(configuration: configuration, performer: FakePerformer()).start()
            }
            #expect(error?.kind == .inUse)
        }
    }
}
