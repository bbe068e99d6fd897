import OrcaSupport
import OrcaTestKit
import Testing

/// `orca worktree` as the contract has it: every success, every error, as JSON and as text.
@Suite struct WorktreeConformanceTests {
    @Test func creatingAnswersTheWholeWorktree() throws {
        let forest = try Forest()
        let result = try forest.create(
            "Fix login!", "--issue", "42", "--linear-issue", "ENG-7", "--comment", "first", "--no-parent")
        let tree = try #require(result["worktree"])
        let path = try text(tree, "path")
        #expect(path.hasSuffix("/worktrees/repo/Fix-login") && Files.isDirectory(path))
        #expect(try text(tree, "id") == "\(forest.repo)::\(path)")
        #expect(try text(tree, "repoId") == forest.repo && text(tree, "branch") == "refs/heads/Fix-login")
        #expect(try text(tree, "head") == forest.place.git("rev-parse", "HEAD"))
        #expect(try text(tree, "workspaceStatus") == "in-progress" && text(tree, "comment") == "first")
        #expect(tree["linkedIssue"] == .integer(42) && tree["linkedLinearIssue"]?.stringValue == "ENG-7")
        for flag in ["isBare", "isMainWorktree", "isArchived", "isUnread", "isPinned"] {
            #expect(tree[flag] == .bool(false), "\(flag)")
        }
        for null in ["linkedPR", "parentWorktreeId", "lineage", "workspaceLineage"] { #expect(tree[null] == .null) }
        #expect(tree["childWorktreeIds"] == .array([]) && tree["sortOrder"] == .integer(0))
        let git = try #require(tree["git"])
        #expect(try text(git, "path") == path && text(git, "branch") == "refs/heads/Fix-login")
        #expect(result["lineage"] == .null && result["workspaceLineage"] == .null && result["warnings"] == .array([]))
        #expect(result["startupTerminal"] == nil)
        #expect(
            try forest.said("worktree", "create", "--name", "plain", "--repo", "repo").hasPrefix(
                "plain\nid: \(forest.repo)::"))
    }

    @Test func everySelectorLeadsToItsWorktree() throws {
        let forest = try Forest()
        let path = try forest.plant("one", "--issue", "7")
        let id = "\(forest.repo)::\(path)"
        for selector in [
            "id:\(id)", id, "path:\(path)", path, "branch:one", "branch:refs/heads/one", "one", "name:one", "issue:7",
        ] {
            #expect(try text(forest.place.result("worktree", "show", "--worktree", selector), "worktree", "id") == id)
        }
        try Files.makeDirectories(path + "/deep")
        for selector in ["active", "current"] {
            let shown = try forest.place.result("worktree", "show", "--worktree", selector, in: path + "/deep")
            #expect(try text(shown, "worktree", "id") == id)
        }
        #expect(try text(forest.place.result("worktree", "current", in: path), "worktree", "path") == path)
        let main = try forest.place.result("worktree", "current", in: forest.place.repository)
        #expect(main["worktree"]?["isMainWorktree"] == .bool(true))
        #expect(try forest.said("worktree", "current", in: path).contains("\nuncommitted: 0"))
    }

    @Test func selectorsThatLeadNowhereOrToSeveralAreRefused() throws {
        let forest = try Forest()
        _ = try forest.plant("one", "--issue", "7")
        _ = try forest.plant("two", "--issue", "7")
        for selector in ["name:none", "id:none", "path:/none", "branch:none", "issue:9", "none"] {
            try forest.expectRefusal(
                "selector_not_found", ["worktree", "show", "--worktree", selector], saying: "orca worktree list")
        }
        try forest.expectRefusal(
            "selector_ambiguous", ["worktree", "show", "--worktree", "issue:7"], saying: "Name one of them: id:")
        for selector in ["active", "current"] {
            try forest.expectRefusal(
                "selector_not_found", ["worktree", "show", "--worktree", selector], saying: "orca repo add --path .",
                in: "/")
        }
        try forest.expectRefusal("selector_not_found", ["worktree", "current"], in: "/")
        try forest.expectRefusal("invalid_argument", ["worktree", "show"], saying: "Missing required --worktree")
        try forest.expectRefusal("invalid_argument", ["worktree", "grow"], saying: "Unknown command: worktree grow")
    }

