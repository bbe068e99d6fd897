import OrcaSupport
import OrcaTestKit
import Testing

/// `orca worktree rm` loses no work, and what is removed is gone for every other command.
@Suite struct WorktreeRemovalConformanceTests {
    private func remove(_ forest: Forest, _ selector: String, _ rest: String...) throws -> JSONValue {
        let value = try forest.place.envelope(["worktree", "rm", "--worktree", selector] + rest)
        return try #require(value["result"])
    }

    @Test func aCleanWorktreeGoesWithItsBranch() throws {
        let forest = try Forest()
        let path = try forest.plant("clean")
        #expect(try remove(forest, "name:clean") == ["removed": true])
        #expect(Files.kind(path) == nil)
        #expect(try forest.place.git("branch", "--list", "clean") == "")
        _ = try forest.plant("clean")
        #expect(try forest.said("worktree", "rm", "--worktree", "name:clean") == "Removed.\n")
    }

    @Test func whatIsNotCommittedStaysUnlessForced() throws {
        let forest = try Forest()
        let path = try forest.plant("dirty")
        try Files.write("new\n", to: path + "/new.txt")
        try forest.expectRefusal(
            "work_would_be_lost", ["worktree", "rm", "--worktree", "name:dirty"], saying: "new.txt", "--force")
        #expect(try Files.readText(path + "/new.txt") == "new\n")
        #expect(try remove(forest, "name:dirty", "--force")["removed"] == .bool(true))
        #expect(Files.kind(path) == nil)
    }

    @Test func commitsThatAreNowhereElseStayOnTheirBranch() throws {
        let forest = try Forest()
        let path = try forest.plant("ahead")
        try forest.commit(path, "work.txt")
        try forest.expectRefusal(
            "work_would_be_lost", ["worktree", "rm", "--worktree", "name:ahead"], saying: "add work.txt")
        let forced = try remove(forest, "name:ahead", "--force")
        #expect(try text(forced, "preservedBranch") == "ahead")
        #expect(try forest.place.git("log", "-1", "--format=%s", "ahead") == "add work.txt")

        let merged = try forest.plant("merged")
        try forest.commit(merged, "more.txt")
        try forest.place.git("merge", "--quiet", "merged")
        #expect(try remove(forest, "name:merged") == ["removed": true])
    }

    @Test func theMainWorktreeAndThoseWithLiveTerminalsStay() throws {
        let forest = try Forest()
        try forest.expectRefusal(
            "work_would_be_lost", ["worktree", "rm", "--worktree", "path:\(forest.place.repository)"],
            saying: "main worktree")
        try forest.expectRefusal(
            "work_would_be_lost",
            ["worktree", "rm", "--worktree", "path:\(forest.place.repository)", "--force"], saying: "main worktree")
        _ = try forest.plant("lived-in")
        let opened = try forest.place.result("terminal", "create", "--worktree", "name:lived-in")
        let handle = try text(opened, "terminal", "handle")
        try forest.expectRefusal(
            "in_use", ["worktree", "rm", "--worktree", "name:lived-in"], saying: handle, "orca terminal stop --worktree"
        )
        let id = try text(opened, "terminal", "worktreeId")
        #expect(try forest.place.result("terminal", "stop", "--worktree", "id:\(id)")["stopped"] == .integer(1))
        #expect(try remove(forest, "name:lived-in")["removed"] == .bool(true))
    }

    @Test func whatIsRemovedIsGoneForEveryCommand() throws {
        let forest = try Forest()
        let path = try forest.plant("gone")
        let id = "\(forest.repo)::\(path)"
        _ = try remove(forest, "id:\(id)")
        for command in [
            ["worktree", "show", "--worktree", "id:\(id)"], ["worktree", "rm", "--worktree", "id:\(id)"],
            ["worktree", "set", "--worktree", "name:gone", "--comment", "x"],
            ["terminal", "create", "--worktree", "name:gone"],
        ] {
            try forest.expectRefusal("selector_not_found", command)
        }
        try forest.expectRefusal("invalid_argument", ["terminal", "create", "--worktree", "id:\(id)"], saying: path)
        try forest.expectRefusal(
            "LINEAGE_PARENT_NOT_FOUND",
            ["worktree", "create", "--name", "x", "--repo", "repo", "--parent-worktree", "id:\(id)"])
    }

    @Test func aDirectoryThatSomebodyTookAwayIsShownAndForgotten() throws {
        let forest = try Forest()
        let path = try forest.plant("lost")
        try forest.commit(path, "work.txt")
        try Files.removeTree(path)
        let shown = try forest.place.result("worktree", "show", "--worktree", "name:lost")
        #expect(shown["worktree"]?["isMissing"] == .bool(true))
        try forest.expectRefusal(
            "invalid_argument", ["terminal", "create", "--worktree", "name:lost"], saying: path)
        try forest.expectRefusal(
            "work_would_be_lost", ["worktree", "rm", "--worktree", "name:lost"], saying: "add work.txt")
        #expect(try text(remove(forest, "name:lost", "--force"), "preservedBranch") == "lost")
        #expect(try forest.place.result("worktree", "list")["totalCount"] == .integer(1))
    }

    @Test func anArchiveScriptRunsWhenAllowedAndItsFailureIsOnlyTold() throws {
        let forest = try Forest()
        try Files.write(
            "scripts:\n  archive: touch \(forest.place.folder.path("archived")); exit 3\n",
            to: forest.place.repository + "/orca.yaml")
        try forest.git(forest.place.repository, "add", "--all")
        try forest.git(forest.place.repository, "commit", "--quiet", "-m", "archive")
        _ = try forest.plant("a")
        #expect(try remove(forest, "name:a")["warning"] == nil)
        #expect(Files.kind(forest.place.folder.path("archived")) == nil)
        _ = try forest.plant("b")
        #expect(try text(remove(forest, "name:b", "--run-hooks"), "warning").contains("3"))
        #expect(Files.kind(forest.place.folder.path("archived")) != nil)
    }
}
