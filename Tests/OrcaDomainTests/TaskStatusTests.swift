import OrcaDomain
import Testing

/// The table of docs/reference/state-machines.md, cell by cell: every state with every trigger.
@Suite struct TaskStatusTests {
    private static let triggers: [TaskTrigger] =
        [
            .conditionsMet, .conditionsLost, .claimed, .attemptSucceeded, .lateSuccessAdopted,
            .attemptEnded(attemptsLeft: true), .attemptEnded(attemptsLeft: false), .gateOpened,
            .lastGateClosed(conditionsHold: true), .lastGateClosed(conditionsHold: false),
            .retried(conditionsHold: true), .retried(conditionsHold: false), .canceled,
        ] + TaskStatus.allCases.map { .overridden(to: $0) }

    /// What moves; everything else is unchanged or rejected.
    private static let moves: [TaskTrigger: [TaskStatus: TaskStatus]] = [
        .conditionsMet: [.pending: .ready],
        .conditionsLost: [.ready: .pending],
        .claimed: [.ready: .dispatched],
        .attemptSucceeded: [.dispatched: .completed],
        .lateSuccessAdopted: [.ready: .completed, .pending: .completed],
        .attemptEnded(attemptsLeft: true): [.dispatched: .ready],
        .attemptEnded(attemptsLeft: false): [.dispatched: .failed],
        .gateOpened: [.pending: .blocked, .ready: .blocked, .dispatched: .blocked],
        .lastGateClosed(conditionsHold: true): [.blocked: .ready],
        .lastGateClosed(conditionsHold: false): [.blocked: .pending],
        .retried(conditionsHold: true): [.failed: .ready],
        .retried(conditionsHold: false): [.failed: .pending],
        .canceled: [
            .pending: .canceled, .ready: .canceled, .dispatched: .canceled, .blocked: .canceled, .failed: .canceled,
        ],
    ]

    @Test(arguments: TaskStatus.allCases, triggers)
    func everyCellOfTheTable(status: TaskStatus, trigger: TaskTrigger) {
        let answer = status.on(trigger)
        if case .overridden(let wanted) = trigger {
            let isReachable = wanted != .dispatched && wanted != .blocked
            if wanted == status {
                #expect(answer == .unchanged)
            } else if isReachable {
                #expect(answer == .to(wanted))
            } else {
                #expect(answer.isRejected)
            }
            return
        }
        if let next = Self.moves[trigger]?[status] {
            #expect(answer == .to(next))
        } else {
            #expect(answer == .unchanged || answer.isRejected)
        }
    }

    @Test(arguments: [TaskStatus.completed, .canceled], triggers)
    func nothingButAnOverrideLeavesATerminalState(status: TaskStatus, trigger: TaskTrigger) {
        if case .overridden = trigger { return }
        if case .to(let next) = status.on(trigger) { Issue.record("\(status) went to \(next)") }
        #expect(status.isFinished)
    }

    @Test func aSecondCompletionIsADuplicateNotAnError() {
        #expect(TaskStatus.completed.on(.attemptSucceeded) == .unchanged)
        #expect(TaskStatus.canceled.on(.canceled) == .unchanged)
    }

    @Test func aClaimOfAHeldTaskIsRejected() {
        #expect(TaskStatus.dispatched.on(.claimed).isRejected)
    }
}

extension Transition {
    var isRejected: Bool {
        if case .rejected = self { return true }
        return false
    }
}