    @Test func listsAreCutWhereAskedAndSayHowManyThereAre() throws {
        let forest = try Forest()
        _ = try forest.plant("one")
        let all = try forest.place.result("worktree", "list")
        #expect(all["totalCount"] == .integer(2) && all["truncated"] == .bool(false))
        let cut = try forest.place.result("worktree", "list", "--limit", "1", "--repo", "repo")
        #expect(cut["worktrees"]?.arrayValue?.count == 1 && cut["totalCount"] == .integer(2))
        #expect(cut["truncated"] == .bool(true))
        #expect(try forest.said("worktree", "list").split(separator: "\n").count == 2)
        for command in ["list", "ps"] {
            for limit in ["0", "-3", "1.5", "many"] {
                try forest.expectRefusal("invalid_limit", ["worktree", command, "--limit=\(limit)"])
            }
        }
        try forest.expectRefusal("repo_not_found", ["worktree", "list", "--repo", "other"])
    }

    @Test func theRepositoryIsTheOneAroundOrMustBeNamed() throws {
        let forest = try Forest()
        let inside = try forest.place.result("worktree", "create", "--name", "here", in: forest.place.repository)
        #expect(try text(inside, "worktree", "repoId") == forest.repo)
        try forest.expectRefusal(
            "invalid_argument", ["worktree", "create", "--name", "x"], saying: "Missing --repo", "orca repo list",
            in: "/")
        try forest.expectRefusal("repo_not_found", ["worktree", "create", "--name", "x", "--repo", "other"])
        try forest.expectRefusal(
            "invalid_argument", ["worktree", "create", "--repo", "repo"], saying: "Missing required --name")
        try forest.expectRefusal(
            "invalid_argument", ["worktree", "create", "--name", "x", "--repo", "repo", "--project", "P"],
            saying: "Choose one of --repo, --project")
        try forest.place.orca("project", "create", "P", "--repository", forest.place.repository)
        let project = try forest.place.result("worktree", "create", "--name", "by-project", "--project", "P", in: "/")
        #expect(try text(project, "worktree", "repoId") == forest.repo)
    }

    @Test func namesAndBasesThatCannotBeAreRefusedAndLeaveNothing() throws {
        let forest = try Forest()
        func create(_ rest: String...) -> [String] { ["worktree", "create", "--repo", "repo"] + rest }
        try forest.expectRefusal("invalid_argument", create("--name", "///"), saying: "Invalid worktree name")
        try forest.expectRefusal(
            "base_not_found", create("--name", "x", "--base-branch", "nope"), saying: "nope")
        try forest.expectRefusal("invalid_argument", create("--name", "x", "--base-branch=--exec=touch"))
        try forest.expectRefusal(
            "invalid_argument", create("--name", "x", "--setup", "maybe"), saying: "run, skip, inherit")
        try forest.expectRefusal(
            "invalid_argument", create("--name", "x", "--issue", "soon"), saying: "Invalid positive integer for --issue"
        )
        try forest.git(forest.place.repository, "remote", "add", "origin", forest.place.folder.path("gone"))
        try forest.expectRefusal(
            "fetch_failed", create("--name", "x", "--base-branch", "origin/main"), saying: "origin")
        #expect(try forest.place.result("worktree", "list")["totalCount"] == .integer(1))
        #expect(try forest.place.git("branch", "--list", "x") == "")
    }

    @Test func aRepositoryWithoutACommitHasNoBase() throws {
        let place = try Installation()
        let path = place.folder.path("empty")
        try Files.makeDirectories(path)
        _ = try Subprocess.run(place.command("git", ["-C", path, "init", "--quiet"]), timeout: .seconds(30))
        _ = try place.result("repo", "add", "--path", path)
        let error = try place.refusal("worktree", "create", "--name", "x", "--repo", "empty")
        #expect(error["code"]?.stringValue == "base_not_found", "\(error)")
        #expect(try text(error, "message").contains("commit"), "\(error)")
    }

