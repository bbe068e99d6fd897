import OrcaSupport
import OrcaTestKit
import Testing

/// `orca repo` as the contract has it: every success, every error, as JSON and as text.
@Suite struct RepoConformanceTests {
    @Test func aRepositoryIsAddedFromAnywhereInItAndOnlyOnce() throws {
        let forest = try Forest()
        try Files.makeDirectories(forest.place.repository + "/deep/down")
        let again = try forest.place.result("repo", "add", "--path", ".", in: forest.place.repository + "/deep/down")
        let repo = try #require(again["repo"])
        #expect(try text(repo, "id") == forest.repo)
        #expect(try text(repo, "path") == forest.place.repository && text(repo, "displayName") == "repo")
        #expect(try text(repo, "kind") == "git" && text(repo, "badgeColor").hasPrefix("#"))
        #expect(repo["addedAt"]?.integerValue ?? 0 > 1_700_000_000_000)
        #expect(try forest.place.result("repo", "list")["repos"]?.arrayValue?.count == 1)
        #expect(try forest.said("repo", "list") == "repo  \(forest.place.repository)  \(forest.repo)\n")
        #expect(
            try forest.said("repo", "add", "--path", forest.place.repository).hasPrefix("repo\nid: \(forest.repo)\n"))
    }

    @Test func withoutRepositoriesTheListSaysWhatToDo() throws {
        let place = try Installation()
        #expect(try place.result("repo", "list")["repos"] == .array([]))
        #expect(try place.orca("repo", "list").contains("orca repo add --path ."))
    }

    @Test func whatIsNoRepositoryIsRefused() throws {
        let forest = try Forest()
        try forest.expectRefusal("not_a_repository", ["repo", "add", "--path", "/etc"], saying: "/etc")
        try forest.expectRefusal(
            "not_a_repository", ["repo", "add", "--path", forest.place.folder.path("nowhere")], saying: "nowhere")
        try forest.expectRefusal(
            "invalid_argument", ["repo", "add"], saying: "Missing required --path")
        try forest.expectRefusal(
            "invalid_argument", ["repo", "add", "--path", ".", "--colour", "red"],
            saying: "Unknown flag --colour for command: repo add")
        try forest.expectRefusal("invalid_argument", ["repo", "plant"], saying: "Unknown command: repo plant")
    }

    @Test func selectorsLeadToOneRepositoryOrSayWhyNot() throws {
        let forest = try Forest()
        for selector in [
            "id:\(forest.repo)", "path:\(forest.place.repository)", "name:repo", forest.repo, forest.place.repository,
            "repo",
        ] {
            #expect(try text(forest.place.result("repo", "show", "--repo", selector), "repo", "id") == forest.repo)
        }
        try forest.expectRefusal("repo_not_found", ["repo", "show", "--repo", "name:other"], saying: "orca repo list")
        try forest.expectRefusal("repo_not_found", ["repo", "show", "--repo", "id:repo"])
        try forest.expectRefusal("invalid_argument", ["repo", "show"], saying: "Missing required --repo")

        let other = forest.place.folder.path("elsewhere/repo")
        try Files.makeDirectories(other)
        try forest.git(other, "init", "--quiet")
        let second = try text(forest.place.result("repo", "add", "--path", other), "repo", "id")
        try forest.expectRefusal(
            "selector_ambiguous", ["repo", "show", "--repo", "name:repo"], saying: "id:\(forest.repo)", "id:\(second)")
        #expect(try text(forest.place.result("repo", "show", "--repo", "path:\(other)"), "repo", "id") == second)
    }

    @Test func theBaseOfNewWorktreesCanBeSetToWhatIsThere() throws {
        let forest = try Forest()
        try forest.git(forest.place.repository, "branch", "develop")
        let set = try forest.place.result("repo", "set-base-ref", "--repo", "repo", "--ref", "develop")
        #expect(try text(set, "repo", "worktreeBaseRef") == "develop")
        #expect(try forest.said("repo", "show", "--repo", "repo").contains("base: develop"))
        #expect(try text(forest.create("next"), "worktree", "baseRef") == "develop")
        try forest.expectRefusal(
            "base_not_found", ["repo", "set-base-ref", "--repo", "repo", "--ref", "nope"], saying: "nope")
        try forest.expectRefusal(
            "invalid_argument", ["repo", "set-base-ref", "--repo", "repo", "--ref=--upload-pack=touch"])
        try forest.expectRefusal("invalid_argument", ["repo", "set-base-ref", "--repo", "repo"], saying: "--ref")
    }

    @Test func refsAreFoundByAPartOfTheirName() throws {
        let forest = try Forest()
        for number in 1...30 { try forest.git(forest.place.repository, "branch", "release-\(number)") }
        let some = try forest.place.result("repo", "search-refs", "--repo", "repo", "--query", "release")
        #expect(some["refs"]?.arrayValue?.count == 25 && some["truncated"] == .bool(true))
        let all = try forest.place.result(
            "repo", "search-refs", "--repo", "repo", "--query", "release-1", "--limit", "100")
        #expect(all["refs"]?.arrayValue?.count == 11 && all["truncated"] == .bool(false))
        #expect(
            try text(try #require(all["refDetails"]?.arrayValue?.first), "fullName").hasPrefix("refs/heads/release-1"))
        #expect(try forest.said("repo", "search-refs", "--repo", "repo", "--query", "zzz") == "No refs.\n")
        for limit in ["0", "-1", "many"] {
            try forest.expectRefusal(
                "invalid_argument", ["repo", "search-refs", "--repo", "repo", "--query", "x", "--limit=\(limit)"],
                saying: "Invalid positive integer for --limit")
        }
        try forest.expectRefusal(
            "repo_not_found", ["repo", "search-refs", "--repo", "other", "--query", "x"])
    }
}
