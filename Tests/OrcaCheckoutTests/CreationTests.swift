import OrcaCheckout
import OrcaSupport
import OrcaTestKit
import Testing

@Suite struct CreationTests {
    @Test func aWorktreeStartsFromTheBaseAsItIsUpstream() async throws {
        let grove = try Grove()
        let newest = try grove.upstream(["b.txt": "2\n"])
        let (place, built) = try await grove.make("Fix the login!")
        #expect(place.name == "Fix-the-login" && place.branch == "Fix-the-login")
        #expect(built.head == newest)
        #expect(try Files.readText(place.path + "/b.txt") == "2\n")
        #expect(try grove.git("status", "--porcelain", directory: place.path) == "")
        #expect(try grove.git("for-each-ref", "--format=%(upstream)", "refs/heads/Fix-the-login") == "")
    }

    @Test func aBaseMayBeLocalRemoteATagOrACommit() async throws {
        let grove = try Grove()
        let first = try grove.git("rev-parse", "HEAD")
        try grove.git("tag", "v1")
        let newest = try grove.upstream(["b.txt": "2\n"])
        let expected = ["origin/main": newest, "main": newest, "refs/heads/main": newest, "v1": first, first: first]
        for (name, commit) in expected {
            #expect(try await grove.host.freshBase(grove.root, name: name).commit == commit, "\(name)")
        }
        try grove.git("checkout", "--quiet", "-b", "here-only")
        #expect(try await grove.host.freshBase(grove.root, name: "here-only").commit == first)
    }

    @Test func aBranchThatOnlyTheRemoteHasIsFetched() async throws {
        let grove = try Grove()
        try grove.git("checkout", "--quiet", "-b", "side", directory: grove.folder.path("other"))
        let side = try grove.upstream(["s.txt": "s\n"])
        let base = try await grove.host.freshBase(grove.root, name: "side")
        #expect(base.commit == side && base.name == "origin/side")
    }

    @Test func aRemoteThatCannotBeAskedStopsTheCreation() async throws {
        let grove = try Grove()
        try grove.git("remote", "set-url", "origin", grove.folder.path("gone.git"))
        let error = await checkoutError { _ = try await grove.host.freshBase(grove.root, name: nil) }
        #expect(error?.code == .fetchFailed)
        #expect(error?.message.contains("git fetch origin") == true)
    }

    @Test func withoutARemoteTheLocalBaseIsTaken() async throws {
        let grove = try Grove(remote: false)
        let error = await checkoutError { _ = try await grove.host.freshBase(grove.root, name: nil) }
        #expect(error?.code == .baseNotFound)
        let head = try grove.commit(["a.txt": "1\n"], in: grove.root)
        #expect(try await grove.make("work").built.head == head)
    }

