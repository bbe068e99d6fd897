import OrcaAPI
import OrcaProtobuf

/// Attempts for people.
enum AttemptView {
    static func tone(_ outcome: OrcaV1.Attempt.Outcome) -> Tone {
        switch outcome {
        case .succeeded: .good
        case .failed: .bad
        case .expired: .warning
        case .active: .active
        case .released, .canceled, .gated, .unspecified, .unrecognized: .faint
        }
    }

    static func details(_ attempt: OrcaV1.Attempt?, _ call: Invocation) -> String {
        guard let attempt else { return "" }
        if call.isQuiet { return attempt.id + "\n" }
        let now = call.context.now()
        var details = Details()
        details.add("attempt", "\(attempt.taskRef) number \(attempt.number)", .strong)
        details.add("outcome", outcome(attempt), tone(attempt.outcome))
        details.add("agent", attempt.agent)
        details.add("host", attempt.host)
        details.add("session", attempt.session)
        details.add("started", Clock.full(attempt.startedAt, now: now))
        details.add("took", Clock.span(attempt.startedAt, attempt.endedAt, now: now))
        details.add("progress", progress(attempt))
        details.add("error", attempt.error, .bad)
        details.add("result", attempt.result, .good)
        details.add("branch", attempt.branch)
        details.add("commit", attempt.commit)
        details.add("artifacts", attempt.artifacts)
        for check in attempt.checks {
            guard let item = check.item else { continue }
            details.add("contract", "\(TaskView.contract(item)): \(check.detail)", check.passed ? .good : .bad)
        }
        details.add("transcript", attempt.transcript)
        details.add("token", String(attempt.token))
        details.add("id", attempt.id, .faint)
        return details.text(style: call.style)
    }

    static func outcome(_ attempt: OrcaV1.Attempt) -> String {
        var words = [attempt.outcome.protoName]
        if attempt.adopted { words.append("adopted") }
        if attempt.late { words.append("with a late result") }
        return words.joined(separator: ", ")
    }

    /// `60% Tests written`
    static func progress(_ attempt: OrcaV1.Attempt) -> String {
        let percent = attempt.progressPercent > 0 ? "\(attempt.progressPercent)% " : ""
        return percent + attempt.progress
    }
}
