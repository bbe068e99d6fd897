import OrcaAPI
import OrcaConnect
import OrcaGRPC
import OrcaHTTP
import OrcaProtobuf
import OrcaSupport
import OrcaTLS
import OrcaTestKit
import Synchronization
import Testing

/// Certificates that are replaced while the server runs. The new one is of another authority, so that a client tells them
/// apart by whom it trusts.
@Suite(.serialized) struct RenewalTests {
    /// A server over TLS and the files of two authorities.
    private struct Place {
        let first: TestCertificates
        let second: TestCertificates
        let scene: Scene
        /// A copy of the first one's, whose certificates clients have to show.
        let clientAuthority: String

        init(
            _ performer: FakePerformer, demandsCertificates: Bool = false,
            complain: @escaping @Sendable (String) -> Void = { _ in }
        ) async throws {
            let made = (try TestCertificates(), try TestCertificates())
            for certificates in [made.0, made.1] {
                try certificates.make("server", for: "DNS:localhost,IP:127.0.0.1")
            }
            (first, second) = made
            let authority = made.0.authority + ".clients"
            clientAuthority = authority
            try Files.write(try Files.readText(made.0.authority), to: authority)
            scene = try await Scene(performer, hooks: GRPCServerHooks(complain: complain)) {
                $0.tcp = .init(
                    port: 0,
                    tls: .init(
                        certificate: made.0.certificate("server"), key: made.0.key("server"),
                        clientAuthorities: demandsCertificates ? authority : nil))
                $0.limits.certificateLookMS = 50
            }
        }

        func client(
            trusting certificates: TestCertificates, showing own: TestCertificates? = nil
        ) throws -> GRPCClient {
            var options = GRPCClient.Options(.tcp(host: "localhost", port: try #require(scene.server.tcpPort)))
            options.tls = TLSTrust(
                authorities: certificates.authority, certificate: own?.certificate("client"), key: own?.key("client"))
            options.token = "orca_secret"
            return GRPCClient(options, scene.library)
        }

        /// Puts a file of the second authority where the first one's was, as a renewal does.
        func renew(_ path: (TestCertificates) -> (String) -> String) throws {
            let target = path(first)("server")
            try Files.write(try Files.readText(path(second)("server")), to: target)
        }

        func isServed(to certificates: TestCertificates) async throws -> Bool {
            try await scene.refusal(client(trusting: certificates)) == nil
        }
    }

    @Test(.timeLimit(.minutes(1))) func newConnectionsGetTheNewCertificateAndOldOnesGoOn() async throws {
        let stream = EndlessStream(bytes: 16)
        let place = try await Place(FakePerformer(stream: { stream }))
        let old = try place.client(trusting: place.first)
        let reader = try await offPool { try old.stream(Operations.watchEvents, OrcaV1.WatchEventsRequest()) }
        #expect(try await !place.isServed(to: place.second))
        try place.renew { $0.certificate }
        try place.renew { $0.key }
        try await awaitTruth("the new certificate is served") { try await place.isServed(to: place.second) }
        #expect(try await !place.isServed(to: place.first))
        // It could not connect again.
        try await place.scene.ask(old)
        try await offPool { for _ in 0..<100 { _ = try #require(try reader.next()) } }
        reader.cancel()
        await place.scene.server.stop()
    }

    /// Whoever looks between the two files, or finds something else there, keeps what it has.
    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func aCertificateWithoutItsKeyChangesNothing(isBroken: Bool) async throws {
        let complaints = Mutex<[String]>([])
        let place = try await Place(FakePerformer()) { text in complaints.withLock { $0.append(text) } }
        let path = place.first.certificate("server")
        if isBroken { try Files.write("nothing", to: path) } else { try place.renew { $0.certificate } }
        // Each connection looks, for no two come within the time between looks.
        for _ in 0..<4 {
            let next = Deadline.after(.milliseconds(60))
            #expect(try await place.isServed(to: place.first))
            try await awaitTruth("the next look is due") { next.hasPassed }
        }
        #expect(complaints.withLock { $0.map { $0.contains("the old one stays in use") } } == [true])
        try place.renew { $0.key }
        try place.renew { $0.certificate }
        try await awaitTruth("the new certificate is served") { try await place.isServed(to: place.second) }
        await place.scene.server.stop()
    }

    @Test(.timeLimit(.minutes(1))) func theAuthorityOfClientsMayBeReplacedToo() async throws {
        let place = try await Place(FakePerformer(), demandsCertificates: true)
        for certificates in [place.first, place.second] { try certificates.make("client", for: "DNS:client") }
        func isLetIn(_ certificates: TestCertificates) async throws -> Bool {
            try await place.scene.refusal(place.client(trusting: place.first, showing: certificates)) == nil
        }
        #expect(try await isLetIn(place.first))
        #expect(try await !isLetIn(place.second))
        #expect(try await !place.isServed(to: place.first))
        try Files.write(try Files.readText(place.second.authority), to: place.clientAuthority)
        try await awaitTruth("the other authority counts") { try await isLetIn(place.second) }
        #expect(try await !isLetIn(place.first))
        await place.scene.server.stop()
    }
}
