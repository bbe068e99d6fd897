import OrcaGit
import OrcaSupport
import OrcaTestKit
import Testing

@Suite struct RepositoryTests {
    @Test func whatIsNotARepositoryIsSaidWithWhatToDo() throws {
        let folder = TemporaryDirectory("nogit")
        let plain = gitError { _ = try GitRepository.open(folder.path) }
        #expect(plain?.code == .notARepository && plain?.message.contains("git init") == true)
        let missing = gitError { _ = try GitRepository.open(folder.path("nothing")) }
        #expect(missing?.code == .notARepository && missing?.message.contains("no directory") == true)
    }

    @Test func aMissingGitIsSaid() throws {
        let folder = TemporaryDirectory("nogit")
        let runner = GitRunner(environment: ["PATH": folder.path])
        #expect(gitError { _ = try GitRepository.open(folder.path, runner: runner) }?.code == .gitMissing)
    }

    @Test func theTopIsFoundFromBelowAndFromAWorktree() throws {
        let fixture = try Fixture.seeded()
        try Files.makeDirectories(fixture.root + "/x/y")
        let below = try GitRepository.open(fixture.root + "/x/y", runner: fixture.runner)
        #expect(below.path == fixture.root && !below.isBare)
        try fixture.git("worktree", "add", "--quiet", fixture.folder.path("tree"))
        let tree = try GitRepository.open(fixture.folder.path("tree"), runner: fixture.runner)
        #expect(tree.commonDirectory == below.commonDirectory)
        #expect(tree.path == fixture.folder.path("tree"))
    }

    @Test func theCallersGitVariablesDoNotMisleadUs() throws {
        let fixture = try Fixture.seeded()
        var environment = fixture.environment
        environment["GIT_DIR"] = "/nonexistent"
        environment["GIT_INDEX_FILE"] = "/nonexistent"
        environment["GIT_CONFIG_COUNT"] = "bad"
        let repository = try GitRepository.open(fixture.root, runner: GitRunner(environment: environment))
        #expect(try repository.currentBranch() == "main")
    }

    @Test func theBaseIsTheNamedBranchOrTheCurrentOne() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let other = try fixture.branch("other", ["b.txt": "b\n"])
        #expect(try repository.base(nil).branch == "main")
        #expect(try repository.base("").branch == "main")
        #expect(try repository.base("other") == GitBase(branch: "other", commit: other))
    }

    @Test func aMissingBaseNamesTheBranchesThereAre() throws {
        let fixture = try Fixture.seeded()
        try fixture.git("branch", "develop")
        let error = gitError { _ = try fixture.repository().base("mian") }
        #expect(error?.code == .branchNotFound)
        #expect(error?.message.contains("main") == true && error?.message.contains("develop") == true)
        try fixture.git("checkout", "--quiet", "--detach")
        #expect(gitError { _ = try fixture.repository().base(nil) }?.code == .branchNotFound)
    }

    @Test func aRepositoryWithoutCommitsIsSaid() throws {
        let fixture = try Fixture()
        #expect(gitError { _ = try fixture.repository().base(nil) }?.code == .emptyRepository)
    }

    @Test func namesThatGitWouldTakeForSomethingElseAreRefused() throws {
        for name in [
            "", "-f", "--upload-pack=x", "HEAD", "refs/heads/x", "a..b", "a//b", "a/", "/a", "a.lock", "a b", "a@{1}",
            "a~1",
            "a:b", "a×b", "\u{202E}a", "a\nb", ".a", "a/.b", String(repeating: "x", count: 201),
        ] {
            #expect(gitError { try BranchName.check(name) }?.code == .invalidName, "\(name)")
        }
        for name in ["main", "orca/API-12/1", "feature/x_y.z", "1.0", "a+b", "fix#3", "é", "日本/x"] {
            #expect(gitError { try BranchName.check(name) } == nil, "\(name)")
        }
    }

    @Test func uncommittedChangesAreNamed() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        #expect(try repository.uncommitted().isEmpty)
        try Files.write("changed\n", to: fixture.root + "/a.txt")
        try Files.write("new\n", to: fixture.root + "/näme with space.txt")
        #expect(Set(try repository.uncommitted()) == ["a.txt", "näme with space.txt"])
        #expect(try repository.uncommitted(untracked: false) == ["a.txt"])
    }

    @Test func ancestryCommitsAndChangesAreRead() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let base = try #require(try repository.branchTip("main"))
        let tip = try fixture.branch("work", ["a.txt": "1\n2\n3\n4\n", "new.txt": "n\n"])
        #expect(try repository.isAncestor(base, of: tip))
        #expect(try !repository.isAncestor(tip, of: base))
        #expect(try repository.commits(from: base, to: tip).map(\.subject) == ["on work"])
        #expect(try repository.commits(from: base, to: tip).map(\.author) == ["Test Person"])
        let changes = try repository.changes(from: base, to: tip)
        #expect(changes.map(\.path) == ["a.txt", "new.txt"])
        #expect(changes.map(\.added) == [1, 1] && changes.map(\.deleted) == [0, 0])
        #expect(try repository.commit("no-such") == nil)
    }

    @Test func aFreshBaseIsFetched() throws {
        let fixture = try Fixture.seeded()
        let upstream = fixture.folder.path("upstream.git")
        try fixture.git("clone", "--quiet", "--bare", fixture.root, upstream)
        try fixture.git("remote", "add", "origin", upstream)
        let clone = fixture.folder.path("clone")
        try fixture.git("clone", "--quiet", upstream, clone)
        let newer = try fixture.commit(["b.txt": "b\n"], "upstream work", directory: clone)
        try fixture.git("push", "--quiet", "origin", "main", directory: clone)

        let repository = try fixture.repository()
        #expect(try repository.freshBase(nil) == GitBase(branch: "main", commit: newer))

        let own = try fixture.commit(["c.txt": "c\n"], "own work")
        let diverged = try repository.freshBase("main")
        #expect(diverged.commit == own && diverged.warning?.contains("both gone on") == true)

        try Files.removeTree(upstream)
        let offline = try repository.freshBase("main")
        #expect(offline.commit == own && offline.warning?.contains("going on with the local main") == true)
    }

    @Test func aBranchTheRemoteDoesNotHaveIsTakenAsItIs() throws {
        let fixture = try Fixture.seeded()
        let upstream = fixture.folder.path("upstream.git")
        try fixture.git("clone", "--quiet", "--bare", fixture.root, upstream)
        try fixture.git("remote", "add", "origin", upstream)
        let tip = try fixture.branch("local", ["b.txt": "b\n"])
        #expect(try fixture.repository().freshBase("local") == GitBase(branch: "local", commit: tip))
    }
}
