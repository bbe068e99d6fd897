package import OrcaDomain
import OrcaStore
import OrcaSupport

/// What a worker says of its work when it reports the end.
package enum WorkerReport {
    package enum Outcome: String, Sendable, Hashable, CaseIterable {
        case succeeded
        case failed
    }
}

/// Whether a worker's completion or sign of life counted, and why not.
package enum LifecycleVerdict: Sendable, Hashable {
    case accepted(TaskID, AttemptID)
    /// The mail is kept all the same.
    case refused(code: String, reason: String)
}

/// Carries out what `worker_done` and `heartbeat` mail means. What does not count is said, never thrown: the mail itself
/// always arrives.
struct LifecycleMail {
    private let ledger: Ledger
    private let workspace: WorkspaceID

    init(_ ledger: Ledger, workspace: WorkspaceID) {
        self.ledger = ledger
        self.workspace = workspace
    }

    func carryOut(_ input: SendMessage.Input, from: String, _ payload: JSONValue?) throws -> LifecycleVerdict? {
        guard input.type.isLifecycle else { return nil }
        do {
            let work = try work(of: input, from: from, payload)
            switch input.type {
            case .workerDone: return try finish(work, input, from: from, payload)
            case .heartbeat: return try stayAlive(work, payload)
            case .status, .dispatch, .mergeReady, .escalation, .handoff, .decisionGate: return nil
            }
        } catch let error as DomainError {
            // Every check stands before the first write, so there is nothing to undo.
            return .refused(code: error.code.rawValue, reason: error.message)
        }
    }

    private struct Work {
        var task: WorkTask
        var attempt: Attempt
    }

    /// The attempt that the mail is about: it must be one of the named task, and the sender's own.
    private func work(of input: SendMessage.Input, from: String, _ payload: JSONValue?) throws -> Work {
        let taskWord = payload?["taskId"]?.stringValue ?? ""
        let dispatchWord = payload?["dispatchId"]?.stringValue ?? ""
        let needsTask = input.type == .workerDone
        guard !dispatchWord.isEmpty, !taskWord.isEmpty || !needsTask else {
            throw DomainError(
                .invalidArgument,
                "A \(input.type.rawValue) needs \(needsTask ? "--task-id and " : "")--dispatch-id, as they stand in the "
                    + "prompt of the work.")
        }
        guard let id = DispatchRecord.attempt(shownAs: dispatchWord), let attempt = try ledger.tx.attempts.find(id),
            attempt.workspace == workspace
        else { throw DomainError(.dispatchNotFound, "Dispatch not found: \(dispatchWord.prefix(80))") }
        let task = try Lookup(ledger.tx).task(taskWord.isEmpty ? attempt.task.text : taskWord, in: workspace)
        guard attempt.task == task.id else {
            throw DomainError(
                .dispatchNotFound, "Dispatch \(dispatchWord) belongs to another task than \(taskWord.prefix(80)).")
        }
        guard attempt.session == from else {
            throw DomainError(
                .permissionDenied,
                "Dispatch \(dispatchWord) was given to \(attempt.session.isEmpty ? attempt.agentName : attempt.session), "
                    + "not to \(from).")
        }
        return Work(task: task, attempt: attempt)
    }

    private func finish(
        _ work: Work, _ input: SendMessage.Input, from: String, _ payload: JSONValue?
    ) throws -> LifecycleVerdict {
        var outcome = WorkOutcome()
        outcome.result = result(from: from, input, payload)
        // What was noted before is kept: the mail does not speak of it.
        outcome.branch = work.attempt.branch.isEmpty ? try branch(of: work.attempt) : work.attempt.branch
        outcome.commit = work.attempt.commit
        outcome.transcript = work.attempt.transcript
        outcome.artifacts = work.attempt.artifacts
        outcome.checks = work.attempt.checks
        switch input.outcome {
        case .succeeded:
            let done = CompleteTask.Input(task: work.task, token: work.attempt.token, outcome: outcome)
            if case .keptLate(let error) = try CompleteTask.run(done, in: ledger.tx, ledger.context) {
                return .refused(code: error.code.rawValue, reason: error.message)
            }
        case .failed:
            let reason = input.body.isEmpty ? input.subject : input.subject + "\n" + input.body
            let failed = FailTask.Input(
                task: work.task, token: work.attempt.token, error: String(reason.prefix(Self.reasonCharactersMax)),
                outcome: outcome)
            _ = try FailTask.run(failed, in: ledger.tx, ledger.context)
        }
        return .accepted(work.task.id, work.attempt.id)
    }

    /// A run brings in itself what its workers leave. Outside of one, the work is on the branch of the worktree that was
    /// made for its terminal; what stands on a repository's own checkout is nobody's branch.
    private func branch(of attempt: Attempt) throws -> String {
        guard let record = try ledger.tx.dispatches.find(attempt.id), record.run == nil,
            let terminal = try ledger.tx.terminals.find(record.terminal), !terminal.worktree.isEmpty,
            let worktree = try ledger.tx.worktrees.find(WorktreeID(stored: terminal.worktree)),
            let repo = try ledger.tx.repos.find(worktree.repo), repo.path != worktree.path
        else { return "" }
        let prefix = "refs/heads/"
        return worktree.branch.hasPrefix(prefix) ? String(worktree.branch.dropFirst(prefix.count)) : worktree.branch
    }

    /// Characters of the mail that become the attempt's error.
    private static let reasonCharactersMax = 8_000

    /// What the task shows as its result: JSON, as published coordinators read it.
    private func result(from: String, _ input: SendMessage.Input, _ payload: JSONValue?) -> String {
        var files = payload?["filesModified"] ?? []
        if files.arrayValue == nil { files = [] }
        var members: [JSONValue.Member] = [
            .init("completedBy", .string(from)), .init("filesModified", files),
            .init("completedAt", .string(ledger.context.now.rfc3339)),
        ]
        if let report = payload?["reportPath"]?.stringValue, !report.isEmpty {
            members.append(.init("reportPath", .string(report)))
        }
        let summary = String(input.body.prefix(Self.reasonCharactersMax))
        if !summary.isEmpty { members.append(.init("summary", .string(summary))) }
        return String(decoding: JSONValue.object(members).jsonBytes(), as: UTF8.self)
    }

    private func stayAlive(_ work: Work, _ payload: JSONValue?) throws -> LifecycleVerdict {
        let phase = String((payload?["phase"]?.stringValue ?? "").prefix(200))
        if phase.isEmpty || phase == work.attempt.progress {
            _ = try RenewLease.run(
                RenewLease.Input(task: work.task, token: work.attempt.token), in: ledger.tx, ledger.context)
        } else {
            let news = ReportProgress.Input(
                task: work.task, token: work.attempt.token, message: phase, percent: work.attempt.progressPercent)
            _ = try ReportProgress.run(news, in: ledger.tx, ledger.context)
        }
        if var record = try ledger.tx.dispatches.find(work.attempt.id) {
            record.heartbeatAt = ledger.context.now
            try ledger.tx.save(record)
        }
        return .accepted(work.task.id, work.attempt.id)
    }
}
