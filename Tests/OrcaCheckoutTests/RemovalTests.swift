import OrcaCheckout
import OrcaSupport
import OrcaTestKit
import Testing

@Suite struct RemovalTests {
    @Test func aCleanWorktreeGoesWithItsBranch() async throws {
        let grove = try Grove()
        let (place, _) = try await grove.make("done")
        let removed = try await grove.remove(place.path)
        #expect(removed.preservedBranch == nil && removed.warning == nil)
        #expect(Files.kind(place.path) == nil)
        #expect(try grove.git("branch", "--list", "done") == "")
    }

    @Test func whatIsNotCommittedIsNotLost() async throws {
        let grove = try Grove()
        let (place, _) = try await grove.make("dirty")
        try Files.write("x", to: place.path + "/new.txt")
        let error = await checkoutError { _ = try await grove.remove(place.path) }
        #expect(error?.code == .unsafe && error?.items == ["new.txt"])
        #expect(error?.message.contains("new.txt") == true && error?.message.contains("--force") == true)
        #expect(Files.kind(place.path + "/new.txt") == .file)
        let removed = try await grove.remove(place.path, force: true)
        #expect(removed.preservedBranch == nil)
        #expect(Files.kind(place.path) == nil)
    }

    @Test func commitsThatAreNowhereElseAreNotLost() async throws {
        let grove = try Grove()
        let (place, _) = try await grove.make("ahead")
        let commit = try grove.commit(["c.txt": "c\n"], in: place.path)
        let error = await checkoutError { _ = try await grove.remove(place.path) }
        #expect(error?.items == [commit])
        #expect(error?.message.contains("with c.txt") == true)
        #expect(try await grove.remove(place.path, force: true).preservedBranch == "ahead")
        #expect(try grove.git("rev-parse", "ahead") == commit)
    }

    @Test(arguments: ["push", "merge"])
    func commitsThatAreElsewhereAreFree(way: String) async throws {
        let grove = try Grove()
        let (place, _) = try await grove.make("ahead")
        try grove.commit(["c.txt": "c\n"], in: place.path)
        if way == "push" {
            try grove.git("push", "--quiet", "origin", "ahead", directory: place.path)
        } else {
            try grove.git("merge", "--quiet", "ahead")
        }
        #expect(try await grove.remove(place.path).preservedBranch == nil)
        #expect(try grove.git("branch", "--list", "ahead") == "")
    }

    @Test func commitsWithoutABranchAreRescued() async throws {
        let grove = try Grove()
        let (place, _) = try await grove.make("loose")
        try grove.git("checkout", "--quiet", "--detach", directory: place.path)
        let commit = try grove.commit(["c.txt": "c\n"], in: place.path)
        #expect(await checkoutError { _ = try await grove.remove(place.path) }?.code == .unsafe)
        let branch = try #require(try await grove.remove(place.path, force: true).preservedBranch)
        #expect(try grove.git("rev-parse", branch) == commit)
    }

    @Test func aWorktreeWhoseDirectoryIsGoneIsForgotten() async throws {
        let grove = try Grove()
        let (place, _) = try await grove.make("gone")
        try Files.removeTree(place.path)
        #expect(try await grove.host.worktrees(of: grove.root).last?.isMissing == true)
        #expect(try await grove.remove(place.path).preservedBranch == nil)
        #expect(try await grove.host.worktrees(of: grove.root).count == 1)
        #expect(try grove.git("branch", "--list", "gone") == "")
        _ = try await grove.remove(place.path)
    }

    @Test func itsCommitsAreKeptEvenThen() async throws {
        let grove = try Grove()
        let (place, _) = try await grove.make("gone")
        try grove.commit(["c.txt": "c\n"], in: place.path)
        try Files.removeTree(place.path)
        #expect(await checkoutError { _ = try await grove.remove(place.path) }?.code == .unsafe)
        #expect(try await grove.remove(place.path, force: true).preservedBranch == "gone")
    }

    @Test func pruningForgetsWhatIsGone() async throws {
        let grove = try Grove()
        let (place, _) = try await grove.make("gone")
        try Files.removeTree(place.path)
        try await grove.host.prune(grove.root)
        #expect(try await grove.host.worktrees(of: grove.root).count == 1)
    }

    @Test func theMainWorktreeAndLockedOnesStay() async throws {
        let grove = try Grove()
        let main = try Paths.resolved(grove.root)
        #expect(await checkoutError { _ = try await grove.remove(main, force: true) }?.code == .mainWorktree)
        let (place, _) = try await grove.make("locked")
        try grove.git("worktree", "lock", place.path)
        #expect(await checkoutError { _ = try await grove.remove(place.path) }?.code == .unsafe)
        _ = try await grove.remove(place.path, force: true)
    }

    @Test func whatWePutThereIsNoWork() async throws {
        let grove = try Grove()
        try grove.upstream(["orca.yaml": "copy: [secret.txt]\nlink: [modules]\n"])
        try Files.write("key", to: grove.root + "/secret.txt", mode: 0o600)
        try Files.makeDirectories(grove.root + "/modules")
        let (place, built) = try await grove.make("tree")
        #expect(built.placed == ["secret.txt", "modules"])
        #expect(Files.mode(place.path + "/secret.txt") == 0o600)
        #expect(Files.kind(place.path + "/modules") == .link)
        _ = try await grove.remove(place.path, placed: built.placed)
        #expect(Files.isDirectory(grove.root + "/modules"))
    }

    @Test func statusAndDriftSayHowItStands() async throws {
        let grove = try Grove()
        let (place, _) = try await grove.make("tree")
        try grove.commit(["mine.txt": "m\n"], in: place.path)
        for number in 1...7 { try grove.upstream(["u\(number).txt": "\(number)\n"]) }
        try grove.git("fetch", "--quiet")
        try Files.write("x", to: place.path + "/new.txt")
        let status = try await grove.host.status(of: place.path, base: "origin/main")
        #expect(status.branch == "tree" && status.ahead == 1 && status.behind == 7 && status.uncommitted == ["new.txt"])
        let drift = try await grove.host.drift(of: place.path, base: "origin/main")
        #expect(drift?.behind == 7)
        #expect(drift?.missing == (3...7).reversed().map { "with u\($0).txt" })
        #expect(try await grove.host.drift(of: place.path, base: "nope") == nil)
    }
}
