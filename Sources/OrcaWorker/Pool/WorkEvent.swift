package import OrcaAPI

/// A task that was claimed, with the right to work on it.
package struct WorkClaim: Sendable, Hashable {
    package let task: OrcaV1.Task
    package let attempt: OrcaV1.Attempt
    package let lease: OrcaV1.Lease

    package init(task: OrcaV1.Task, attempt: OrcaV1.Attempt, lease: OrcaV1.Lease) {
        self.task = task
        self.attempt = attempt
        self.lease = lease
    }

    package var ref: String { task.ref }
    package var agent: String { attempt.agent }
    package var token: Int64 { lease.token }
}

/// How an attempt ended.
package enum AttemptOutcome: Sendable, Hashable {
    case completed
    /// `isFinal`: the task is failed; otherwise it will be tried again.
    case failed(error: String, isFinal: Bool)
    /// It was given back because the worker was told to stop.
    case released
    /// Somebody else decided: canceled, expired, taken over. The branch is kept.
    case lost(reason: String)
}

/// One attempt, for the table at the end.
package struct AttemptReport: Sendable, Hashable {
    package let claim: WorkClaim
    package let outcome: AttemptOutcome
    package let duration: Duration
    /// Empty when no work was kept.
    package let branch: String
    package let commit: String
    package let transcript: String

    package init(
        claim: WorkClaim, outcome: AttemptOutcome, duration: Duration, branch: String, commit: String,
        transcript: String
    ) {
        self.claim = claim
        self.outcome = outcome
        self.duration = duration
        self.branch = branch
        self.commit = commit
        self.transcript = transcript
    }
}

/// What a pool of workers tells whoever shows its progress. Sent from any of its threads.
package enum WorkEvent: Sendable {
    case agentStarted(name: String)
    case claimed(WorkClaim)
    case commandStarted(WorkClaim, branch: String, directory: String, transcript: String)
    /// The command's process was stopped from outside: its lease is not kept while it is.
    case commandStopped(WorkClaim)
    case ended(AttemptReport)
    /// An attempt of a worker that has died was cleaned up; `branch` has what it left.
    case cleaned(ref: String, branch: String)
    /// Calls are tried again until the server is back; work goes on.
    case serverUnreachable(String)
    case serverBack
    case warning(String)
}

/// What a pool of workers did.
package struct WorkSummary: Sendable {
    package var reports: [AttemptReport] = []
    /// Why it ended early; `nil` when there was nothing left to do or it was told to stop.
    package var failure: APIError?

    package init() {}
}

/// Receives events; must return soon and may be called from several threads at once.
package typealias WorkObserver = @Sendable (WorkEvent) -> Void
