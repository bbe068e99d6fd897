import OrcaAPI
import OrcaConnect
import OrcaGit
import OrcaSupport
import OrcaTestKit
import OrcaWorker
import Synchronization
import Testing

@Suite struct MergeRunnerTests {
    private func merge(_ shop: Workshop, _ change: (inout MergeOptions) -> Void = { _ in }) throws -> MergeSummary {
        var options = MergeOptions(project: "T", repository: shop.root, environment: shop.environment)
        change(&options)
        return try MergeRunner(options, client: shop.server).run()
    }

    @Test func finishedWorkIsMergedInTheOrderOfItsDependencies() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        shop.server.add("T-2", after: ["T-1"])
        shop.server.add("T-3")
        try shop.work("echo $ORCA_TASK_REF > $ORCA_TASK_REF.txt")
        let summary = try merge(shop)
        #expect(summary.isComplete && summary.before == nil && summary.branch == "orca/T/integration")
        #expect(try shop.git("ls-tree", "--name-only", summary.branch) == "T-1.txt\nT-2.txt\nT-3.txt\na.txt")
        #expect(try shop.git("ls-tree", "--name-only", "main") == "a.txt")
        let refs = summary.rows.map(\.task.ref)
        #expect(try #require(refs.firstIndex(of: "T-1")) < (try #require(refs.firstIndex(of: "T-2"))))

        let again = try merge(shop)
        #expect(again.after == summary.after)
        #expect(again.rows.allSatisfy { $0.outcome == .alreadyMerged })
    }

    @Test func aConflictNamesFilesAndBothTasksAndBecomesOneTask() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        shop.server.add("T-2")
        shop.server.add("T-3", after: ["T-2"])
        shop.server.add("T-4")
        try shop.work(
            "case $ORCA_TASK_REF in T-[12]) echo $ORCA_TASK_REF > a.txt;; *) echo x > $ORCA_TASK_REF.txt;; esac")
        let plain = try merge(shop)
        let outcomes = Dictionary(uniqueKeysWithValues: plain.rows.map { ($0.task.ref, $0.outcome) })
        #expect(outcomes["T-2"] == .conflict(files: ["a.txt"], with: ["T-1"], resolution: ""))
        #expect(outcomes["T-3"] == .waitsFor("T-2"))
        #expect(!plain.isComplete)
        #expect(try shop.git("show", "\(plain.branch):a.txt") == "T-1")
        #expect(try shop.git("show", "\(plain.branch):T-4.txt") == "x")
        #expect(shop.server.calls("CreateTask") == 0)

        let first = try merge(shop) { $0.createsTasks = true }
        let second = try merge(shop) { $0.createsTasks = true }
        #expect(first.rows == second.rows)
        let resolution = try #require(shop.server.state.withLock { $0.tasks.last })
        #expect(resolution.title == "Merge T-2 with T-1")
        #expect(resolution.spec.contains("git merge --no-edit orca/T-2/1") && resolution.spec.contains("`a.txt`"))
        #expect(shop.server.state.withLock { $0.tasks.count } == 5)

        // Whoever resolves it brings in what waited.
        try shop.work(
            """
            git merge -q --no-edit orca/T-1/1 && { git merge -q --no-edit orca/T-2/1 || printf 'T-1\\nT-2\\n' > a.txt; }
            git add a.txt && git commit -q --no-edit
            """)
        let resolved = try merge(shop)
        #expect(resolved.isComplete, "\(resolved.rows.map { ($0.task.ref, $0.outcome) })")
        #expect(try shop.git("show", "\(resolved.branch):a.txt") == "T-1\nT-2")
        #expect(try shop.git("show", "\(resolved.branch):T-3.txt") == "x")
    }

    @Test func theBranchThatIsCheckedOutGoesAlong() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        try shop.work("echo x > new.txt")
        let summary = try merge(shop) { $0.into = "main" }
        #expect(summary.isComplete)
        #expect(try Files.readText(shop.root + "/new.txt") == "x\n")
    }

    @Test func aLaterRoundOfOneRunKeepsWhatTheFirstRoundMerged() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        try shop.work("echo $ORCA_TASK_REF > $ORCA_TASK_REF.txt")
        let first = try merge(shop)
        shop.server.add("T-2")
        try shop.work("echo $ORCA_TASK_REF > $ORCA_TASK_REF.txt")
        let second = try merge(shop)
        #expect(second.rows.first { $0.task.ref == "T-1" }?.outcome == .alreadyMerged)

        let whole = second.continuing(first)
        let outcomes = Dictionary(uniqueKeysWithValues: whole.rows.map { ($0.task.ref, $0.outcome) })
        #expect(outcomes["T-1"] == first.rows.first?.outcome && outcomes["T-1"] == .merged(first.after))
        #expect(outcomes["T-2"] == .merged(second.after))
        #expect(whole.before == first.before && whole.after == second.after)

        // A conflict whose resolution came in with the second round is merged by it.
        let torn = MergeRow(
            task: first.rows[0].task, outcome: .conflict(files: ["a"], with: [], resolution: "T-2"))
        let conflicted = MergeSummary(
            branch: first.branch, before: nil, after: first.after, rows: [torn], warning: nil)
        #expect(
            second.continuing(conflicted).rows.first { $0.task.ref == "T-1" }?.outcome == .merged(second.after))
        #expect(second.continuing(nil) == second)
    }

    @Test func aTaskThatChangedNothingHasNothingToMerge() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        try shop.work("true")
        #expect(try merge(shop).rows.map(\.outcome) == [.nothingToMerge])
    }

    @Test func aDirtyCheckoutOfTheBranchIsRefused() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        try shop.work("echo x > new.txt")
        try Files.write("mine\n", to: shop.root + "/a.txt")
        #expect(throws: APIError.self) { try merge(shop) { $0.into = "main" } }
        #expect(try Files.readText(shop.root + "/a.txt") == "mine\n")
    }

    @Test func workThatIsNotHereIsSaid() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        shop.server.add("T-2")
        try shop.work("true")
        shop.server.state.withLock { state in
            (state.tasks[0].branch, state.tasks[0].commit) = ("orca/elsewhere", String(repeating: "a", count: 40))
            (state.tasks[1].branch, state.tasks[1].commit) = ("", "")
        }
        #expect(try merge(shop).rows.map(\.outcome) == [.missing, .nothingToMerge])
    }

    @Test func tasksAreOrderedByDependencyThenAge() {
        func task(_ id: String, _ after: [String], finished: Bool = true) -> OrcaV1.Task {
            var task = OrcaV1.Task()
            task.id = id
            task.status = finished ? .completed : .ready
            task.dependencies = after.map {
                var dependency = OrcaV1.Dependency()
                dependency.task = $0
                return dependency
            }
            return task
        }
        let tasks = [
            task("a", ["d"]), task("b", []), task("c", ["b"], finished: false), task("d", ["b", "e"]), task("e", []),
        ]
        #expect(MergeOrder.of(tasks).map(\.id) == ["b", "e", "d", "a"])
    }
}
