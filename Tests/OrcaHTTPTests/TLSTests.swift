import OrcaAPI
import OrcaHTTP
import OrcaSupport
import OrcaTLS
import OrcaTestKit
import Synchronization
import Testing

/// What TLS adds, with Python's TLS as the client.
@Suite struct TLSTests {
    private static let opening = """
        import socket, ssl, sys
        context = ssl.create_default_context(cafile=sys.argv[1])
        raw = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
        raw.settimeout(30)
        def greeted(): return context.wrap_socket(raw, server_hostname="localhost")
        get = b"GET /v1/workspaces/w/tasks/API-1 HTTP/1.1\\r\\nHost: localhost\\r\\nAuthorization: Bearer t\\r\\n\\r\\n"

        """

    /// What a script prints that talks to a server with a certificate for `localhost`.
    private func talk(
        _ script: String, to performer: FakePerformer = FakePerformer(),
        meanwhile: @escaping @Sendable (TestServer) async throws -> Void = { _ in }
    ) async throws -> String {
        let made = try TestCertificates()
        try made.make("server", for: "DNS:localhost")
        let files = TLSFiles(certificate: made.certificate("server"), key: made.key("server"))
        let told = Told()
        let command: @Sendable (UInt16) -> SubprocessCommand = { port in
            SubprocessCommand("python3", ["-c", Self.opening + script, made.authority, String(port)])
        }
        try await TestServer.run(performer, configure: { $0.tcp = [.init(port: 0, tls: files)] }) {
            server async throws in
            let port = try #require(server.server.tcpPorts.first)
            let child = try ManagedThread("client") {
                // A failure shows as what is not printed.
                guard let result = try? Subprocess.run(command(port), timeout: .seconds(60)) else { return }
                told.text.withLock { $0 = result.outputText + result.errorText }
            }
            try await meanwhile(server)
            child.join()
        }
        return told.text.withLock { $0 }
    }

    @Test func requestsCanBePipelinedAndSplitAnywhere() async throws {
        let text = try await talk(
            """
            tls = greeted()
            data = get * 500
            tls.sendall(data[:1]); tls.sendall(data[1:70000])
            sent = min(len(data), 70000)
            got = b""
            while got.count(b"HTTP/1.1 200 OK") < 500:
                tls.sendall(data[sent:sent + 3333]); sent += 3333
                got += tls.recv(100)
            print("all", tls.version(), tls.selected_alpn_protocol())
            """)
        #expect(text == "all TLSv1.3 None\n")
    }

    @Test func aClientThatSpeaksPlainlyOrAnOldVersionIsSentAway() async throws {
        let text = try await talk(
            """
            raw.sendall(get * 100)
            answer = raw.recv(10000)
            print(answer.split()[1].decode(), b"https://" in answer)
            raw = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
            import warnings
            warnings.simplefilter("ignore")
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            context.maximum_version = ssl.TLSVersion.TLSv1_1
            try: greeted(); print("old version taken")
            except (ssl.SSLError, OSError): print("refused")
            """)
        #expect(text.hasSuffix("400 True\nrefused\n"), "\(text)")
    }

    @Test func aClientThatNeverGreetsIsLeft() async throws {
        let text = try await talk("print(repr(raw.recv(1)))") { server in
            while server.server.connectionCount == 0 { await Task.yield() }
            server.clock.advance(milliseconds: HTTPLimits().headMS)
        }
        #expect(text == "b''\n")
    }

    @Test func webPagesOfTheServerItselfMayAsk() async throws {
        let text = try await talk(
            """
            tls = greeted()
            def ask(origin):
                tls.sendall(get.replace(b"\\r\\n\\r\\n", b"\\r\\nOrigin: " + origin + b"\\r\\n\\r\\n"))
                return tls.recv(10000).split()[1].decode()
            print(ask(b"https://localhost"), ask(b"http://localhost"), ask(b"https://other.example"))
            """)
        #expect(text == "200 403 403\n")
    }
}

private final class Told: Sendable {
    let text = Mutex("")
}
