import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// gRPC as an outside client sees it: Python's `grpcio`, which learns everything from the reflection service.
@Suite(.serialized) struct GRPCTests {
    private static let fixtures = Files.split(#filePath).folder + "/Fixtures"

    /// A server that serves gRPC on its unix socket and on a port of loopback.
    private final class Scene {
        let place: Installation
        let server: SupervisedProcess
        let token: String

        init(_ arguments: [String] = [], under wrapper: [String] = []) throws {
            place = try Installation()
            try place.orca("config", "set", "grpc_address", "unix")
            server = try place.startServer(["--grpc-address", "127.0.0.1:0"] + arguments, under: wrapper)
            let file = place.folder.path("token")
            try place.orca("token", "create", "outside", "--scope", "coordinator", "--output", file)
            token = try Files.readText(file).filter { !$0.isWhitespace }
        }

        deinit { server.end() }

        private var addresses: [String] {
            (ServerLock.read(place.places.serverLock)?.grpcAddress ?? "").split(separator: ", ").map(String.init)
        }

        var unix: String { addresses.first { $0.hasPrefix("unix:") } ?? "" }
        var tcp: String { addresses.first { !$0.hasPrefix("unix:") } ?? "" }

        /// A line of `/metrics`.
        func metric(_ name: String) throws -> String? {
            let curl = try Subprocess.run(
                place.command(
                    "curl",
                    ["-s", "--unix-socket", place.folder.path("home/run/orca.sock"), "http://localhost/metrics"]),
                timeout: .seconds(20))
            let line = curl.outputText.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            return line?.split(separator: " ").last.map(String.init)
        }

        /// What a check of the script found.
        func check(
            _ name: String, over target: String, token: String? = nil, with variables: [String: String] = [:]
        ) throws -> JSONValue {
            var command = try command(name, target, token)
            command.environment.merge(variables) { $1 }
            let result = try Subprocess.run(command, timeout: .seconds(120))
            try #require(result.status.isSuccess, "\(result.outputText)\(result.errorText)")
            return try JSONValue(jsonBytes: Array((result.outputText.split(separator: "\n").last ?? "").utf8))
        }

        func command(_ name: String, _ target: String, _ token: String? = nil) throws -> SubprocessCommand {
            place.command(
                try GRPCTests.python(place),
                [GRPCTests.fixtures + "/grpc_client.py", target, name] + (token.map { [$0] } ?? []))
        }
    }

    private static func python(_ place: Installation) throws -> String {
        let tools = try Subprocess.run(
            SubprocessCommand(
                fixtures + "/../../../scripts/python-tools", ["grpc"],
                environment: ["PATH": "/usr/bin:/bin", "HOME": place.folder.path]), timeout: .seconds(300))
        try #require(tools.status.isSuccess, "\(tools.errorText)")
        return String(tools.outputText.split(separator: "\n").last ?? "")
    }

    @Test(.timeLimit(.minutes(5)), arguments: [false, true])
    func anOutsideClientCreatesClaimsListsAndIsRefused(overTCP: Bool) throws {
        let scene = try Scene()
        let found = try scene.check(
            "crud", over: overTCP ? scene.tcp : scene.unix, token: overTCP ? scene.token : nil)
        #expect(found["services"] == 16)
        #expect(found["made"] == ["API-1", "API-2"] && found["same"] == true)
        #expect(found["pages"] == [["API-1", "API-2"], ["API-3"]])
        #expect(found["missing"]?["code"] == "NOT_FOUND" && found["missing"]?["reason"] == "task_not_found")
        let details = found["missing"]?["details"]
        #expect(details?["category"] == "not_found" && details?["task"] == "API-99")
        #expect(found["taken"]?["code"] == "ALREADY_EXISTS" && found["taken"]?["reason"] == "already_exists")
        #expect(found["bad"]?["code"] == "INVALID_ARGUMENT" && found["bad"]?["details"]?["field"] == "title")
    }

    @Test(.timeLimit(.minutes(2))) func aStreamComesInOrderAndGoesOnWhereItWasLeft() throws {
        let scene = try Scene()
        let found = try scene.check("stream", over: scene.unix)
        #expect(found["open"] == "open" && found["request"] == "mine")
        #expect(found["types"] == ["project.created", "task.created", "task.created"])
        #expect(found["ordered"] == true && found["cancelled"]?["code"] == "CANCELLED")
    }

    @Test(.timeLimit(.minutes(2))) func aClientThatGivesUpIsNotServedAnyMore() throws {
        let scene = try Scene()
        let found = try scene.check("deadlines", over: scene.unix)
        for name in ["late", "zero", "stream"] { #expect(found[name]?["code"] == "DEADLINE_EXCEEDED", "\(found)") }
        #expect(found["inTime"] == true && found["cancelled"] == true && found["alive"] == true)
        // Neither of the long polls is still there.
        #expect(try scene.place.eventually { try scene.metric("orca_grpc_open_calls") == "0" })
    }

    @Test(.timeLimit(.minutes(2))) func whatCannotBeServedIsRefusedAndNothingElseSuffers() throws {
        let scene = try Scene()
        let found = try scene.check("refusals", over: scene.unix)
        for name in ["garbage", "truncated", "notUTF8", "slightlyTooLarge", "badKey"] {
            #expect(found[name]?["code"] == "INVALID_ARGUMENT", "\(name): \(found)")
        }
        #expect(found["truncated"]?["details"]?["field"] == "workspace")
        #expect(found["slightlyTooLarge"]?["reason"] == "body_too_large")
        for name in ["noMethod", "noService"] {
            #expect(found[name]?["code"] == "UNIMPLEMENTED" && found[name]?["reason"] == "no_such_operation")
        }
        #expect(found["farTooLarge"]?["code"] == "RESOURCE_EXHAUSTED")
        #expect(found["manyHeaders"]?["code"] == "RESOURCE_EXHAUSTED")
        #expect(found["unknownField"] == true && found["alive"] == true)
        // The limits of the library are no reason to be gone.
        #expect(try scene.check("idle", over: scene.unix)["version"]?.stringValue?.isEmpty == false)
    }

    @Test(.timeLimit(.minutes(2))) func overTCPEveryCallNeedsAGoodToken() throws {
        let scene = try Scene()
        let found = try scene.check("tokens", over: scene.tcp, token: scene.token)
        #expect(found["none"]?["code"] == "UNAUTHENTICATED" && found["none"]?["reason"] == "token_required")
        #expect(found["wrong"]?["code"] == "UNAUTHENTICATED" && found["wrong"]?["reason"] == "unauthenticated")
        #expect(found["malformed"]?["reason"] == "token_malformed")
        #expect(found["twice"]?["code"] == "INVALID_ARGUMENT")
        #expect(found["good"] == .null)
        #expect(found["scope"]?["code"] == "PERMISSION_DENIED" && found["scope"]?["reason"] == "permission_denied")
        #expect(found["health"] == 1)
    }

    @Test(.timeLimit(.minutes(2))) func aStoppingServerSaysSoAndEndsItsStreamsProperly() throws {
        let scene = try Scene()
        let client = try SupervisedProcess(try scene.command("health", scene.unix))
        defer { client.end() }
        var said = ""
        func follow(_ isEnough: () -> Bool) throws {
            let limit = Deadline.after(.seconds(60))
            while !isEnough(), !limit.hasPassed {
                let pause = try client.follow(until: .after(.milliseconds(50))) {
                    said += String(decoding: $0, as: UTF8.self)
                }
                if case .exited = pause { return }
            }
        }
        try follow { said.contains("watching") }
        try #require(said.contains("watching"), "\(said)")
        try scene.place.orca("stop")
        try follow { false }
        let found = try JSONValue(jsonBytes: Array((said.split(separator: "\n").last ?? "").utf8))
        #expect(found["one"] == 1 && found["unknown"]?["code"] == "NOT_FOUND" && found["strange"] == 3)
        #expect(found["seen"] == [1, 2] && found["code"] == "OK" && found["stream"] == .null, "\(said)")
        #expect(Files.kind(scene.place.folder.path("home/run/grpc.sock")) == nil)
    }

    /// A service manager sends SIGTERM: calls in flight are answered, nothing new is begun, whoever asks is told to go elsewhere.
    @Test(.timeLimit(.minutes(2)), arguments: [false, true])
    func aCallInFlightIsAnsweredWhenTheServerIsTerminated(overTCP: Bool) throws {
        let scene = try Scene()
        let client = try SupervisedProcess(
            try scene.command("drain", overTCP ? scene.tcp : scene.unix, overTCP ? scene.token : nil))
        defer { client.end() }
        var said = ""
        // The long poll and the watch on the health.
        #expect(try scene.place.eventually { try scene.metric("orca_grpc_open_calls") == "2" })
        SystemSignals.terminate(try #require(try scene.place.serverProcess()))
        let limit = Deadline.after(.seconds(60))
        while !limit.hasPassed {
            let pause = try client.follow(until: limit) { said += String(decoding: $0, as: UTF8.self) }
            if case .exited = pause { break }
        }
        let found = try JSONValue(jsonBytes: Array((said.split(separator: "\n").last ?? "").utf8))
        #expect(found["inFlight"] == true && found["answer"] == 0 && found["code"] == "OK", "\(said)")
        #expect(found["refused"]?["code"] == "UNAVAILABLE" && found["fresh"]?["code"] == "UNAVAILABLE", "\(said)")
        #expect(try scene.place.eventually { try scene.place.serverProcess() == nil })
    }

    @Test(.timeLimit(.minutes(3))) func aClientThatTakesNothingHoldsUpNobody() throws {
        let scene = try Scene()
        let found = try scene.check("slow", over: scene.unix)
        #expect(found["complete"] == true && found["quick"] == true)
        #expect((found["count"]?.integerValue ?? 0) > 600)
    }

    // MARK: TLS

    @Test(.timeLimit(.minutes(2))) func withTLSAClientNeedsACertificateAndAToken() throws {
        let certificates = try TestCertificates()
        try certificates.make("server", for: "DNS:localhost,IP:127.0.0.1")
        try certificates.make("client", for: "DNS:client")
        let scene = try Scene([
            "--tls-certificate", certificates.certificate("server"), "--tls-key", certificates.key("server"),
            "--tls-client-ca", certificates.authority,
        ])
        let address = try #require(scene.tcp.split(separator: " ").first)
        #expect(scene.tcp.hasSuffix(" (TLS)"))
        let trust = ["TLS_CA": certificates.authority]
        let own = ["TLS_CERT": certificates.certificate("client"), "TLS_KEY": certificates.key("client")]
        let found = try scene.check(
            "tokens", over: "tls:\(address)", token: scene.token, with: trust.merging(own) { $1 })
        #expect(found["good"] == .null && found["none"]?["reason"] == "token_required")
        // Without a certificate of its own a client does not even learn what is served.
        for environment in [trust, [:]] {
            var command = try scene.command("tokens", "tls:\(address)", scene.token)
            command.environment.merge(environment) { $1 }
            let refused = try Subprocess.run(command, timeout: .seconds(120))
            #expect(!refused.status.isSuccess && refused.errorText.contains("UNAVAILABLE"), "\(refused.outputText)")
        }
    }

    @Test(.timeLimit(.minutes(2))) func anAddressThatOthersReachNeedsTLS() throws {
        let place = try Installation()
        do {
            try place.startServer("--grpc-address", "0.0.0.0:0").end()
            Issue.record("it listens")
        } catch let ended as Installation.ServerEnded {
            #expect(ended.said.contains("reachable from other machines"), "\(ended.said)")
        }
    }

    // MARK: Too many open files. gRPC's own listener is deaf for ever after the first one.

    @Test(.timeLimit(.minutes(2)), arguments: [false, true])
    func aServerThatRanOutOfDescriptorsAcceptsAgain(overTCP: Bool) throws {
        let scene = try Scene(under: ["sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"])
        let target = overTCP ? scene.tcp : scene.unix
        let found = try scene.check("idle", over: target, token: overTCP ? scene.token : nil)
        #expect((found["opened"]?.integerValue ?? 0) > 256, "\(found)")
        #expect(found["version"]?.stringValue?.isEmpty == false)
    }

    @Test(.timeLimit(.minutes(2))) func aStormOfConnectionsThatAreResetPasses() throws {
        let scene = try Scene(under: ["sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"])
        let found = try scene.check("storm", over: scene.tcp, token: scene.token)
        #expect(found["version"]?.stringValue?.isEmpty == false)
    }
}
