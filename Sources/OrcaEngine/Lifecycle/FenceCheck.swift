import OrcaDomain
import OrcaStore

/// The check in front of every lifecycle write, and the refusals it makes.
struct FenceCheck {
    /// A token that speaks for its task now.
    struct Held {
        var task: WorkTask
        var lease: Lease
        var attempt: Attempt
    }

    let store: any StoreReader
    let context: CommandContext

    /// The live attempt the token stands for. Throws `lease_lost` when it stands for an older one.
    func require(_ task: WorkTask, token: Int64) throws -> Held {
        let lease = try store.leases.live(task.id)
        let attempt = try attempt(of: task, token: token, lease: lease)
        guard let lease, lease.token == token else { throw lost(task, lease: lease, attempt: attempt) }
        return Held(task: task, lease: lease, attempt: attempt)
    }

    /// The attempt that got this token, live or not. Throws when the token was never given out, or when the caller
    /// may speak for another attempt only.
    func attempt(of task: WorkTask, token: Int64, lease: Lease?) throws -> Attempt {
        let standing = Fence.check(token: token, lastToken: task.lastToken, liveToken: lease?.token)
        guard standing != .unknown, let attempt = try store.attempts.find(task: task.id, token: token) else {
            throw DomainError(
                .invalidArgument,
                "\(task.ref) never gave out the token \(token). Use the token that 'orca claim' answered.",
                details: ["task": task.ref, "token": String(token)])
        }
        if context.actor.scope == .worker, context.actor.attempt != attempt.id {
            throw DomainError(
                .permissionDenied,
                "This access token speaks for another attempt than number \(token) of \(task.ref).",
                details: ["task": task.ref])
        }
        return attempt
    }

    /// The refusal of a token that has been replaced: names who holds the task now.
    func lost(_ task: WorkTask, lease: Lease?, attempt: Attempt) -> DomainError {
        var details = [
            "task": task.ref, "token": String(attempt.token), "status": task.status.rawValue,
            "outcome": attempt.outcome.rawValue,
        ]
        let now: String
        if let lease {
            details["holder"] = lease.agentName
            details["attempt"] = lease.attempt.text
            details["current_token"] = String(lease.token)
            now = "It is now held by \(lease.agentName) (attempt \(lease.token))."
        } else {
            now = "Nobody holds it now; it is \(task.status.rawValue)."
        }
        return DomainError(
            .leaseLost,
            "Attempt \(attempt.token) of \(task.ref) does not hold the task any more: it "
                + "\(Self.words(attempt.outcome)). \(now) Stop working on it; what was done is kept.",
            details: details)
    }

    private static func words(_ outcome: Attempt.Outcome) -> String {
        switch outcome {
        case .active: "was replaced"
        case .succeeded: "has already succeeded"
        case .failed: "has already failed"
        case .expired: "expired"
        case .released: "was released"
        case .canceled: "was canceled"
        case .gated: "ended at a gate"
        }
    }
}
