import Glibc
import OrcaSupport
import OrcaTLS
import OrcaTestKit
import Synchronization
import Testing

@Suite struct IdentityTests {
    /// Two ends of a connection that hands can be shaken over.
    private final class Pair {
        let ends: [Int32]

        init() {
            var ends: [Int32] = [-1, -1]
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0, &ends)
            self.ends = ends
        }

        deinit { for end in ends { close(end) } }
    }

    /// What the client gets to see of hands that are shaken; both sides in turn, as far as each comes.
    private func greet(
        _ context: TLSContext, _ trust: TLSTrust, host: String = "localhost"
    ) throws -> (client: TLSSession.Outcome, server: TLSSession.Outcome) {
        let pair = Pair()
        let server = try TLSSession(context, descriptor: pair.ends[0])
        let client = try TLSSession(.client(trust), descriptor: pair.ends[1], host: host)
        var outcome = (client: TLSSession.Outcome.wantsRead, server: TLSSession.Outcome.wantsRead)
        for _ in 0..<10 {
            if outcome.client == .wantsRead { outcome.client = client.handshake() }
            if outcome.server == .wantsRead { outcome.server = server.handshake() }
        }
        return outcome
    }

    private func broken(_ outcome: TLSSession.Outcome) -> String {
        if case .broken(let why) = outcome { why } else { "\(outcome)" }
    }

    @Test func clientsBelieveWhomTheirAuthoritySignedForThatName() throws {
        let made = try TestCertificates()
        try made.make("server", for: "DNS:localhost,IP:127.0.0.1")
        let context = try TLSContext.server(
            TLSFiles(certificate: made.certificate("server"), key: made.key("server")))
        let trust = TLSTrust(authorities: made.authority)
        for host in ["localhost", "127.0.0.1"] {
            let outcome = try greet(context, trust, host: host)
            #expect(outcome == (.bytes(0), .bytes(0)), "\(host): \(outcome)")
        }
        #expect(broken(try greet(context, trust, host: "other.example").client) == "hostname mismatch")
        #expect(broken(try greet(context, trust, host: "127.0.0.2").client) == "IP address mismatch")
        // The system's authorities have not signed it.
        #expect(broken(try greet(context, TLSTrust()).client).contains("unable to get local issuer certificate"))
    }

    @Test func withClientAuthoritiesOnlyTheirClientsComeIn() throws {
        let made = try TestCertificates()
        let others = try TestCertificates()
        try made.make("server", for: "DNS:localhost")
        try made.make("client", for: "DNS:client")
        try others.make("client", for: "DNS:client")
        let context = try TLSContext.server(
            TLSFiles(
                certificate: made.certificate("server"), key: made.key("server"), clientAuthorities: made.authority))
        func trust(_ shown: TestCertificates?) -> TLSTrust {
            TLSTrust(authorities: made.authority, certificate: shown?.certificate("client"), key: shown?.key("client"))
        }
        #expect(try greet(context, trust(made)).server == .bytes(0))
        #expect(broken(try greet(context, trust(nil)).server) == "peer did not return a certificate")
        #expect(broken(try greet(context, trust(others)).server).contains("certificate"))
    }

    @Test func filesThatAreNoGoodAreRefusedWithTheReason() throws {
        let made = try TestCertificates()
        try made.make("one", for: "DNS:localhost")
        try made.make("two", for: "DNS:localhost")
        func reason(_ certificate: String, _ key: String) -> String {
            do throws(TLSError) {
                _ = try TLSContext.server(TLSFiles(certificate: certificate, key: key))
                return "taken"
            } catch {
                return error.description
            }
        }
        #expect(reason(made.certificate("one"), made.key("two")).contains("key values mismatch"))
        #expect(reason("/nowhere.pem", made.key("one")).contains("No such file"))
        #expect(reason(made.key("one"), made.key("one")).contains("no start line"))
    }

    @Test func aRenewedCertificateIsTakenAndABrokenOneIsComplainedAboutOnce() throws {
        let made = try TestCertificates()
        try made.make("server", for: "DNS:old.example")
        let complaints = Mutex<[String]>([])
        let files = TLSFiles(certificate: made.certificate("server"), key: made.key("server"))
        let identity = try TLSIdentity(files) { text in complaints.withLock { $0.append(text) } }
        let trust = TLSTrust(authorities: made.authority)
        func serves(_ host: String, at nowMS: Int64) throws -> Bool {
            try greet(identity.context(nowMS: nowMS), trust, host: host).client == .bytes(0)
        }
        #expect(try serves("old.example", at: 0))
        try made.make("server", for: "DNS:new.example")
        #expect(try serves("old.example", at: TLSIdentity.lookMS - 1), "files are not looked at all the time")
        #expect(try serves("new.example", at: TLSIdentity.lookMS))
        try Files.write("no certificate", to: files.certificate)
        #expect(try serves("new.example", at: 2 * TLSIdentity.lookMS))
        #expect(try serves("new.example", at: 3 * TLSIdentity.lookMS))
        #expect(complaints.withLock(\.count) == 1)
    }
}
