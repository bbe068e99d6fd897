import OrcaSupport
import OrcaTestKit
import Testing

/// `orca orchestration run` with real terminals, worktrees, merges, and agents that work.
@Suite(.serialized) struct CoordinatorRunTests {
    private func place(_ work: String) throws -> Installation {
        let place = try Installation()
        try place.makeRepository()
        try place.makeWorker(work)
        try place.orca("project", "create", "API", "--repository", place.repository)
        return place
    }

    private func add(_ place: Installation, _ title: String, _ spec: String, _ rest: String...) throws {
        let command = place.command("orca", ["task", "create", "-p", "API", title, "--spec", spec] + rest)
        let result = try Subprocess.run(command, timeout: .seconds(60))
        #expect(result.status.isSuccess, "\(result.errorText)")
    }

    /// Writes what the task names into the file it names.
    private static let writing = """
        file=$(grep -o -m1 'Write [^ ]*' <<< "$spec" | cut -d' ' -f2)
        [ -n "$file" ] && echo "$task" >> "$file"
        """

    @Test func aGraphIsCarriedThroughQuestionsConflictsAndAServerThatIsKilled() throws {
        let place = try place(
            """
            if [[ $spec == *ASK* ]]; then
              orca orchestration ask --to "$to" --question 'Which colour?' --options red,blue --timeout-ms 60000 > answer
            fi
            \(Self.writing)
            if [[ $spec == *'git merge'* ]]; then
              for branch in $(grep -o 'no-edit [^ ]*' <<< "$spec" | cut -d' ' -f2); do git merge -q --no-edit $branch; done
              sed -i '/^[<=>]/d' same; git add -A; git commit -qm merged
            fi
            report done
            """)
        try add(place, "Base", "Write base")
        try add(place, "One", "Write same", "--after", "API-1")
        try add(place, "Two", "Write same ASK")
        let run = try place.startRun("API", "--max-concurrent", "2")

        let question = try place.decision()
        #expect(question["question"]?.stringValue == "Which colour?" && question["taskRef"]?.stringValue == "API-3")
        try place.killServer()
        try place.orca("gate", "answer", try #require(question["message"]?["id"]?.stringValue), "red")

        try place.await(run, is: "completed")
        let branch = "orca/API/integration"
        #expect(try place.git("show", "\(branch):same").split(separator: "\n").count == 2, "both sides of the conflict")
        #expect(try place.git("show", "\(branch):base").hasPrefix("task_"))
        #expect(try place.git("show", "\(branch):answer").contains("red"))
        #expect(try place.orca("task", "list", "-p", "API").contains("API-4"), "the conflict became a task")
        #expect(try place.git("status", "--porcelain") == "")
        #expect(try place.git("worktree", "list").split(separator: "\n").count == 1, "merged worktrees are gone")
        #expect(try place.result("terminal", "list")["totalCount"] == .integer(0), "workers are gone")
        let dispatches = try Files.readText(place.folder.path("prompts")).split(separator: "=== TASK ===").count - 1
        #expect(dispatches == 4, "every task was handed out once")
    }

    @Test func aPlannerMakesTheTasksAndAPersonApprovesThem() throws {
        let place = try place(
            """
            if [[ $spec == *plan-submit* ]]; then
              run=$(grep -o -m1 -- '--run [^ ]*' <<< "$spec" | cut -d' ' -f2)
              printf 'name: two\\ntasks:\\n  - {key: a, title: A, spec: Write a.new}\\n  - {key: b, title: B, spec: Write b.new, depends_on: [a]}\\n' > $HOME/plan.yaml
              orca orchestration plan-submit --run $run --file $HOME/plan.yaml
            fi
            \(Self.writing)
            report done
            """)
        let run = try place.startRun("API", "--planner", "claude")
        let gate = try place.decision()
        #expect(gate["question"]?.stringValue?.contains("2 tasks? A; B (after a).") == true, "\(gate)")
        #expect(try place.run(run)["phase"]?.stringValue == "decomposing")
        try place.orca("gate", "answer", try #require(gate["id"]?.stringValue), "approve")
        try place.await(run, is: "completed")
        #expect(try place.git("ls-tree", "--name-only", "orca/API/integration") == "a.new\na.txt\nb.new")
    }

    @Test func aPlanThatIsNotApprovedIsNotCarriedOut() throws {
        let place = try place(
            """
            run=$(grep -o -m1 -- '--run [^ ]*' <<< "$spec" | cut -d' ' -f2)
            printf 'name: one\\ntasks:\\n  - {key: a, title: A, spec: Write a.new}\\n' > $HOME/plan.yaml
            orca orchestration plan-submit --run $run --file $HOME/plan.yaml
            report done
            """)
        let run = try place.startRun("API", "--planner", "claude")
        let gate = try place.decision()
        try place.orca("gate", "answer", try #require(gate["id"]?.stringValue), "no, smaller steps")
        try place.await(run, is: "failed")
        let mail = try place.orca("orchestration", "inbox", "--full")
        #expect(mail.contains("The plan was not approved: no, smaller steps"), "\(mail)")
        #expect(Files.kind(place.folder.path("home/data/worktrees/repo/api-3-1")) == nil)
    }

    @Test func whatCannotBeDoneEndsTheRunWithAnExplanation() throws {
        let place = try place("report 'no way' --outcome failed")
        try add(place, "Base", "Write base", "--max-attempts", "1")
        try add(place, "One", "Write one", "--after", "API-1")
        let run = try place.startRun("API")
        try place.await(run, is: "failed")
        let mail = try place.orca("orchestration", "inbox", "--full")
        #expect(mail.contains("Stuck: nothing runs") && mail.contains("API-1 is failed"), "\(mail)")
        #expect(try place.result("terminal", "list")["totalCount"] == .integer(0))
    }

    @Test func aWorkerThatDiesIsReplacedWithinTheRun() throws {
        let place = try place(
            """
            if [ ! -e "$HOME/died" ]; then touch "$HOME/died"; kill -9 $$; fi
            \(Self.writing)
            report done
            """)
        try add(place, "Base", "Write base")
        let run = try place.startRun("API")
        try place.await(run, is: "completed")
        let attempts = try JSONValue(
            jsonBytes: Array(try place.orca("attempt", "list", "--task", "API-1", "--json").utf8))["attempts"]
        let outcomes = (attempts?.arrayValue ?? []).compactMap { $0["outcome"]?.stringValue }
        #expect(outcomes.sorted() == ["failed", "succeeded"], "\(outcomes)")
        #expect(try place.orca("orchestration", "inbox").contains("Agent exited unexpectedly"))
    }

    @Test func stoppingIsImmediateAndNothingIsHandedOutAfterwards() throws {
        let place = try place("until [ -e \"$HOME/go\" ]; do sleep 0.1; done; \(Self.writing); report done")
        try add(place, "Base", "Write base")
        try add(place, "One", "Write one", "--after", "API-1")
        let run = try place.startRun("API")
        #expect(
            try place.eventually(within: .seconds(60)) {
                try place.orca("task", "list", "-p", "API", "--status", "dispatched", "-q").contains("API-1")
            })
        #expect(try place.orca("orchestration", "run-stop", "--run", run).contains("Stopped \(run)"))
        #expect(try place.run(run)["status"]?.stringValue != "running")
        try place.folder.file("go", "")
        #expect(
            try place.eventually(within: .seconds(30)) {
                try place.orca("task", "list", "-p", "API", "--status", "completed", "-q").contains("API-1")
            }, "what was begun goes on")
        #expect(try place.orca("task", "list", "-p", "API", "--status", "ready", "-q").contains("API-2"))
        #expect(try place.result("orchestration", "run-list", "--status", "running")["count"] == .integer(0))
    }

    @Test func severalRunsGoOnAtOnce() throws {
        let place = try place("\(Self.writing); report done")
        try place.orca("project", "create", "WEB", "--repository", place.repository)
        try add(place, "Base", "Write base")
        try place.orca("task", "create", "-p", "WEB", "Page", "--spec", "Write page")
        let runs = [try place.startRun("API"), try place.startRun("WEB")]
        for run in runs { try place.await(run, is: "completed") }
        #expect(try place.git("show", "orca/API/integration:base").hasPrefix("task_"))
        #expect(try place.git("show", "orca/WEB/integration:page").hasPrefix("task_"))
    }

    @Test func aRunInAnotherWorkspaceIsMergedThere() throws {
        let place = try place("\(Self.writing); report done")
        try place.orca("workspace", "create", "ops")
        try place.orca("project", "create", "OPS", "--repository", place.repository, "-w", "ops")
        try place.orca("task", "create", "Page", "--spec", "Write page", "-p", "OPS", "-w", "ops")
        _ = try place.startRun("OPS", "--workspace", "ops")
        #expect(
            try place.eventually(within: .seconds(60)) {
                try !place.git("branch", "--list", "orca/OPS/integration").isEmpty
            })
        #expect(try place.git("show", "orca/OPS/integration:page").hasPrefix("task_"))
    }

    @Test func anAgentThatIsNotInstalledIsAskedAboutInsteadOfTriedForEver() throws {
        let place = try Installation()
        try place.makeRepository()
        try place.orca("project", "create", "API", "--repository", place.repository)
        try add(place, "Base", "Write base")
        _ = try place.startRun("API", "--agents", "goose")
        let gate = try place.decision()
        let question = gate["question"]?.stringValue ?? ""
        #expect(question.contains("No worker could be started for API-1: goose ended at once"), "\(gate)")
        #expect(try place.git("worktree", "list").split(separator: "\n").count == 2, "one worktree for all tries")
    }
}
