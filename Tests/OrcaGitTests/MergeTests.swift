import OrcaGit
import OrcaSupport
import OrcaTestKit
import Testing

@Suite struct MergeTests {
    @Test func aCleanMergeIsMadeWithoutACheckout() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let base = try repository.base(nil).commit
        let one = try fixture.branch("one", ["one.txt": "1\n"])
        let two = try fixture.branch("two", ["two.txt": "2\n"])
        let merged = try repository.merged(one, two, message: "Merge two")
        #expect(try repository.isAncestor(one, of: merged))
        #expect(try repository.isAncestor(two, of: merged))
        #expect(try repository.changes(from: base, to: merged).map(\.path) == ["one.txt", "two.txt"])
        #expect(try repository.branchTip("main") == base)
        #expect(try fixture.git("status", "--porcelain") == "")
    }

    @Test func whatContainsTheOtherIsTheMerge() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let base = try repository.base(nil).commit
        let tip = try fixture.branch("work", ["b": "b\n"])
        #expect(try repository.merged(base, tip, message: "m") == tip)
        #expect(try repository.merged(tip, base, message: "m") == tip)
    }

    @Test func aConflictNamesItsFilesAndChangesNothing() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let one = try fixture.branch("one", ["a.txt": "1\nONE\n3\n", "ä b.txt": "one\n"])
        let two = try fixture.branch("two", ["a.txt": "1\nTWO\n3\n", "ä b.txt": "two\n"])
        #expect(try repository.mergeTree(one, two) == .conflict(files: ["a.txt", "ä b.txt"]))
        let error = gitError { _ = try repository.merged(one, two, message: "Merge two") }
        #expect(error?.code == .mergeConflict && error?.files == ["a.txt", "ä b.txt"])
        #expect(try repository.branchTip("one") == one)
    }

    @Test func aBranchIsMadeAndMovedOnlyFromWhereItIsExpected() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let base = try repository.base(nil).commit
        let one = try fixture.branch("one", ["1": "1\n"])
        let two = try fixture.branch("two", ["2": "2\n"])
        try repository.moveBranch("integration", from: nil, to: one)
        #expect(try repository.branchTip("integration") == one)
        #expect(gitError { try repository.moveBranch("integration", from: nil, to: two) }?.code == .staleBranch)
        #expect(gitError { try repository.moveBranch("integration", from: base, to: two) }?.code == .staleBranch)
        try repository.moveBranch("integration", from: one, to: one)
        try repository.moveBranch("integration", from: one, to: two)
        #expect(try repository.branchTip("integration") == two)
    }

    @Test func aCheckedOutBranchGoesAlongWhenItsTreeIsClean() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let base = try repository.base(nil).commit
        let tip = try fixture.branch("work", ["b.txt": "b\n"])
        try Files.write("mine\n", to: fixture.root + "/untracked.txt")
        try repository.moveBranch("main", from: base, to: tip)
        #expect(try Files.readText(fixture.root + "/b.txt") == "b\n")
        #expect(try fixture.git("status", "--porcelain") == "?? untracked.txt")
    }

    @Test func aCheckedOutBranchWithChangesIsLeftAlone() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let base = try repository.base(nil).commit
        let tip = try fixture.branch("work", ["b.txt": "b\n"])
        try Files.write("mine\n", to: fixture.root + "/a.txt")
        let error = gitError { try repository.moveBranch("main", from: base, to: tip) }
        #expect(error?.code == .checkedOut && error?.files == ["a.txt"])
        #expect(try repository.branchTip("main") == base)
        #expect(try Files.readText(fixture.root + "/a.txt") == "mine\n")
    }

    @Test func aCheckedOutBranchIsNeverMovedBack() throws {
        let fixture = try Fixture.seeded()
        let repository = try fixture.repository()
        let base = try repository.base(nil).commit
        let tip = try fixture.commit(["b.txt": "b\n"], "more")
        #expect(
            gitError {
                try repository.moveBranch("main", from: tip, to: try fixture.branch("x", ["c": "c\n"], from: base.text))
            } != nil)
        #expect(try repository.branchTip("main") == tip)
    }
}
