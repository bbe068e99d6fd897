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
            try Subprocess.run(farCommand(arguments, more), timeout: .seconds(60))
        }

        func farCommand(_ arguments: [String], _ more: [String: String] = [:]) -> SubprocessCommand {
            var command = base.command("orca", arguments)
            command.environment["ORCA_HOME"] = base.folder.path("far")
            command.environment["ORCA_URL"] = url
            command.environment["ORCA_TOKEN_FILE"] = base.folder.path("token")
            command.environment["ORCA_TLS_CA"] = made.authority
            command.environment.merge(more) { $1 }
            return command
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

    /// Over HTTP; over gRPC: `RenewalTests`. The new certificate is of another authority, so that whom a client trusts tells
    /// which one it got.
    @Test(.timeLimit(.minutes(2))) func aRenewedCertificateIsServedAndWhoIsConnectedStays() throws {
        let place = try Place()
        defer { place.server.end() }
        let watch = try SupervisedProcess(place.farCommand(["event", "watch", "--type", "project.", "--json"]))
        defer { watch.end() }
        var said = ""
        func follow(until isEnough: () throws -> Bool) throws {
            let limit = Deadline.after(.seconds(30))
            while try !isEnough(), !limit.hasPassed {
                let pause = try watch.follow(until: .after(.milliseconds(50))) {
                    said += String(decoding: $0, as: UTF8.self)
                }
                if case .exited = pause { return }
            }
        }
        // Whether it follows shows only by an event.
        var number = 0
        try follow {
            number += 1
            try place.base.orca("project", "create", "P\(number)")
            return said.contains("project.created")
        }
        let other = try TestCertificates()
        try other.make("server", for: "DNS:localhost,IP:127.0.0.1")
        for (new, old) in [
            (other.certificate("server"), place.made.certificate("server")),
            (other.key("server"), place.made.key("server")),
        ] {
            try Files.write(try Files.readText(new), to: old)
        }
        let trusting = ["ORCA_TLS_CA": other.authority]
        #expect(try place.base.eventually { try place.far(["list"], trusting).status.isSuccess })
        #expect(try !place.far(["list"]).status.isSuccess)
        #expect(try place.far(["project", "create", "LATER"], trusting).status.isSuccess)
        // With the old trust it could not connect again.
        try follow { said.contains("LATER") }
        #expect(said.contains("LATER"), "\(said)")
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