    @Test(arguments: ["nope", "origin/nope", "--upload-pack=touch", "-x", "", "a b", "HEAD^{/x}", "ext::sh"])
    func aBaseThatIsNotThereIsRefused(name: String) async throws {
        let grove = try Grove()
        let error = await checkoutError {
            let base = try await grove.host.freshBase(grove.root, name: name)
            // Without a name the default is taken.
            #expect(name.isEmpty && base.name == "origin/main")
        }
        #expect(
            name.isEmpty ? error == nil : [.baseNotFound, .invalidName].contains(error?.code),
            "\(String(describing: error))")
    }

    @Test func namesThatAreTakenGetANumber() async throws {
        let grove = try Grove()
        try grove.git("branch", "work-2")
        try Files.makeDirectories(grove.trees + "/work-3")
        let names = [try await grove.make("work"), try await grove.make("work")].map(\.place.name)
        #expect(names == ["work", "work-4"])
    }

    @Test func afterAHundredNamesItIsEnough() async throws {
        let grove = try Grove()
        for number in 1...100 { try Files.makeDirectories(grove.trees + "/w" + (number == 1 ? "" : "-\(number)")) }
        let error = await checkoutError { _ = try await grove.host.reserve(grove.order("w")) }
        #expect(error?.code == .nameTaken)
    }

    @Test func sixteenAtOnceGetSixteenWorktrees() async throws {
        let grove = try Grove()
        let made = try await withThrowingTaskGroup(of: (WorktreePlace, BuiltWorktree).self) { group in
            for _ in 0..<16 { group.addTask { try await grove.make("same") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(made.map(\.0.path)).count == 16)
        #expect(Set(made.map(\.1.head)).count == 1)
        #expect(try await grove.host.worktrees(of: grove.root).count == 17)
        for (place, _) in made { #expect(try Files.readText(place.path + "/a.txt") == "1\n") }
    }

    @Test func twoHostsInTwoProcessesShareNoLockButTheFile() async throws {
        let grove = try Grove()
        let other = GitCheckoutHost(environment: grove.environment)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let host = number % 2 == 0 ? grove.host : other
                    let base = try await host.freshBase(grove.root, name: nil)
                    _ = try await host.build(try await host.reserve(grove.order("x")), at: base, of: grove.root)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await grove.host.worktrees(of: grove.root).count == 9)
    }

    @Test(arguments: [
        ("a/b\\c", "a-b-c"), ("  spaces  ", "spaces"), ("--force", "force"), ("../../etc", "etc"),
        ("naïve Größe 日本", "naïve-Größe-日本"),
        ("x..y", "x.y"), ("v1.lock", "v1"), ("a\u{0}b\n", "a-b"), (".hidden", "hidden"), ("$(touch x)`y`", "touch-x-y"),
        ("refs/heads/x", "refs-heads-x"), ("emoji🚀", "emoji"),
    ])
    func hostileNamesBecomePlain(name: String, plain: String) async throws {
        #expect(try WorktreeName.sanitised(name) == plain)
        let grove = try Grove()
        let (place, _) = try await grove.make(name)
        #expect(place.path == (try Paths.resolved(grove.trees)) + "/" + plain)
    }

    @Test(arguments: ["", "///", "..", "HEAD", "🚀", "-", "\u{301}"])
    func namesWithoutAnythingAreRefused(name: String) {
        #expect(throws: CheckoutError.self) { try WorktreeName.sanitised(name) }
    }

    @Test func anyNameIsSafeOrRefused() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<5_000 {
            let scalars = (0..<Int(random.next() % 120)).compactMap { _ in
                Unicode.Scalar(UInt32(random.next() % (random.next() % 3 == 0 ? 0x1_0000 : 0x80)))
            }
            let name = String(String.UnicodeScalarView(scalars))
            // Most are refused for good reason; those that are not must be plain.
            guard let plain = try? WorktreeName.sanitised(name) else { continue }
            #expect(!plain.contains("/") && !plain.hasPrefix("-") && !plain.hasPrefix("."), "seed \(seed): \(plain)")
            #expect(plain.utf8.count <= WorktreeName.bytesMax, "seed \(seed)")
            #expect(!plain.contains("..") && !plain.hasSuffix(".lock"), "seed \(seed): \(plain)")
        }
    }

    @Test func aBranchTakenMeanwhileLeavesNothing() async throws {
        let grove = try Grove()
        let base = try await grove.host.freshBase(grove.root, name: nil)
        let place = try await grove.host.reserve(grove.order("work"))
        try grove.git("branch", "work")
        let error = await checkoutError { _ = try await grove.host.build(place, at: base, of: grove.root) }
        #expect(error?.code == .nameTaken)
        #expect(Files.kind(place.path) == nil)
        #expect(try grove.git("branch", "--list", "work") != "")
    }

    @Test func aHalfMadeWorktreeIsTakenAwayAndItsNameIsFree() async throws {
        let grove = try Grove()
        let (place, _) = try await grove.make("half")
        try await grove.host.discard(place, of: grove.root)
        try await grove.host.discard(place, of: grove.root)
        #expect(Files.kind(place.path) == nil)
        #expect(try grove.git("branch", "--list", "half") == "")
        let reserved = try await grove.host.reserve(grove.order("half"))
        #expect(reserved == place)
        try await grove.host.discard(reserved, of: grove.root)
        #expect(Files.kind(place.path) == nil)
    }

    @Test func somethingThatIsNoRepositoryIsSaidToBeNone() async throws {
        let folder = TemporaryDirectory("none")
        let host = GitCheckoutHost()
        for path in [folder.path, folder.path("missing")] {
            #expect(await checkoutError { _ = try await host.inspect(path) }?.code == .notARepository)
        }
    }

    @Test func aRepositoryIsFoundFromAnywhereInIt() async throws {
        let grove = try Grove()
        let (place, _) = try await grove.make("inside")
        let facts = try await grove.host.inspect(place.path)
        #expect(facts.path == (try Paths.resolved(grove.root)))
        #expect(facts.name == "app" && facts.defaultBase == "origin/main" && facts.userName == "Test Person")
        let bare = try await grove.host.inspect(grove.folder.path("upstream.git"))
        #expect(bare.isBare && bare.name == "upstream")
    }

    @Test func refsAreFoundByTheirName() async throws {
        let grove = try Grove()
        for number in 0..<5 { try grove.git("branch", "topic/\(number)") }
        let found = try await grove.host.searchRefs(grove.root, query: "TOPIC", limit: 3)
        #expect(found.refs.count == 3 && found.isTruncated)
        let all = try await grove.host.searchRefs(grove.root, query: "", limit: 25)
        #expect(all.refs.contains { $0.name == "origin/main" } && !all.refs.contains { $0.full.hasSuffix("/HEAD") })
    }
}
