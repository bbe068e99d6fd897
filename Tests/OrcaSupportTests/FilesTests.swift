import Glibc
import OrcaSupport
import OrcaTestKit
import Testing

@Suite struct FilesTests {
    private let folder = TemporaryDirectory("files")

    private func mode(_ path: String) -> UInt32 {
        var facts = stat()
        #expect(stat(path, &facts) == 0)
        return facts.st_mode & 0o7777
    }

    @Test func aFileIsReplacedInOneStepWithItsMode() throws {
        let path = folder.path("secret")
        try Files.write("one", to: path, mode: 0o644)
        try Files.write("two", to: path, mode: 0o600)
        #expect(try Files.readText(path) == "two")
        #expect(mode(path) == 0o600)
        #expect(try Files.list(folder.path) == ["secret"], "nothing temporary stays")
    }

    @Test func aWriteThatFailsLeavesTheOldFile() throws {
        #expect(throws: SystemError.self) { try Files.write("x", to: folder.path("no/such/dir/file")) }
        try Files.makeDirectories(folder.path("taken"))
        #expect(throws: SystemError.self) { try Files.write("x", to: folder.path("taken")) }
        #expect(try Files.list(folder.path) == ["taken"])
    }

    @Test func readingStopsAtTheLimit() throws {
        let path = try folder.file("big", String(repeating: "x", count: 1000))
        #expect(try Files.read(path, limit: 1000).count == 1000)
        #expect(throws: SystemError(EFBIG, "read", path)) { try Files.read(path, limit: 999) }
        #expect(throws: SystemError(ENOENT, "open", "/no/such")) { try Files.read("/no/such") }
    }

    @Test func directoriesAreMadeOnceWithTheirMode() throws {
        let path = folder.path("a/b/c")
        try Files.makeDirectories(path, mode: 0o700)
        try Files.makeDirectories(path, mode: 0o755)
        #expect(mode(path) == 0o700)
        try folder.file("plain", "")
        #expect(throws: SystemError.self) { try Files.makeDirectories(folder.path("plain/below")) }
    }

    @Test func removingATreeDoesNotFollowLinks() throws {
        let kept = try folder.file("kept/file", "stay")
        try folder.file("tree/a/b", "x")
        #expect(symlink(folder.path("kept"), folder.path("tree/link")) == 0)
        try Files.removeTree(folder.path("tree"))
        try Files.removeTree(folder.path("tree"))
        #expect(Files.kind(folder.path("tree")) == nil)
        #expect(try Files.readText(kept) == "stay")
    }

    @Test func kindsAreToldApart() throws {
        try folder.file("f", "")
        #expect(symlink("f", folder.path("l")) == 0)
        #expect(Files.kind(folder.path("f")) == .file)
        #expect(Files.kind(folder.path("l")) == .link)
        #expect(Files.kind(folder.path) == .directory)
        #expect(Files.isDirectory(folder.path) && !Files.isDirectory(folder.path("f")))
        #expect(try Files.freeSpace(folder.path) > 0)
    }

    @Test func pathsMustStayUnderTheirRoot() throws {
        let root = folder.path("root")
        try folder.file("root/in/file", "x")
        try folder.file("outside", "x")
        #expect(symlink("../outside", root + "/escape") == 0)
        let real = try Paths.resolved(root)
        #expect(try Paths.resolve("in/file", under: root) == real + "/in/file")
        #expect(try Paths.resolve("in/../in/file", under: root) == real + "/in/file")
        #expect(throws: SystemError.self) { try Paths.resolve("../outside", under: root) }
        #expect(throws: SystemError.self) { try Paths.resolve("escape", under: root) }
        #expect(throws: SystemError.self) { try Paths.resolve("/etc/passwd", under: root) }
        #expect(throws: SystemError.self) { try Paths.resolve("missing", under: root) }
    }

    @Test func absolutePathsAreMadeAsText() {
        #expect(Paths.absolute("/a/./b/../c//d/") == "/a/c/d")
        #expect(Paths.absolute("/..") == "/")
        #expect(Paths.absolute("x") == Paths.absolute(Paths.currentDirectory + "/x"))
    }

    @Test func pathsAreSplit() {
        #expect(Files.split("/a/b").folder == "/a")
        #expect(Files.split("/a").folder == "/")
        #expect(Files.split("a").folder == ".")
        #expect(Files.split("/a/b/").name == "b")
    }

    @Test func aLockHasOneHolderAtATime() throws {
        let path = folder.path("lock")
        let first = try FileLock(path)
        #expect(throws: SystemError(EWOULDBLOCK, "lock", path)) { try FileLock(path, wait: false) }
        first.unlock()
        let second = try FileLock(path, wait: false)
        try second.note("held by test")
        #expect(try Files.readText(path) == "held by test")
    }

    @Test func aLockGoesWithTheProcessThatHeldIt() throws {
        let path = folder.path("lock")
        let holder = try SupervisedProcess(
            SubprocessCommand(
                "flock", [path, "sh", "-c", "echo ready; sleep 300"], environment: ["PATH": "/usr/bin:/bin"]))
        var seen: [UInt8] = []
        while seen.isEmpty { _ = try holder.follow(until: .after(.milliseconds(20))) { seen += $0 } }
        #expect(throws: SystemError.self) { try FileLock(path, wait: false) }
        holder.end(grace: .zero)
        _ = try FileLock(path, wait: false)
    }

    @Test func errorsSayWhatWasTried() {
        #expect(SystemError(ENOENT, "open", "/x").description == "could not open /x: No such file or directory")
    }
}
