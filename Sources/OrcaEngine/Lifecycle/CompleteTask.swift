package import OrcaDomain
package import OrcaStore

/// Finishes a task successfully: the token must be the live one, or the completion must be adoptable.
package enum CompleteTask: Command {
    package struct Input: Sendable {
        package var task: WorkTask
        package var token: Int64
        package var outcome: WorkOutcome

        package init(task: WorkTask, token: Int64, outcome: WorkOutcome) {
            self.task = task
            self.token = token
            self.outcome = outcome
        }
    }

    package enum Output: Sendable {
        case counted(WorkTask, Attempt)
        /// It came too late to count; what was delivered is stored with the attempt. Refuse the caller with this
        /// error after the commit.
        case keptLate(DomainError)
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Output {
        try input.outcome.check()
        let fence = FenceCheck(store: tx, context: context)
        let ledger = Ledger(tx, context)
        let lease = try tx.leases.live(input.task.id)
        let attempt = try fence.attempt(of: input.task, token: input.token, lease: lease)
        if let lease, lease.token == input.token {
            let open = try openContract(input, in: tx)
            guard open.isEmpty else { throw unverified(input.task, open) }
            return try finish(FenceCheck.Held(task: input.task, lease: lease, attempt: attempt), input, ledger)
        }
        if attempt.outcome == .succeeded, input.task.status == .completed {
            return .counted(input.task, attempt)  // the same completion once more
        }
        return try adopt(attempt, input, ledger, refusal: fence.lost(input.task, lease: lease, attempt: attempt))
    }

    private static func finish(_ start: FenceCheck.Held, _ input: Input, _ ledger: Ledger) throws -> Output {
        var held = start
        input.outcome.write(to: &held.attempt)
        try AttemptEnd(ledger).end(&held, as: .succeeded)
        return try settle(held.task, held.attempt, input, ledger, event: .taskCompleted, trigger: .attemptSucceeded)
    }

    private static func adopt(
        _ late: Attempt, _ input: Input, _ ledger: Ledger, refusal: DomainError
    ) throws -> Output {
        var attempt = late
        input.outcome.write(to: &attempt)
        let project = try Lookup(ledger.tx).project(of: input.task)
        let isFree = input.task.status == .ready || input.task.status == .pending
        let isVerified = try openContract(input, in: ledger.tx).isEmpty
        let isAdoptable = attempt.outcome.ending(.succeeded, adopted: true) == .to(.succeeded)
        guard project.settings.adoptsLateCompletions, isFree, isVerified, isAdoptable else {
            attempt.isLate = true
            try ledger.tx.save(attempt)
            try ledger.record(
                .taskResultLate, input.task,
                ["attempt": .text(attempt.id.text), "late_token": .number(attempt.token)])
            return .keptLate(refusal)
        }
        attempt.outcome = .succeeded
        attempt.isAdopted = true
        attempt.isLate = false
        attempt.endedAt = ledger.context.now
        try ledger.tx.save(attempt)
        var task = input.task
        task.attempt = attempt.id
        return try settle(task, attempt, input, ledger, event: .taskAdopted, trigger: .lateSuccessAdopted)
    }

    private static func settle(
        _ start: WorkTask, _ attempt: Attempt, _ input: Input, _ ledger: Ledger, event: EventType,
        trigger: TaskTrigger
    ) throws -> Output {
        var task = start
        _ = try ledger.move(&task, on: trigger, verb: "completed")
        task.failures = 0
        task.backoffUntil = nil
        try ledger.save(&task, before: input.task)
        try input.outcome.write(toBodyOf: task, error: "", in: ledger.tx)
        try ledger.record(
            event, task,
            [
                "attempt": .text(attempt.id.text), "agent": .text(attempt.agentName),
                "branch": .text(attempt.branch), "commit": .text(attempt.commit),
            ])
        try Dependents(ledger).follow(task, from: input.task.status)
        return .counted(task, attempt)
    }

    private static func openContract(_ input: Input, in store: any StoreReader) throws -> [ContractItem] {
        try Lookup(store).body(of: input.task.id).contract.unverified(by: input.outcome.checks)
    }

    private static func unverified(_ task: WorkTask, _ open: [ContractItem]) -> DomainError {
        let lines = open.map(\.summary)
        return DomainError(
            .contractUnverified,
            "\(task.ref) is not done: its completion contract is not met by \(lines.joined(separator: ", ")). Make it "
                + "hold and complete again; the task stays yours.",
            details: ["task": task.ref, "unverified": lines.joined(separator: "\n")])
    }
}
