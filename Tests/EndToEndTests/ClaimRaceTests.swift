import OrcaAPI
import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// Field failure "claim race" with real processes: of any number of simultaneous claims of one task exactly one wins,
/// whatever way they come and under whatever name, and the others are told who holds it.
@Suite(.serialized) struct ClaimRaceTests {
    @Test(
        .timeLimit(.minutes(3)),
        arguments: [(clients: 8, isOneName: true), (8, false), (64, true), (64, false)])
    func exactlyOneProcessWinsOverMixedTransports(clients: Int, isOneName: Bool) throws {
        let place = try Installation()
        let server = try place.startServer("--listen", "127.0.0.1:0")
        defer { server.end() }
        let secret = place.folder.path("token")
        try place.orca("token", "create", "race", "--scope", "coordinator", "-o", secret)
        let tcp = try #require(ServerLock.read(place.places.serverLock)?.tcpAddress)
        try place.orca("project", "create", "RACE", "--name", "Race")
        try place.orca("add", "The one", "--project", "RACE")

        let answers = try place.together(clients) { index in
            let overTCP = ["ORCA_URL": "http://\(tcp)", "ORCA_TOKEN_FILE": secret]
            return try place.answer(
                ["claim", "RACE-1", "--agent", isOneName ? "twin" : "agent-\(index)"],
                with: index.isMultiple(of: 2) ? [:] : overTCP)
        }
        #expect(answers.count == clients)
        #expect(answers.count { $0.code == 0 } == 1)
        let holder = try #require(JSONValue(jsonBytes: Array(place.orca("show", "RACE-1", "--json").utf8))["task"])
        let name = try #require(holder["holder"]?.stringValue)
        for loser in answers where loser.code != 0 {
            #expect(loser.code == 4, "\(loser.errorText)")
            #expect(loser.errorText.contains("RACE-1 is held by \(name) (attempt 1)"), "\(loser.errorText)")
        }
        #expect(try place.orca("attempt", "list", "--task", "RACE-1", "--quiet").split(separator: "\n").count == 1)
    }

    @Test func anAgentWithoutWhatATaskNeedsNeverGetsIt() throws {
        let place = try Installation()
        try place.orca("project", "create", "CAP", "--name", "Capabilities")
        try place.orca("agent", "create", "plain")
        try place.orca("agent", "create", "tagged", "--tag", "swift")
        try place.orca("agent", "create", "small", "--tag", "swift", "--capability", "memory_gb=8")
        try place.orca("agent", "create", "able", "--tag", "swift,linux", "--capability", "memory_gb=32")
        try place.orca("add", "Needs a lot", "-p", "CAP", "--tag", "swift", "--capability", "memory_gb>=16")
        for name in ["plain", "tagged", "small"] {
            try place.expectRefusal(["claim", "CAP-1", "--agent", name], code: 4, "CAP-1")
            try place.expectRefusal(["claim", "-p", "CAP", "--agent", name], code: 3, "ready")
        }
        #expect(try place.orca("attempt", "list", "--task", "CAP-1", "--quiet").isEmpty)
        try place.orca("claim", "-p", "CAP", "--agent", "able")
    }
}
