import OrcaConnect
import OrcaSQLite
import OrcaSupport
import OrcaTestKit
import Testing

/// Places that are not as they should be: one clear error, and what was there is left alone.
@Suite(.serialized) struct BadHomeTests {
    /// A limit on the size of files fills up like a disk, for everybody and everywhere; its signal is ignored.
    @Test(.timeLimit(.minutes(2))) func aFileThatMayNotGrowRefusesWritesAndKeepsWhatIsThere() throws {
        try fill("trap '' XFSZ; exec prlimit --fsize=1500000 \"$@\"", expecting: "cannot be written")
    }

    /// A real small disk, where a person may have one.
    @Test(.timeLimit(.minutes(2)), .enabled(if: Self.mayMount)) func aFullDiskRefusesWritesAndKeepsWhatIsThere() throws
    {
        // What it has written goes with the mount, therefore the server's end is the end of the test.
        try fill(
            "mkdir -p $ORCA_HOME/data && mount -t tmpfs -o size=3m none $ORCA_HOME/data && exec \"$@\"",
            by: ["unshare", "-rm"], expecting: "no room left", isKept: false)
    }

    private static var mayMount: Bool {
        let trial = SubprocessCommand("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"])
        // Where there is no unshare there are no mounts of one's own.
        return (try? Subprocess.run(trial, timeout: .seconds(10)))?.status.isSuccess == true
    }

    private func fill(
        _ script: String, by wrapper: [String] = [], expecting words: String, isKept: Bool = true
    ) throws {
        let place = try Installation()
        let server = try place.startServer(under: wrapper + ["/bin/sh", "-c", script, "sh"])
        defer { server.end() }
        try place.orca("project", "create", "FULL", "--name", "Full")
        let spec = try place.folder.file("spec", String(repeating: "x", count: 200_000))
        var acknowledged: [String] = []
        var refusal: Answer?
        while refusal == nil, acknowledged.count < 50 {
            let answer = try place.answer(["add", "Big", "-p", "FULL", "--spec", "@\(spec)", "--quiet"])
            if answer.code == 0 { acknowledged.append(answer.outputText) } else { refusal = answer }
        }
        let full = try #require(refusal)
        #expect(full.code == 6 && full.errorText.contains(words), "\(full.errorText)")
        #expect(try place.orca("list", "-p", "FULL", "--quiet") == acknowledged.joined())
        #expect(!(try place.orca("doctor").contains("problem")))
        guard isKept else { return }
        server.end()
        // With room again everything is there and goes on.
        try place.orca("add", "More", "-p", "FULL")
        #expect(
            try place.orca("list", "-p", "FULL", "--quiet") == acknowledged.joined()
                + "FULL-\(acknowledged.count + 1)\n")
        #expect(!(try place.orca("doctor").contains("problem")))
    }

    @Test func aFileInPlaceOfADirectoryIsNamed() throws {
        let place = try Installation()
        try place.folder.file("home/data", "I am no directory")
        try place.expectRefusal(["list"], code: 6, "home/data")
        #expect(try Files.readText(place.folder.path("home/data")) == "I am no directory")
    }

    @Test func aDatabaseOfANewerVersionIsRefusedAndLeftAlone() throws {
        let place = try Installation()
        try place.orca("project", "create", "NEWER", "--name", "Newer")
        try place.orca("stop")
        let mark = "INSERT INTO schema_migrations (version, name, applied_at) VALUES (999, 'future', 0)"
        try SQLiteConnection(.readWrite(path: place.places.database)).run(script: mark)
        try place.expectRefusal(["list"], code: 6, "schema 999", "newer Orca")
        try SQLiteConnection(.readWrite(path: place.places.database)).run(
            script: "DELETE FROM schema_migrations WHERE version = 999")
        #expect(try place.orca("project", "list", "--quiet") == "NEWER\n")
    }

    @Test func aDamagedDatabaseIsRefusedAndLeftAlone() throws {
        let place = try Installation()
        let text = String(repeating: "not a database at all\n", count: 500)
        try place.folder.file("home/data/orca.db", text)
        try place.expectRefusal(["list"], code: 6, "damaged", "orca.db")
        #expect(try Files.readText(place.places.database) == text)
    }

    @Test func garbageInTheLockFilesDoesNoHarm() throws {
        let place = try Installation()
        for name in ["run/orcad.lock", "run/start.lock", "data/orca.db.lock"] {
            try place.folder.file("home/\(name)", "{{{ garbage \u{0} ]", mode: 0o600)
        }
        try Files.makeDirectories(place.places.runDirectory, mode: 0o700)
        _ = try Subprocess.run(place.command("chmod", ["700", place.places.runDirectory]))
        try place.orca("project", "create", "LOCK", "--name", "Lock")
        #expect(try place.orca("status").contains("runtimeState: ready"))
    }

    @Test func aForeignProgramOnTheSocketIsRecognised() throws {
        let place = try Installation()
        try Files.makeDirectories(place.places.runDirectory, mode: 0o700)
        let stranger = try Stranger(place.places.socket)
        try place.expectRefusal(["list"], code: 6, "is not orcad")
        try place.expectRefusal(["add", "x", "-p", "A"], code: 6, "is not orcad")
        stranger.leave()
    }
}
