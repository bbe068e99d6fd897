import Glibc
import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaGit
import OrcaSupport
import OrcaTestKit
import OrcaWorker
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
    @Test func aTaskBecomesACommitOnABranchOfItsOwn() throws {
        let shop = try Workshop()
        shop.server.add("T-1", spec: "Write it.")
        let summary = try shop.work("cat > brief.txt; echo done")
        #expect(summary.failure == nil)
        #expect(summary.reports.map(\.outcome) == [.completed])
        let task = shop.server.task("T-1")
        #expect(task.status == .completed && task.branch == "orca/T-1/1" && task.result == "done")
        #expect(try shop.git("show", "orca/T-1/1:brief.txt").hasPrefix("# T-1: Do T-1\n\nWrite it."))
        #expect(try shop.git("log", "-1", "--format=%an: %s", "orca/T-1/1") == "Test Person: T-1: Do T-1")
        #expect(try shop.git("rev-parse", "orca/T-1/1") == task.commit)
        #expect(try shop.repository().worktrees().count == 1)
        #expect(try Files.list(shop.state + "/work").filter { !$0.hasPrefix(".") }.isEmpty)
        #expect(try Files.readText(shop.state + "/transcripts/att_t-1_1.log") == "done\n")
        #expect(try shop.git("status", "--porcelain") == "")
    }

    @Test func theCommandFindsItsTaskInTheEnvironment() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        try shop.work(
            """
            test "$ORCA_TASK_ID $ORCA_TASK_REF $ORCA_TASK_TITLE" = "task_t-1 T-1 Do T-1" || exit 1
            test "$ORCA_ATTEMPT_ID $ORCA_ATTEMPT_NUMBER $ORCA_AGENT" = "att_t-1_1 1 w" || exit 2
            test "$ORCA_PROJECT $ORCA_WORKSPACE" = "T default" || exit 3
            test "$(cat "$ORCA_LEASE_TOKEN_FILE")" = 1 || exit 4
            test "$(stat -c %a "$ORCA_LEASE_TOKEN_FILE")" = 600 || exit 5
            test -n "$ORCA_TREE" -a "$PWD" = "$(pwd -P)" -a -z "$GIT_DIR" || exit 6
            echo report.txt > "$ORCA_ARTIFACTS_FILE"; echo "all well" > "$ORCA_RESULT_FILE"
            """
        ) { $0.environment["GIT_DIR"] = "/nonexistent" }
        #expect(shop.server.task("T-1").status == .completed, "\(shop.server.task("T-1").error)")
        #expect(shop.server.task("T-1").result == "all well\n")
        #expect(shop.server.attempts("T-1").first?.artifacts == ["report.txt"])
    }

    @Test func dependentsSeeTheWorkOfWhatTheyDependOn() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        shop.server.add("T-2")
        shop.server.add("T-3", after: ["T-1", "T-2"])
        shop.server.add("T-4", after: ["T-3"])
        let script = """
            case $ORCA_TASK_REF in
            T-3) test -f T-1.txt -a -f T-2.txt || exit 1 ;;
            T-4) test -f T-1.txt -a -f T-2.txt -a -f T-3.txt || exit 2 ;;
            esac
            grep '^- T-' > /dev/null; echo "$ORCA_TASK_REF" > "$ORCA_TASK_REF.txt"
            """
        let summary = try shop.work(script, agents: 3)
        #expect(summary.reports.count == 4)
        #expect(summary.reports.allSatisfy { $0.outcome == .completed })
    }

    @Test func dependenciesThatDoNotFitTogetherFailWithTheirFiles() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        shop.server.add("T-2")
        shop.server.add("T-3", after: ["T-1", "T-2"])
        try shop.work("echo $ORCA_TASK_REF > a.txt")
        let task = shop.server.task("T-3")
        #expect(task.status == .failed)
        #expect(task.error.contains("T-2 and T-1") && task.error.contains("conflict in a.txt"))
    }

    @Test func aFailureIsReportedWithTheLastWordsAndTriedAgain() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        let summary = try shop.work(
            "cat > /dev/null; echo $ORCA_ATTEMPT_NUMBER >> tries; test $ORCA_ATTEMPT_NUMBER = 3 || { echo not yet >&2; exit 7; }"
        )
        #expect(shop.server.task("T-1").status == .completed)
        #expect(summary.reports.count == 3)
        let attempts = shop.server.attempts("T-1")
        #expect(attempts.map(\.outcome) == [.failed, .failed, .succeeded])
        #expect(attempts[0].error == "the command ended with exit code 7:\nnot yet")
        #expect(attempts[0].branch == "orca/T-1/1", "unfinished work is kept")
        #expect(try shop.git("log", "-1", "--format=%s", "orca/T-1/2") == "T-1: unfinished work of attempt 2")
        #expect(try shop.git("show", "orca/T-1/3:tries") == "3")
    }

    @Test func aFailureWithoutWorkLeavesNoBranch() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        try shop.work("exit 1")
        #expect(shop.server.task("T-1").status == .failed)
        #expect(try shop.repository().branches() == ["main"])
    }

    @Test func theNextAttemptIsToldHowTheLastOneEnded() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        try shop.work("cat > brief; grep -q '> .*oops' brief && exit 0; echo oops; exit 1")
        #expect(shop.server.attempts("T-1").map(\.outcome) == [.failed, .succeeded])
    }

    @Test func theContractDecidesWhetherItIsDone() throws {
        let shop = try Workshop()
        shop.server.add("T-1", contract: [contract(file: "out.txt"), contract(command: "grep -q 2 out.txt")])
        try shop.work("echo $ORCA_ATTEMPT_NUMBER > out.txt")
        let attempts = shop.server.attempts("T-1")
        #expect(attempts.map(\.outcome) == [.failed, .succeeded])
        #expect(attempts[0].error == "the completion contract does not hold: `grep -q 2 out.txt`: exit code 1")
    }

    @Test(arguments: ["../outside", "/etc/passwd", "missing", "empty"])
    func aContractFileMustBeInTheWorktreeAndNotEmpty(_ path: String) throws {
        let shop = try Workshop()
        shop.server.add("T-1", contract: [contract(file: path)])
        try shop.work(": > empty; echo x > ../outside")
        #expect(shop.server.task("T-1").status == .failed)
        #expect(shop.server.task("T-1").error.contains("file \(path)"))
    }

    @Test func aCommandThatTakesTooLongIsEnded() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        try shop.work("sleep 300") { $0.timeout = .milliseconds(200) }
        #expect(shop.server.task("T-1").error.contains("did not end within"))
    }

    @Test func severalWorkersShareTheTasksAndEachIsDoneOnce() throws {
        let shop = try Workshop()
        for number in 1...12 { shop.server.add("T-\(number)") }
        let summary = try shop.work("echo $ORCA_TASK_REF > file-$ORCA_TASK_REF", agents: 4)
        #expect(summary.reports.count == 12)
        #expect(Set(summary.reports.map(\.claim.ref)).count == 12)
        #expect(summary.reports.allSatisfy { $0.outcome == .completed })
        #expect(try shop.repository().branches().count == 13)
    }

    @Test func aBranchFromAnEarlierLifeIsLeftAlone() throws {
        let shop = try Workshop()
        try shop.git("branch", "orca/T-1/1")
        shop.server.add("T-1")
        try shop.work("echo x > x")
        let branch = shop.server.task("T-1").branch
        #expect(branch.hasPrefix("orca/T-1/1-"))
        #expect(try shop.git("rev-parse", "orca/T-1/1") == shop.git("rev-parse", "main"))
    }

    @Test func aCommandThatCommitsItselfKeepsItsCommits() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        try shop.work(
            "echo 1 > one && git add one && git commit -q -m 'own words' && git checkout -q -b elsewhere && echo 2 > two"
        )
        #expect(try shop.git("log", "--format=%s", "-2", "orca/T-1/1") == "T-1: Do T-1\nown words")
    }

    @Test func tasksForOthersDoNotKeepUsWaiting() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        shop.server.state.withLock { $0.tasks[0].requiredTags = ["gpu"] }
        shop.server.state.withLock { $0.tasks[0].status = .blocked }
        let summary = try shop.work("true")
        #expect(summary.reports.isEmpty && summary.failure == nil)
    }
}

