import Glibc
import OrcaAPI
import OrcaHTTP
import OrcaProtobuf
import Testing

@Suite struct LifecycleTests {
    private let wait =
        "GET /v1/workspaces/w/tasks/API-1:wait HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n\r\n"

    /// A performer whose calls wait until they are cancelled or released.
    private struct Waiting {
        let started = Signal()
        let released = Signal()
        let cancelled = Signal()

        var performer: FakePerformer {
            FakePerformer { operation, _, _ in
                started.fire()
                await withTaskCancellationHandler {
                    await released.reached()
                } onCancel: {
                    cancelled.fire()
                    released.fire()
                }
                try Task.checkCancellation()
                return operation.responseType.init()
            }
        }
    }

    @Test(arguments: [true, false])
    func `a client that leaves during a long poll cancels it`(isTCP: Bool) async throws {
        let waiting = Waiting()
        try await TestServer.run(waiting.performer, configure: { $0.tcp = [.init(port: 0)] }) { server async throws in
            let client = isTCP ? try server.tcpClient() : try server.client()
            try client.send(wait)
            #expect(waiting.started.wait())
            client.close()
            #expect(waiting.cancelled.wait())
        }
    }

    @Test func `a thousand long polls wait at once and all are answered`() async throws {
        let waiting = Waiting()
        try await TestServer.run(waiting.performer) { server async throws in
            let clients = try (0..<300).map { _ in try server.client() }
            for client in clients { try client.send(wait) }
            #expect(waiting.started.wait(for: 300))
            waiting.released.fire()
            for client in clients { #expect(try client.readResponse().status == 200) }
            #expect(server.server.connectionCount == 300)
        }
    }

    @Test func `stop lets a request in flight finish and closes the idle`() async throws {
        let waiting = Waiting()
        try await TestServer.run(waiting.performer) { server async throws in
            let idle = try server.client()
            #expect(try idle.request("GET", "/healthz").status == 200)
            let busy = try server.client()
            try busy.send(wait)
            #expect(waiting.started.wait())
            let stopped = OwnThread.start { await server.server.stop(drain: .seconds(60)) }
            #expect(try idle.readToEnd() == "")
            waiting.released.fire()
            let response = try busy.readResponse()
            #expect(response.status == 200)
            #expect(response["connection"] == "close")
            busy.close()
            await stopped.value
            #expect(throws: RawClient.Failure.self) { try server.client() }
        }
    }

    @Test func `stop gives up on a request at its deadline`() async throws {
        let waiting = Waiting()
        try await TestServer.run(waiting.performer) { server async throws in
            let idle = try server.client()
            #expect(try idle.request("GET", "/healthz").status == 200)
            let busy = try server.client()
            try busy.send(wait)
            #expect(waiting.started.wait())
            let stopped = OwnThread.start { await server.server.stop(drain: .seconds(5)) }
            #expect(try idle.readToEnd() == "")
            #expect(waiting.cancelled.count == 0)
            server.clock.advance(milliseconds: 5000)
            await stopped.value
            #expect(waiting.cancelled.count == 1)
            #expect(try busy.readToEnd() == "")
        }
    }

    @Test func `stop does not wait for ever for a handler that does not heed its cancellation`() async throws {
        let started = Signal()
        let released = Signal()
        let performer = FakePerformer { operation, _, _ in
            started.fire()
            await released.reached()
            return operation.responseType.init()
        }
        try await TestServer.run(performer) { server async throws in
            let client = try server.client()
            try client.send(wait)
            #expect(started.wait())
            let stopped = OwnThread.start { await server.server.stop(drain: .zero) }
            #expect(try client.readToEnd() == "")
            server.clock.advance(milliseconds: 1000)
            await stopped.value
            released.fire()
        }
    }

    @Test func `stop ends open streams properly`() async throws {
        let stream = FakeStream()
        try await TestServer.run(FakePerformer(stream: { _ in stream })) { server async throws in
            let client = try server.client()
            try client.send("GET /v1/workspaces/w/events:watch HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try client.readHead().status == 200)
            let stopped = OwnThread.start { await server.server.stop(drain: .seconds(60)) }
            #expect(try client.readChunk() == nil)
            #expect(try client.readToEnd() == "")
            client.close()
            await stopped.value
            #expect(stream.cancelled.count > 0)
        }
    }

    @Test func `stop takes the socket away and may be called twice`() async throws {
        try await TestServer.run { server async throws in
            await server.server.stop()
            await server.server.stop()
            #expect(access(server.socket, F_OK) != 0)
        }
    }

    @Test func `the socket and its directory are closed to others`() async throws {
        try await TestServer.run { server async throws in
            var status = stat()
            #expect(stat(server.socket, &status) == 0)
            #expect(status.st_mode & 0o7777 == 0o600)
            #expect(stat(server.directory + "/run", &status) == 0)
            #expect(status.st_mode & 0o7777 == 0o700)
        }
    }

    @Test func `another user is refused`() async throws {
        try await TestServer.run(configure: { $0.allowedUID = geteuid() + 1 }) { server async throws in
            let response = try server.client().readResponse()
            #expect(response.status == 403)
            #expect(try OrcaV1.Error(jsonBytes: response.body, unknownFields: .skip).code == "foreign_user")
        }
    }

    @Test func `a second server on the socket is refused and the first goes on`() async throws {
        try await TestServer.run { server async throws in
            let second = HTTPServer(
                configuration: HTTPServerConfiguration(unixSocket: server.socket), performer: FakePerformer())
            let error = #expect(throws: HTTPServerError.self) { try second.start() }
            #expect(error?.kind == .inUse)
            #expect(error?.description.contains("process \(getpid())") == true)
            #expect(try server.client().request("GET", "/healthz").status == 200)
        }
    }

    @Test func `a foreign process that listens on the path is refused`() async throws {
        try await withDirectory { directory in
            let path = directory + "/run/orca.sock"
            mkdir(directory + "/run", 0o700)
            let foreign = try Self.listen(path)
            defer { close(foreign) }
            let error = #expect(throws: HTTPServerError.self) { try Self.server(path).start() }
            #expect(error?.kind == .inUse)
            #expect(access(path, F_OK) == 0)
        }
    }

    @Test func `the socket of a dead server is replaced`() async throws {
        try await withDirectory { directory in
            let path = directory + "/run/orca.sock"
            mkdir(directory + "/run", 0o700)
            close(try Self.listen(path))
            let server = Self.server(path)
            try server.start()
            #expect(try RawClient(unix: path).request("GET", "/healthz").status == 200)
            await server.stop()
        }
    }

    @Test func `a file that is no socket is left alone`() async throws {
        try await withDirectory { directory in
            let path = directory + "/run/orca.sock"
            mkdir(directory + "/run", 0o700)
            close(open(path, O_CREAT | O_WRONLY, 0o600))
            let error = #expect(throws: HTTPServerError.self) { try Self.server(path).start() }
            #expect(error?.kind == .configuration)
            #expect(access(path, F_OK) == 0)
        }
    }

    @Test func `a directory that others can enter is refused`() async throws {
        try await withDirectory { directory in
            mkdir(directory + "/run", 0o700)
            chmod(directory + "/run", 0o755)
            let error = #expect(throws: HTTPServerError.self) { try Self.server(directory + "/run/orca.sock").start() }
            #expect(error?.description.contains("chmod 700") == true)
        }
    }

    @Test func `a path that is too long, relative or in no directory is refused`() {
        let long = "/tmp/" + String(repeating: "x", count: 200) + "/s"
        for path in ["orca.sock", "/orca.sock", long] {
            let error = #expect(throws: HTTPServerError.self) { try Self.server(path).start() }
            #expect(error?.kind == .configuration)
        }
        unlink(long + ".lock")
        rmdir("/tmp/" + String(repeating: "x", count: 200))
    }

    private static func server(_ path: String) -> HTTPServer {
        HTTPServer(configuration: HTTPServerConfiguration(unixSocket: path), performer: FakePerformer())
    }

    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = try TestServer.makeDirectory()
        defer { TestServer.removeDirectory(directory) }
        try await body(directory)
    }

    private static func listen(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            for (index, byte) in path.utf8.enumerated() { bytes[index] = byte }
        }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0, Glibc.listen(descriptor, 5) == 0 else {
            throw RawClient.Failure(description: "listen: \(errno)")
        }
        return descriptor
    }
}