    @Test func namesThatAreTakenGetANumber() throws {
        let forest = try Forest()
        #expect(try forest.plant("same").hasSuffix("/same"))
        #expect(try forest.plant("same").hasSuffix("/same-2"))
        try forest.git(forest.place.repository, "branch", "mine")
        let beside = try forest.create("mine")
        #expect(try text(beside, "worktree", "branch") == "refs/heads/mine-2")
        #expect(try forest.place.git("rev-parse", "mine") == forest.place.git("rev-parse", "HEAD"))
    }

    @Test func manyAtOnceWithOneNameAllSucceed() throws {
        let forest = try Forest()
        let answers = try forest.place.together(8) { [place = forest.place] _ in
            try place.answer(["worktree", "create", "--name", "race", "--repo", "repo", "--json"])
        }
        #expect(answers.allSatisfy { $0.code == 0 }, "\(answers.map(\.errorText))")
        let paths = try answers.map { try text(JSONValue(jsonBytes: $0.output), "result", "worktree", "path") }
        #expect(Set(paths).count == 8 && paths.allSatisfy(Files.isDirectory))
        #expect(try forest.place.result("worktree", "list")["totalCount"] == .integer(9))
    }

    // MARK: Lineage

    @Test func theParentIsWhatWasSaidOrWhereItWasSaid() throws {
        let forest = try Forest()
        let parent = try forest.plant("parent", "--no-parent")
        let id = "\(forest.repo)::\(parent)"
        let said = try forest.create("said", "--parent-worktree", "name:parent")
        #expect(try text(said, "worktree", "parentWorktreeId") == id)
        #expect(try text(said, "worktree", "lineage", "capture", "source") == "flag")
        let here = try forest.create("here", in: parent)
        #expect(try text(here, "worktree", "parentWorktreeId") == id)
        #expect(try forest.create("free", "--no-parent", in: parent)["worktree"]?["parentWorktreeId"] == .null)
        let shown = try forest.place.result("worktree", "show", "--worktree", "name:parent")
        #expect(shown["worktree"]?["childWorktreeIds"]?.arrayValue?.count == 2)
    }

    @Test func hintsThatDisagreeMakeNoParentButAWarning() throws {
        let forest = try Forest()
        let (one, two) = (try forest.plant("one"), try forest.plant("two"))
        let opened = try forest.place.result("terminal", "create", "--worktree", "name:two")
        let variables = [
            "ORCA_WORKTREE_ID": "\(forest.repo)::\(one)",
            "ORCA_TERMINAL_HANDLE": try text(opened, "terminal", "handle"),
        ]
        let command = ["worktree", "create", "--name", "torn", "--repo", "repo"]
        let made = try #require(try forest.place.envelope(command, with: variables)["result"])
        #expect(made["worktree"]?["parentWorktreeId"] == .null)
        let warning = try #require(made["warnings"]?.arrayValue?.first)
        #expect(try text(warning, "code") == "LINEAGE_PARENT_CONTEXT_CONFLICT" && warning["details"] != nil)
        #expect(try text(made, "warning").contains("--parent-worktree"))
        let shown = try forest.place.answer(command, with: variables)
        #expect(shown.errorText.hasPrefix("warning: ") && shown.outputText.hasPrefix("torn"))
        #expect(Files.isDirectory(two))
    }

    @Test func parentsThatCannotBeAreRefused() throws {
        let forest = try Forest()
        _ = try forest.plant("top", "--no-parent")
        _ = try forest.plant("below", "--parent-worktree", "name:top")
        func create(_ rest: String...) -> [String] { ["worktree", "create", "--name", "x", "--repo", "repo"] + rest }
        try forest.expectRefusal(
            "LINEAGE_PARENT_NOT_FOUND", create("--parent-worktree", "name:none"), saying: "Pass --no-parent")
        try forest.expectRefusal(
            "invalid_argument", create("--parent-worktree", "name:top", "--no-parent"), saying: "Choose one of")
        try forest.expectRefusal(
            "LINEAGE_PARENT_CYCLE",
            ["worktree", "set", "--worktree", "name:top", "--parent-worktree", "name:below"])
        try forest.expectRefusal(
            "LINEAGE_PARENT_CYCLE", ["worktree", "set", "--worktree", "name:top", "--parent-worktree", "name:top"])
        try forest.expectRefusal(
            "LINEAGE_PARENT_NOT_FOUND", ["worktree", "set", "--worktree", "name:top", "--parent-worktree", "none"])
    }