@Suite struct WorkerRefusalTests {
    private func refusal(_ shop: Workshop, _ change: (inout WorkOptions) -> Void) -> APIError? {
        do {
            try shop.work("true", change)
            return nil
        } catch {
            return error as? APIError
        }
    }

    @Test func whatWouldFailEveryAttemptIsSaidBeforeTheFirst() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        #expect(refusal(shop) { $0.repository = shop.folder.path }?.code == "not_a_repository")
        #expect(refusal(shop) { $0.repository = "/no/such" }?.code == "not_a_repository")
        #expect(refusal(shop) { $0.base = "nope" }?.message.contains("there are: main") == true)
        #expect(refusal(shop) { $0.command = ["no-such-program"] }?.code == "command_not_found")
        #expect(refusal(shop) { $0.command = [] }?.code == "command_missing")
        #expect(shop.server.calls("ClaimTask") == 0)
    }

    @Test func withoutAnIdentityNothingIsBegun() throws {
        let shop = try Workshop(identity: false)
        #expect(refusal(shop) { _ in }?.code == "git_identity_missing")
    }

    @Test func anErrorThatWillNotPassEndsThePool() throws {
        let shop = try Workshop()
        shop.server.setOutage(APIError("project_not_found", .notFound, "no project"))
        let summary = try shop.work("true")
        #expect(summary.failure?.code == "project_not_found")
    }
}

@Suite struct MachineFaultTests {
    @Test func aMachineThatCannotWorkGivesTheTaskBackAndStops() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        shop.server.add("T-2")
        // The state directory is a file: no attempt can have a directory of its own.
        try shop.folder.file("state", "")
        let summary = try shop.work("true")
        #expect(summary.failure?.code == "state_unwritable")
        #expect(summary.reports.map(\.outcome) == [.released])
        #expect(shop.server.task("T-1").status == .ready && shop.server.task("T-1").failures == 0)
        #expect(shop.server.calls("ClaimTask") == 1)
    }

    @Test func aProgramThatIsNotInTheWorktreeIsSaidOnce() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        let summary = try shop.work("true") { $0.command = ["./no/such/script"] }
        #expect(summary.failure?.message.contains("there is no program ./no/such/script") == true)
        #expect(shop.server.task("T-1").failures == 0)
        #expect(try shop.repository().branches() == ["main"] && shop.repository().worktrees().count == 1)
    }
}
