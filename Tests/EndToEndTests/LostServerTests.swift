import OrcaConnect
import OrcaPostgres
import OrcaSupport
import OrcaTestKit
import Testing

/// A server on a shared database that dies: the others say so of everything that is on it, and an operator gives it up.
@Suite(.serialized) struct LostServerTests {
    private static func handle(in text: String, _ prefix: String) throws -> String {
        let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "-" }
        return String(try #require(words.first { $0.hasPrefix(prefix) }, "no \(prefix) in: \(text)"))
    }

    /// Two servers on one database, each with a TCP port and a project's tasks in common.
    private struct Pair {
        let places: [Installation]
        let servers: [SupervisedProcess]

        init() throws {
            let cluster = try PostgresCluster.shared()
            let name = try cluster.database().display.split(separator: "@")[0].split(separator: ":")[1]
            places = [try Installation(), try Installation()]
            for place in places { try place.orca("config", "set", "database", cluster.uri(String(name))) }
            try places[0].orca("config", "set", "listen", "127.0.0.1:0")
            servers = try places.map { try $0.startServer() }
        }

        func end() { for server in servers { server.end() } }

        /// Kills the first, and waits until the second says so.
        func killFirst() throws {
            let pid = try #require(try places[0].serverProcess())
            SystemSignals.kill(pid)
            let isTold = try places[1].eventually(within: .seconds(60)) {
                try places[1].orca("server", "list").contains("lost since")
            }
            #expect(isTold, "the server was not told to be lost")
        }
    }

    @Test func whatIsOnALostServerIsShownAsLostUntilItIsGivenUp() throws {
        let pair = try Pair()
        defer { pair.end() }
        let (first, second) = (pair.places[0], pair.places[1])
        try first.orca("project", "create", "API")
        // A run that waits until then.
        try first.orca("task", "create", "First thing", "--project", "API", "--not-before", "+1h")
        try first.orca("terminal", "create", "--command", "sleep 600")
        let terminal = try Self.handle(in: first.orca("terminal", "list"), "term_")
        let start = ["orchestration", "run", "--spec", "All of it", "--project", "API", "--no-merge"]
        #expect(try first.answer(start).code == 0)
        let run = try Self.handle(in: second.orca("orchestration", "run-list"), "run_")

        // While it lives it is shown with its server, and how to get there is said.
        #expect(try second.orca("terminal", "list").contains(terminal))
        #expect(try !second.orca("terminal", "list").contains("lost"))
        let sent = try second.answer(["terminal", "read", "--terminal", terminal])
        #expect(sent.code == 1 && sent.errorText.contains("--url http://127.0.0.1:"), "\(sent.errorText)")
        let early = try second.answer(["server", "forget", try node(of: first)])
        #expect(early.code != 0 && early.errorText.contains("sign of life"), "\(early.errorText)")

        try pair.killFirst()
        for words in [["terminal", "list"], ["orchestration", "run-list"], ["server", "list"]] {
            let shown = try second.answer(words)
            #expect(shown.outputText.contains("lost since"), "\(words): \(shown.outputText)")
        }
        let json = try second.orca("terminal", "show", "--terminal", terminal, "--json").filter { $0 != " " }
        #expect(json.contains(#""connected":false"#) && json.contains(#""lost":true"#), "\(json)")
        #expect(try second.orca("status").contains("1 of them lost"))
        let doctor = try second.answer(["doctor"]).outputText
        #expect(doctor.contains("was not heard of since") && doctor.contains("orca server list"), "\(doctor)")
        let refused = try second.answer(["terminal", "read", "--terminal", terminal])
        #expect(refused.errorText.contains("orca server forget"), "\(refused.errorText)")

        let gone = try second.orca("server", "forget", try node(of: first))
        #expect(gone.contains("1 terminals and 1 runs"), "\(gone)")
        #expect(try !second.orca("terminal", "list").contains(terminal))
        let ended = try second.orca("orchestration", "run-show", "--run", run)
        #expect(ended.contains("failed") && ended.contains("given up"), "\(ended)")
        #expect(try second.answer(start).code == 0, "the run's tasks are not to be had")
        try second.orca(
            "orchestration", "run-stop", "--run",
            try Self.handle(in: second.orca("orchestration", "run-list", "--status", "running"), "run_"))
        try second.orca("task", "update", "API-1", "--clear", "not-before")
        try second.orca("task", "claim", "API-1", "--agent", "me")

        // It comes back, and its terminal was there all the time.
        let again = try first.startServer()
        defer { again.end() }
        let isBack = try second.eventually(within: .seconds(60)) {
            try second.orca("terminal", "list").contains(terminal)
        }
        #expect(isBack)
    }

    private func node(of place: Installation) throws -> String {
        try Files.readText(place.places.dataDirectory + "/node").filter { !$0.isNewline }
    }
}
