import Glibc
import OrcaHTTP

/// A running server in a directory of its own.
struct TestServer {
    let server: HTTPServer
    let socket: String
    let directory: String
    let performer: FakePerformer
    let clock: ManualClock

    func client() throws -> RawClient { try RawClient(unix: socket) }

    func tcpClient() throws -> RawClient {
        guard let port = server.tcpPorts.first else {
            throw RawClient.Failure(description: "the server has no TCP port")
        }
        return try RawClient(port: port)
    }

    /// Runs `body` with a server and stops it afterwards.
    static func run(
        _ performer: FakePerformer = FakePerformer(), hooks: HTTPServerHooks = HTTPServerHooks(),
        configure: (inout HTTPServerConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let directory = try makeDirectory()
        defer { removeDirectory(directory) }
        let socket = directory + "/run/orca.sock"
        var configuration = HTTPServerConfiguration(unixSocket: socket)
        configure(&configuration)
        let clock = ManualClock()
        let server = HTTPServer(configuration: configuration, performer: performer, hooks: hooks, clock: clock)
        try server.start()
        let running = TestServer(
            server: server, socket: socket, directory: directory, performer: performer, clock: clock)
        do {
            try await OwnThread.run { try await body(running) }
        } catch {
            await server.stop(drain: .zero)
            throw error
        }
        await server.stop(drain: .zero)
    }

    static func makeDirectory() throws -> String {
        var template = Array("/tmp/orca-http-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw RawClient.Failure(description: "mkdtemp: \(errno)") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func removeDirectory(_ path: String) {
        for name in ["/run/orca.sock", "/run/orca.sock.lock"] { unlink(path + name) }
        rmdir(path + "/run")
        rmdir(path)
    }
}
