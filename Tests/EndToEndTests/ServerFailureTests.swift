import OrcaAPI
import OrcaConnect
import OrcaProtobuf
import OrcaSupport
import OrcaTestKit
import Testing

/// Servers that die, come in twos, come back, and lose their files.
@Suite(.serialized) struct ServerFailureTests {
    @Test(.timeLimit(.minutes(2))) func aSecondServerOnOneStoreIsRefusedUntilTheFirstIsDead() throws {
        let place = try Installation()
        let first = try place.startServer()
        defer { first.end() }
        try place.orca("project", "create", "ONE", "--name", "One")
        try place.orca("add", "Kept", "-p", "ONE")

        // Another home, so that only the store itself can refuse.
        var second = place.command("orcad", ["serve", "--database", place.places.database])
        second.environment["ORCA_HOME"] = place.folder.path("other")
        let refused = try Subprocess.run(second, timeout: .seconds(30))
        #expect(refused.code == 6, "\(refused.errorText)")
        #expect(refused.errorText.contains("orcad (pid \(first.child.pid)"), "\(refused.errorText)")
        #expect(refused.errorText.split(separator: "\n").count == 1)

        let same = try Subprocess.run(place.command("orcad", ["serve"]), timeout: .seconds(30))
        #expect(same.code == 6 && same.errorText.contains("pid \(first.child.pid)"), "\(same.errorText)")

        try place.orca("add", "Also kept", "-p", "ONE")
        first.child.signal(9)
        first.child.reap()
        let heir = try SupervisedProcess(second)
        defer { heir.end() }
        let elsewhere = ["ORCA_SOCKET": place.folder.path("other/run/orca.sock")]
        #expect(
            try place.eventually {
                try place.answer(["list", "-p", "ONE", "--quiet"], with: elsewhere).outputText == "ONE-1\nONE-2\n"
            })
    }

    @Test(.timeLimit(.minutes(2))) func leasesSurviveARestartAndGetTheirGrace() throws {
        let place = try Installation()
        try place.orca("project", "create", "KEEP", "--name", "Keep")
        try place.orca("add", "Long work", "-p", "KEEP")
        try place.orca("claim", "KEEP-1", "--agent", "worker", "--ttl", "6s")
        func expiry() throws -> Int64 {
            var request = OrcaV1.ListLeasesRequest()
            request.workspace = "default"
            let lease = try #require(try place.client().call(Operations.listLeases, request).leases.first)
            return try #require(lease.expiresAt).milliseconds
        }
        let before = try expiry()
        try place.killServer()
        #expect(try expiry() >= before)
        try place.expectRefusal(["claim", "KEEP-1", "--agent", "thief"], code: 4, "held by worker")
        try place.orca("done", "KEEP-1", "--result", "kept")
        #expect(try place.orca("attempt", "list", "--task", "KEEP-1", "--quiet").split(separator: "\n").count == 1)
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["run/orca.sock", "run/orcad.lock", "data/orca.db", ""])
    func aServerWhoseFilesAreGoneEndsByItself(file: String) throws {
        let place = try Installation()
        let server = try place.startServer()
        defer { server.end() }
        try place.orca("project", "create", "GONE", "--name", "Gone")
        // Moved, as a test run or a person does who begins anew.
        try Files.removeTree(place.folder.path("home/" + file))
        let pause = try server.follow(until: .after(.seconds(20))) { _ in }
        #expect(pause == .exited(.exited(code: 0)))
    }

    @Test(.timeLimit(.minutes(2))) func aServerWhoseHomeWasReplacedMakesRoomForTheNextOne() throws {
        let place = try Installation()
        try place.orca("project", "create", "OLD", "--name", "Old")
        let old = try #require(ServerLock.read(place.places.serverLock)?.pid)
        try Files.removeTree(place.folder.path("home"))
        try place.orca("project", "create", "NEW", "--name", "New")
        #expect(try #require(ServerLock.read(place.places.serverLock)?.pid) != old)
        #expect(place.eventually { [.dead, nil].contains(ProcessTable.entry(old)?.state) })
        // The one that ended did not take the new one's socket with it.
        #expect(try place.orca("project", "list", "--quiet") == "NEW\n")
        #expect(try place.orca("status").contains("runtimeState: ready"))
    }
}
