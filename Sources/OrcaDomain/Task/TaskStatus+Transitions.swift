extension TaskStatus {
    /// The task's state machine: total, without a default, one line of `docs/reference/state-machines.md` a case.
    package func on(_ trigger: TaskTrigger) -> Transition<TaskStatus> {
        switch trigger {
        case .conditionsMet: onConditionsMet
        case .conditionsLost: onConditionsLost
        case .claimed: onClaimed
        case .attemptSucceeded: onAttemptSucceeded
        case .lateSuccessAdopted: onLateSuccess
        case .attemptEnded(let attemptsLeft): onAttemptEnded(attemptsLeft)
        case .gateOpened: onGateOpened
        case .lastGateClosed(let conditionsHold): onLastGateClosed(conditionsHold)
        case .retried(let conditionsHold): onRetried(conditionsHold)
        case .canceled: onCanceled
        case .overridden(let wanted): wanted == self ? .unchanged : onOverridden(wanted)
        }
    }

    private var onConditionsMet: Transition<TaskStatus> {
        switch self {
        case .pending: .to(.ready)
        case .ready, .dispatched, .blocked, .completed, .failed, .canceled: .unchanged
        }
    }

    private var onConditionsLost: Transition<TaskStatus> {
        switch self {
        case .ready: .to(.pending)
        // Work that has begun is not taken away; the next attempt waits.
        case .pending, .dispatched, .blocked, .completed, .failed, .canceled: .unchanged
        }
    }

    private var onClaimed: Transition<TaskStatus> {
        switch self {
        case .ready: .to(.dispatched)
        case .pending: .rejected(why: "it waits for its dependencies or its start time")
        case .dispatched: .rejected(why: "it is held by a live attempt")
        case .blocked: .rejected(why: "a gate is open")
        case .completed, .failed, .canceled: .rejected(why: "it is \(rawValue)")
        }
    }

    private var onAttemptSucceeded: Transition<TaskStatus> {
        switch self {
        case .dispatched: .to(.completed)
        case .completed: .unchanged
        case .pending, .ready, .blocked: .rejected(why: "no live attempt holds it")
        case .failed, .canceled: .rejected(why: "it is \(rawValue)")
        }
    }

    private var onLateSuccess: Transition<TaskStatus> {
        switch self {
        case .ready, .pending: .to(.completed)
        case .dispatched: .rejected(why: "another attempt holds it")
        case .blocked: .rejected(why: "a gate is open")
        case .completed, .failed, .canceled: .rejected(why: "it is already \(rawValue)")
        }
    }

    private func onAttemptEnded(_ attemptsLeft: Bool) -> Transition<TaskStatus> {
        switch self {
        case .dispatched: .to(attemptsLeft ? .ready : .failed)
        case .pending, .ready, .blocked: .rejected(why: "no live attempt holds it")
        case .completed, .failed, .canceled: .rejected(why: "it is already \(rawValue)")
        }
    }

    private var onGateOpened: Transition<TaskStatus> {
        switch self {
        case .pending, .ready, .dispatched: .to(.blocked)
        case .blocked: .unchanged
        case .completed, .failed, .canceled: .rejected(why: "it is already \(rawValue)")
        }
    }

    private func onLastGateClosed(_ conditionsHold: Bool) -> Transition<TaskStatus> {
        switch self {
        case .blocked: .to(conditionsHold ? .ready : .pending)
        case .pending, .ready, .dispatched, .completed, .failed, .canceled: .unchanged
        }
    }

    private func onRetried(_ conditionsHold: Bool) -> Transition<TaskStatus> {
        switch self {
        case .failed: .to(conditionsHold ? .ready : .pending)
        case .pending, .ready, .dispatched: .unchanged
        case .blocked: .rejected(why: "a gate is open; resolve it instead")
        case .completed, .canceled: .rejected(why: "it is \(rawValue)")
        }
    }

    private var onCanceled: Transition<TaskStatus> {
        switch self {
        case .pending, .ready, .dispatched, .blocked, .failed: .to(.canceled)
        case .canceled: .unchanged
        case .completed: .rejected(why: "it is already completed")
        }
    }

    /// Nobody can be made to hold a task, and no gate can be opened, by writing a status.
    private func onOverridden(_ wanted: TaskStatus) -> Transition<TaskStatus> {
        switch wanted {
        case .pending, .ready, .completed, .failed, .canceled: .to(wanted)
        case .dispatched: .rejected(why: "only a claim dispatches a task")
        case .blocked: .rejected(why: "only an open gate blocks a task")
        }
    }
}
