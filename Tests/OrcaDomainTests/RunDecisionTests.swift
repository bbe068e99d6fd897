import OrcaDomain
import Testing

@Suite struct RunDecisionTests {
    private static let now = Timestamp(milliseconds: 1_000_000)

    private static func task(_ number: Int, _ status: TaskStatus, priority: Int = 0) -> WorkTask {
        var task = WorkTask(
            id: TaskID(suffix: "\(number)"), workspace: WorkspaceID(suffix: "w"), project: ProjectID(suffix: "p"),
            ref: "P-\(number)", number: number, title: "Task \(number)", createdBy: "me", at: now)
        task.status = status
        task.priority = priority
        return task
    }

    private static func view(
        _ tasks: [WorkTask], _ change: (inout CoordinatorRun) -> Void = { _ in }
    ) -> RunView {
        var settings = RunSettings()
        settings.concurrentMax = 2
        var run = CoordinatorRun(
            id: RunID(suffix: "r"), workspace: WorkspaceID(suffix: "w"), project: ProjectID(suffix: "p"), spec: "goal",
            coordinator: "", settings: settings, createdBy: "me", at: now)
        run.phase = .dispatching
        change(&run)
        return RunView(run: run, tasks: tasks, now: now)
    }

    private static func decide(_ view: RunView) -> RunDecision { view.decide().decision }

    @Test func readyTasksStartInClaimOrderUpToTheLimit() {
        let tasks = [Self.task(1, .ready), Self.task(2, .ready, priority: 5), Self.task(3, .ready)]
        let (decision, phase) = Self.view(tasks).decide()
        #expect(decision == .start([TaskID(suffix: "2"), TaskID(suffix: "1")]) && phase == .dispatching)
    }

    @Test func whatRunsAndWhatIsBeingStartedTakesItsPlace() {
        var view = Self.view([Self.task(1, .dispatched), Self.task(2, .ready), Self.task(3, .ready)])
        #expect(Self.decide(view) == .start([TaskID(suffix: "2")]))
        view.starting = [TaskID(suffix: "2")]
        #expect(Self.decide(view) == .wait)
    }

    @Test func aTaskInItsBackoffIsWaitedFor() {
        var resting = Self.task(1, .ready)
        resting.backoffUntil = Self.now.adding(milliseconds: 1)
        #expect(Self.decide(Self.view([resting])) == .wait)
    }

    @Test func whenAllIsDoneTheBranchesAreMergedOnceAndTheRunEnds() {
        var view = Self.view([Self.task(1, .completed), Self.task(2, .canceled)])
        #expect(view.decide() == (.merge, .merging))
        view.isMerged = true
        guard case .end(.finished, let report) = Self.decide(view) else {
            Issue.record("it did not end")
            return
        }
        #expect(report.contains("1 completed") && report.contains("1 canceled"))
    }

    @Test func aRunWithAFailedTaskDoesNotSucceed() {
        var view = Self.view([Self.task(1, .completed), Self.task(2, .failed)])
        view.isMerged = true
        guard case .end(.gaveUp, let report) = Self.decide(view) else {
            Issue.record("it did not give up")
            return
        }
        #expect(report.contains("failed: P-2"))
    }

    @Test func anOpenGateOrAStartTimeIsNotStuck() {
        #expect(Self.decide(Self.view([Self.task(1, .blocked)])) == .wait)
        var later = Self.task(1, .pending)
        later.notBefore = Self.now.adding(milliseconds: 5)
        #expect(Self.decide(Self.view([later])) == .wait)
    }

    @Test func aStuckGraphEndsTheRunWithAnExplanation() {
        var waiting = Self.task(2, .pending)
        waiting.openDependencies = 1
        guard case .end(.gaveUp, let report) = Self.decide(Self.view([Self.task(1, .failed), waiting])) else {
            Issue.record("it did not give up")
            return
        }
        #expect(report.contains("P-2") && report.contains("P-1 is failed"))
    }

    // MARK: Planning

    private static func planning(_ tasks: [WorkTask], approval: String = "", hasPlan: Bool = true) -> RunView {
        var view = view(tasks) { run in
            run.phase = .decomposing
            run.planTask = TaskID(suffix: "1")
            run.approvalTask = hasPlan ? TaskID(suffix: "2") : nil
        }
        view.approval = approval
        return view
    }

    @Test func thePlannerIsStartedAlone() {
        let view = Self.planning([Self.task(1, .ready), Self.task(9, .ready)], hasPlan: false)
        #expect(view.decide() == (.start([TaskID(suffix: "1")]), .decomposing))
    }

    @Test func nothingStartsBeforeThePlanIsApproved() {
        let tasks = [Self.task(1, .completed), Self.task(2, .blocked), Self.task(3, .pending)]
        #expect(Self.planning(tasks).decide() == (.wait, .decomposing))
    }

    @Test func anApprovedPlanIsAcceptedAndARejectedOneEndsTheRun() {
        let tasks = [Self.task(1, .completed), Self.task(2, .ready), Self.task(3, .pending)]
        #expect(Self.decide(Self.planning(tasks, approval: "approve")) == .acceptPlan)
        guard case .end(.gaveUp, let report) = Self.decide(Self.planning(tasks, approval: "reject, too long")) else {
            Issue.record("it did not end")
            return
        }
        #expect(report.contains("too long"))
    }

    @Test func aPlannerWithoutAPlanEndsTheRun() {
        guard
            case .end(.gaveUp, let report) = Self.decide(Self.planning([Self.task(1, .completed)], hasPlan: false))
        else {
            Issue.record("it did not end")
            return
        }
        #expect(report.contains("without handing in a plan"))
    }

    @Test func anEndedRunDoesNothing() {
        let view = Self.view([Self.task(1, .ready)]) { $0.status = .stopped }
        #expect(Self.decide(view) == .wait)
    }
}
