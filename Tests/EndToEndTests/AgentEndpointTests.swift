import Glibc
import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// Agents whose sandbox keeps them from the socket reach the server over loopback, with their terminal's token and no
/// other way.
@Suite(.serialized) struct AgentEndpointTests {
    /// A server with the endpoint, and what a program in a terminal of it finds in its environment.
    private final class Scene {
        let place: Installation
        let handle: String
        let environment: [String: String]

        init(enabled: Bool = true) throws {
            place = try Installation()
            if enabled { try place.orca("config", "set", "agent_endpoint", "true") }
            try place.makeProgram("show", "env -0 > $HOME/seen.new && mv $HOME/seen.new $HOME/seen; sleep 600")
            let created = try place.result("terminal", "create", "--command", "show")
            handle = try #require(created["terminal"]?["handle"]?.stringValue)
            let seen = place.folder.path("seen")
            try #require(place.eventually { Files.kind(seen) != nil })
            var found: [String: String] = [:]
            for entry in try Files.readText(seen).split(separator: "\0") {
                let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
            }
            environment = found
        }

        /// Runs `orca` as a program in the terminal whose sandbox hides Orca's directories.
        func hidden(_ arguments: String..., changing changes: [String: String?] = [:]) throws -> Answer {
            var command = place.command("orca", arguments)
            command.environment = environment.merging(["ORCA_HOME": place.folder.path("hidden")]) { $1 }
            for (name, value) in changes { command.environment[name] = value }
            return try Subprocess.run(command, timeout: .seconds(60))
        }

        var tcp: String? { ServerLock.read(place.places.serverLock)?.tcpAddress }
    }

    @Test func withoutBeingAskedForThereIsNoTCP() throws {
        let scene = try Scene(enabled: false)
        #expect(scene.tcp == "")
        #expect(scene.environment["ORCA_AGENT_URL"] == nil && scene.environment["ORCA_TOKEN"] == nil)
        let file = try #require(scene.environment["ORCA_TOKEN_FILE"])
        #expect(Files.mode(file) == 0o600)
    }

    @Test func anAgentInASandboxTalksToItsServer() throws {
        let scene = try Scene()
        #expect(scene.environment["ORCA_AGENT_URL"] == "http://\(try #require(scene.tcp))")
        let sent = try scene.hidden(
            "orchestration", "send", "--to", scene.handle, "--subject", "to myself", "--json")
        #expect(sent.code == 0 && sent.outputText.contains(scene.handle), "\(sent.outputText)\(sent.errorText)")
        let mail = try scene.hidden("orchestration", "check", "--json")
        #expect(mail.outputText.contains("to myself"))
        #expect(try scene.hidden("terminal", "list").outputText.contains(scene.handle))
        #expect(Files.kind(scene.place.folder.path("hidden")) == nil, "it must start no server of its own")
    }

    @Test func aSocketThatMayNotBeOpenedIsNoStoppedServer() throws {
        let scene = try Scene()
        // The superuser may open every socket, and others may not become someone else.
        let run = scene.place.folder.path("home/run")
        let isSuperuser = geteuid() == 0
        if !isSuperuser { chmod(run, 0) }
        defer { chmod(run, 0o700) }
        func forbidden(_ changes: [String: String?]) throws -> Answer {
            let wrapper = isSuperuser ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
            let words = wrapper + [scene.place.programs + "/orca", "terminal", "list"]
            var command = scene.place.command(words[0], Array(words.dropFirst()))
            command.environment = scene.environment
            command.directory = "/"
            for (name, value) in changes { command.environment[name] = value }
            return try Subprocess.run(command, timeout: .seconds(60))
        }
        let answer = try forbidden([:])
        #expect(answer.code == 0 && answer.outputText.contains(scene.handle), "\(answer.errorText)")
        let without = try forbidden(["ORCA_AGENT_URL": nil])
        #expect(without.code == 1 && without.errorText.contains("orca config set agent_endpoint true"))
        #expect(!without.errorText.contains("not running"))
        let elsewhere = try forbidden(["ORCA_AGENT_URL": "http://127.0.0.1:1"])
        #expect(elsewhere.errorText.contains("127.0.0.1:1"), "\(elsewhere.errorText)")
    }

    @Test func onlyTheTokenOfALivingTerminalOpensIt() throws {
        let scene = try Scene()
        let wrong = try scene.hidden(
            "terminal", "list", "--json", changing: ["ORCA_TOKEN": "orca_" + String(repeating: "a", count: 52)])
        #expect(wrong.code == 1 && wrong.outputText.contains("\"unauthorized\""), "\(wrong.outputText)")
        let none = try scene.hidden(
            "terminal", "list", "--json", changing: ["ORCA_TOKEN": nil, "ORCA_TOKEN_FILE": nil])
        #expect(none.code == 1 && none.outputText.contains("sandbox"), "\(none.outputText)")
        let other = try scene.place.result("terminal", "create")
        let stranger = try #require(other["terminal"]?["handle"]?.stringValue)
        let forged = try scene.hidden(
            "orchestration", "send", "--from", stranger, "--to", stranger, "--subject", "x", "--json")
        #expect(forged.code == 1 && forged.outputText.contains("\"forbidden\""), "\(forged.outputText)")
        let stop = try scene.hidden("stop")
        #expect(stop.code != 0)
        _ = try scene.place.result("terminal", "close", "--terminal", scene.handle)
        let late = try scene.hidden("terminal", "list", "--json")
        #expect(late.code == 1 && late.outputText.contains("which has ended"), "\(late.outputText)")
    }

    @Test func webPagesAndStrangersAreTurnedAway() throws {
        let scene = try Scene()
        let port = try #require(scene.tcp?.split(separator: ":").last)
        let token = try #require(scene.environment["ORCA_TOKEN"])
        for (head, status) in [
            ("Host: evil.example\\r\\nAuthorization: Bearer \(token)", "403"), ("Host: localhost", "401"),
            ("Host: localhost\\r\\nOrigin: http://evil.example\\r\\nAuthorization: Bearer \(token)", "403"),
            ("Host: localhost\\r\\nAuthorization: Bearer \(token)", "200"),
        ] {
            let script =
                "exec 3<>/dev/tcp/127.0.0.1/\(port); printf 'GET /v1/workspaces/default/tasks HTTP/1.1\\r\\n\(head)\\r\\n\\r\\n' >&3; head -n 1 <&3"
            let answer = try Subprocess.run(scene.place.command("bash", ["-c", script]), timeout: .seconds(30))
            #expect(answer.outputText.hasPrefix("HTTP/1.1 \(status)"), "\(head): \(answer.outputText)")
        }
    }

    @Test func theAddressStaysOverARestartSoThatTerminalsKeepTheirs() throws {
        let scene = try Scene()
        let before = try #require(scene.tcp)
        try scene.place.killServer()
        try scene.place.orca("list")
        #expect(scene.tcp == before)
        #expect(try scene.hidden("terminal", "list").code == 0)
    }
}