    // MARK: Setup, set, ps

    @Test func aSetupScriptRunsOnlyWhenAllowed() throws {
        let forest = try Forest()
        try Files.write(
            "scripts:\n  setup: echo $PWD > ran; case $PWD in */boom) exit 3;; esac\n",
            to: forest.place.repository + "/orca.yaml")
        try forest.git(forest.place.repository, "add", "--all")
        try forest.git(forest.place.repository, "commit", "--quiet", "-m", "setup")
        let skipped = try forest.create("a")
        #expect(try text(skipped, "warning").contains("--setup run"))
        #expect(try forest.create("b", "--setup", "skip")["warning"] == nil)
        let failed = try forest.create("boom", "--setup", "run")
        #expect(try text(failed, "warning").contains("3"), "\(failed)")
        #expect(try Files.kind(text(failed, "worktree", "path") + "/ran") == .file, "the worktree stays")
        for allow in [["--setup", "run"], ["--run-hooks"]] {
            let made = try #require(
                try forest.place.envelope(["worktree", "create", "--name", "c", "--repo", "repo"] + allow)["result"])
            let path = try text(made, "worktree", "path")
            #expect(try Files.readText(path + "/ran") == path + "\n" && made["warning"] == nil)
        }
    }

    @Test func whatOrcaKnowsOfAWorktreeCanBeChanged() throws {
        let forest = try Forest()
        _ = try forest.plant("one")
        _ = try forest.plant("two")
        func set(_ rest: String...) throws -> JSONValue {
            let value = try forest.place.envelope(["worktree", "set", "--worktree", "branch:one"] + rest)
            return try #require(value["result"]?["worktree"])
        }
        let tree = try set(
            "--display-name", "First", "--issue", "5", "--linear-issue", "ENG-1", "--comment", "hm",
            "--workspace-status", "in-review", "--parent-worktree", "branch:two")
        #expect(try text(tree, "displayName") == "First" && text(tree, "comment") == "hm")
        #expect(tree["linkedIssue"] == .integer(5) && tree["workspaceStatus"]?.stringValue == "in-review")
        #expect(try text(tree, "parentWorktreeId").hasSuffix("/two"))
        let back = try set("--issue", "null", "--linear-issue", "null", "--comment=", "--no-parent")
        #expect(back["linkedIssue"] == .null && back["linkedLinearIssue"] == .null)
        #expect(back["comment"]?.stringValue == "" && back["parentWorktreeId"] == .null)
        #expect(back["displayName"]?.stringValue == "First", "what was not named stays")
        try forest.expectRefusal(
            "invalid_argument", ["worktree", "set", "--worktree", "branch:one", "--issue", "0"], saying: "--issue")
        try forest.expectRefusal("selector_not_found", ["worktree", "set", "--worktree", "none", "--comment", "x"])
    }

    @Test func psShowsWhatGoesOn() throws {
        let forest = try Forest()
        _ = try forest.plant("busy")
        try forest.place.makeAgent("claude", title: "✳ Claude Code")
        let opened = try forest.place.result("terminal", "create", "--worktree", "name:busy", "--command", "claude")
        try forest.place.awaitIdle(try text(opened, "terminal", "handle"))
        let rows = try #require(try forest.place.result("worktree", "ps")["worktrees"]?.arrayValue)
        let row = try #require(rows.first { $0["displayName"]?.stringValue == "busy" })
        #expect(row["liveTerminalCount"] == .integer(1) && row["hasAttachedPty"] == .bool(true))
        #expect(["active", "done"].contains(try text(row, "status")), "\(row)")
        let agent = try #require(row["agents"]?.arrayValue?.first)
        #expect(try text(agent, "agentType") == "claude" && text(agent, "state") == "done", "\(agent)")
        let quiet = try #require(rows.first { $0["isMainWorktree"] == .bool(true) })
        #expect(try text(quiet, "status") == "inactive" && quiet["liveTerminalCount"] == .integer(0))
        #expect(try forest.said("worktree", "ps").contains("terminals: 1"))
    }
}
