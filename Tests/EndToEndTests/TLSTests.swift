import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// A server that other machines reach: TLS, tokens, and clients that believe only who they should.
@Suite struct TLSTests {
    private struct Place {
        let base: Installation
        let made: TestCertificates
        let server: SupervisedProcess
        let url: String

        init(_ extra: [String] = []) throws {
            base = try Installation()
            made = try TestCertificates()
            try made.make("server", for: "DNS:localhost,IP:127.0.0.1")
            try made.make("client", for: "DNS:client")
            try base.orca("config", "set", "tls_certificate", made.certificate("server"))
            try base.orca("config", "set", "tls_key", made.key("server"))
            if extra.contains("client") { try base.orca("config", "set", "tls_client_ca", made.authority) }
            server = try base.startServer("--listen", "0.0.0.0:0")
            let tcp = try #require(ServerLock.read(base.places.serverLock)?.tcpAddress)
            #expect(tcp.hasSuffix(" (TLS)"))
            url = "https://localhost:\(try #require(tcp.dropLast(" (TLS)".count).split(separator: ":").last))"
            try base.orca("token", "create", "far", "--scope", "admin", "-o", base.folder.path("token"))
        }

        /// Runs `orca` as on another machine: over the network, with nothing of the server's home.
        func far(_ arguments: [String], _ more: [String: String] = [:]) throws -> Subprocess.Result {
            var command = base.command("orca", arguments)
            command.environment["ORCA_HOME"] = base.folder.path("far")
            command.environment["ORCA_URL"] = url
            command.environment["ORCA_TOKEN_FILE"] = base.folder.path("token")
            command.environment["ORCA_TLS_CA"] = made.authority
            command.environment.merge(more) { $1 }
            return try Subprocess.run(command, timeout: .seconds(60))
        }
    }

    @Test func everythingGoesOverTheNetworkToo() throws {
        let place = try Place()
        defer { place.server.end() }
        #expect(try place.far(["project", "create", "FAR"]).status.isSuccess)
        let large = try place.base.folder.file("large", String(repeating: "All of this arrives. ", count: 20_000))
        let added = try place.far(["add", "Task", "-p", "FAR", "--spec", "@\(large)"])
        #expect(added.status.isSuccess, "\(added.errorText)")
        #expect(try place.far(["show", "FAR-1", "--json"]).output.count > 400_000)
        let watch = try place.far(["event", "watch", "--type", "task.", "--after", "0", "--count", "1", "--json"])
        #expect(watch.status.isSuccess && watch.outputText.contains("task.created"), "\(watch)")
        let curl = try Subprocess.run(
            place.base.command(
                "curl",
                [
                    "-sS", "--cacert", place.made.authority, "-H",
                    "Authorization: Bearer \(try Files.readText(place.base.folder.path("token")).filter { !$0.isNewline })",
                ]
                    + (1...3).map { _ in "\(place.url)/v1/workspaces/default/tasks/FAR-1" }
                    + ["-o", "/dev/null", "-o", "/dev/null", "-o", "/dev/null", "-w", "%{http_code} %{num_connects} "]),
            timeout: .seconds(30))
        #expect(curl.outputText == "200 1 200 0 200 0 ", "one connection for all: \(curl)")
    }

    @Test func whoIsNotTrustedIsToldWhy() throws {
        let place = try Place()
        defer { place.server.end() }
        let stranger = try place.far(["list"], ["ORCA_TLS_CA": ""])
        #expect(stranger.status == .exited(code: 6) && stranger.errorText.contains("ORCA_TLS_CA"), "\(stranger)")
        let other = try TestCertificates()
        #expect(try place.far(["list"], ["ORCA_TLS_CA": other.authority]).errorText.contains("certificate"))
        let plain = try place.far(["list"], ["ORCA_URL": place.url.replacing("https", with: "http")])
        #expect(plain.errorText.contains("https://"), "\(plain)")
        let none = try place.far(["list"], ["ORCA_TOKEN_FILE": ""])
        #expect(none.status == .exited(code: 5), "\(none)")
    }

    @Test func clientsMayHaveToShowACertificateToo() throws {
        let place = try Place(["client"])
        defer { place.server.end() }
        let unknown = try place.far(["list"])
        #expect(unknown.status == .exited(code: 6) && unknown.errorText.contains("ORCA_TLS_CERTIFICATE"), "\(unknown)")
        let known = try place.far(
            ["list"],
            ["ORCA_TLS_CERTIFICATE": place.made.certificate("client"), "ORCA_TLS_KEY": place.made.key("client")])
        #expect(known.status.isSuccess, "\(known)")
    }

    @Test func aServerWithoutItsKeyDoesNotStart() throws {
        let place = try Installation()
        let made = try TestCertificates()
        func refusal(_ arguments: String...) throws -> String {
            let result = try Subprocess.run(
                place.command(place.programs + "/orcad", ["serve", "--listen", "127.0.0.1:0"] + arguments),
                timeout: .seconds(30))
            #expect(!result.status.isSuccess)
            return result.errorText
        }
        #expect(try refusal("--tls-certificate", made.authority).contains("tls_key is missing"))
        #expect(try refusal("--tls-certificate", made.authority, "--tls-key", "/nowhere").contains("No such file"))
    }
}
