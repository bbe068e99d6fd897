import OrcaGit
import OrcaSupport
import OrcaTestKit
import Synchronization
import Testing

@Suite struct WorktreeTests {
    @Test func aWorktreeHasItsOwnBranchAndTheFilesOfItsCommit() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let base = try repository.base(nil)
        let path = fixture.folder.path("trees/one")
        try repository.addWorktree(path, branch: "orca/API-1/1", at: base.commit)
        #expect(try Files.readText(path + "/a.txt") == "1\n2\n3\n")
        #expect(try repository.uncommitted(in: path).isEmpty)
        #expect(try repository.worktrees().last?.branch == "orca/API-1/1")
        #expect(try repository.uncommitted().isEmpty, "the person's tree is untouched")

        try Files.write("left\n", to: path + "/left.txt")
        try repository.removeWorktree(path)
        #expect(Files.kind(path) == nil)
        #expect(try repository.branchTip("orca/API-1/1") == base.commit, "the branch stays")
        #expect(try repository.worktrees().count == 1)
        try repository.removeWorktree(path)
    }

    @Test func aBranchThatExistsIsNotTakenOver() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let base = try repository.base(nil)
        try fixture.git("branch", "taken")
        let error = gitError { try repository.addWorktree(fixture.folder.path("t"), branch: "taken", at: base.commit) }
        #expect(error?.code == .branchExists)
        #expect(
            gitError { try repository.addWorktree(fixture.folder.path("t"), branch: "-x", at: base.commit) }?.code
                == .invalidName)
    }

    @Test func sixteenAtOnceAllSucceed() throws {
        let fixture = try Fixture.seeded()
        let upstream = fixture.folder.path("upstream.git")
        try fixture.git("clone", "--quiet", "--bare", fixture.root, upstream)
        try fixture.git("remote", "add", "origin", upstream)
        let repository = try fixture.repository()
        let failures = Failures()
        let threads = try (0..<16).map { number in
            try ManagedThread("add-\(number)") {
                do {
                    let base = try repository.freshBase(nil)
                    let path = fixture.folder.path("trees/\(number)")
                    try repository.addWorktree(path, branch: "orca/T-\(number)/1", at: base.commit)
                    try Files.write("\(number)\n", to: path + "/file-\(number)")
                    _ = try repository.commitAll(in: path, message: "work \(number)")
                } catch {
                    failures.list.withLock { $0.append("\(error)") }
                }
            }
        }
        threads.forEach { $0.join() }
        #expect(failures.list.withLock { $0 } == [])
        #expect(try repository.worktrees().count == 17)
        #expect(try repository.branches().count == 17)
        for number in 0..<16 { try repository.removeWorktree(fixture.folder.path("trees/\(number)")) }
        #expect(try repository.worktrees().count == 1)
    }

    private final class Failures: Sendable {
        let list = Mutex<[String]>([])
    }

    @Test func aWorktreeWhoseDirectoryIsGoneIsForgotten() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let path = fixture.folder.path("gone")
        try repository.addWorktree(path, branch: "b", at: try repository.base(nil).commit)
        try Files.removeTree(path)
        try repository.pruneWorktrees()
        #expect(try repository.worktrees().count == 1)
    }

    @Test func leftoversAreCommittedUnderThePersonsIdentityWithoutHooks() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        try fixture.folder.file(
            "repo/.git/hooks/pre-commit", "#!/bin/sh\ntouch \(fixture.folder.path)/hooked\nexit 1\n", mode: 0o755)
        let path = fixture.folder.path("tree")
        try repository.addWorktree(path, branch: "work", at: try repository.base(nil).commit)
        #expect(try repository.commitAll(in: path, message: "nothing") == nil)
        try Files.write("new\n", to: path + "/-n")
        try Files.write("# not a comment\n", to: path + "/a.txt")
        let commit = try #require(try repository.commitAll(in: path, message: "API-1: do it\n\n# kept\n"))
        #expect(try repository.branchTip("work") == commit)
        #expect(try fixture.git("log", "-1", "--format=%an <%ae>", "work") == "Test Person <person@example.com>")
        #expect(try fixture.git("log", "-1", "--format=%B", "work") == "API-1: do it\n\n# kept")
        #expect(Files.kind(fixture.folder.path("hooked")) == nil)
        #expect(try repository.head(of: path) == commit)
    }

    @Test func withoutAnIdentityNothingIsCommittedAndItIsSaidHowToSetIt() throws {
        let fixture = try Fixture(identity: false)
        try fixture.git(
            "-c", "user.name=x", "-c", "user.email=x@x", "commit", "--quiet", "--allow-empty", "-m", "first")
        let repository = try fixture.repository()
        try Files.write("new\n", to: fixture.root + "/new")
        let error = gitError { _ = try repository.commitAll(in: fixture.root, message: "m") }
        #expect(error?.code == .noIdentity)
        #expect(error?.message.contains("git config --global user.name") == true)
        #expect(try repository.uncommitted() == ["new"], "and the index is as it was")
    }

    @Test func aBranchIsDeletedOnlyWhereItIsExpected() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let old = try repository.base(nil).commit
        let tip = try fixture.branch("work", ["b": "b\n"])
        #expect(gitError { try repository.deleteBranch("work", at: old) } != nil)
        try repository.deleteBranch("work", at: tip)
        #expect(try repository.branchTip("work") == nil)
    }

    @Test func configurationOfTheRepositoryCannotMakeUsRunPrograms() throws {
        let fixture = try Fixture.seeded()
        let trap = try fixture.folder.file("trap", "#!/bin/sh\ntouch \(fixture.folder.path)/sprung\n", mode: 0o755)
        try fixture.git("config", "core.fsmonitor", trap)
        try fixture.git("config", "diff.external", trap)
        try fixture.git("config", "core.hooksPath", fixture.folder.path)
        try fixture.folder.file("post-checkout", "#!/bin/sh\ntouch \(fixture.folder.path)/sprung\n", mode: 0o755)
        let repository = try fixture.repository()
        let base = try repository.base(nil).commit
        try repository.addWorktree(fixture.folder.path("tree"), branch: "w", at: base)
        try Files.write("x\n", to: fixture.folder.path("tree/a.txt"))
        _ = try repository.uncommitted(in: fixture.folder.path("tree"))
        let commit = try #require(try repository.commitAll(in: fixture.folder.path("tree"), message: "m"))
        _ = try repository.changes(from: base, to: commit)
        #expect(Files.kind(fixture.folder.path("sprung")) == nil)
    }
}
