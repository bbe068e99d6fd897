import OrcaAPI
import OrcaSupport
import OrcaWorker

/// `orca work`
enum WorkCommand {
    static var command: Command {
        Command(
            "work", "Let parallel workers claim tasks and carry them out, each in a worktree of its own.",
            section: .workers,
            flags: WorkFlags.all + [.toggle("until-empty", "Stop when nothing is left that could still be done.")],
            rest: WorkFlags.rest, discussion: WorkFlags.discussion,
            examples: [
                .init("orca work -p API --repo . --agents 4 -- ./work.sh", "Four at once, until Ctrl-C."),
                .init("orca work -p API --agents 2 --agent claude", "With a coding agent in its non-interactive form."),
            ], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var options = try WorkFlags.options(call, project: call.project ?? "", repository: WorkFlags.repository(call))
        options.untilEmpty = call.isOn("until-empty")
        let progress = WorkProgress(call)
        let pool = try WorkerPool(options, client: try call.client(), observer: progress.observer)
        let summary = try Interruption.watching { (stop) throws(APIError) in pool.run(stop: stop) }
        show(summary.reports, call)
        if let failure = summary.failure { throw failure }
        let hasFailed = summary.reports.contains { report in
            if case .failed(_, isFinal: true) = report.outcome { true } else { false }
        }
        if hasFailed { call.exitCode = 1 }
    }

    private static func show(_ reports: [AttemptReport], _ call: Invocation) {
        if call.isJSON {
            let attempts = JSONValue.array(reports.map { json($0) })
            call.context.out.write(bytes: JSONValue.object([.init("attempts", attempts)]).jsonBytes() + [0x0A])
            return
        }
        if reports.isEmpty {
            call.note("No task was worked on. 'orca ready' lists what could be claimed.")
            return
        }
        var table = Table([
            .fixed("TASK"), .number("NO"), .flexible("AGENT"), .fixed("TIME"), .flexible("BRANCH"),
            .flexible("OUTCOME"),
        ])
        for report in reports {
            let (words, tone) = describe(report.outcome)
            table.add([
                .init(report.claim.ref, .strong), .init(String(report.claim.attempt.number)), .init(report.claim.agent),
                .init(DurationText.text(milliseconds: report.duration.milliseconds)), .init(report.branch),
                .init(words, tone),
            ])
        }
        call.context.out.write(call.text(table))
    }

    private static func describe(_ outcome: AttemptOutcome) -> (String, Tone) {
        switch outcome {
        case .completed: ("completed", .good)
        case .failed(let error, let isFinal):
            ((isFinal ? "failed: " : "failed, tried again: ") + error, isFinal ? .bad : .warning)
        case .released: ("given back", .faint)
        case .lost(let reason): ("lost: " + reason, .warning)
        }
    }

    private static func json(_ report: AttemptReport) -> JSONValue {
        let outcome: (name: String, error: String)
        switch report.outcome {
        case .completed: outcome = ("completed", "")
        case .failed(let error, _): outcome = ("failed", error)
        case .released: outcome = ("released", "")
        case .lost(let reason): outcome = ("lost", reason)
        }
        return .object([
            .init("task", .string(report.claim.ref)), .init("attempt", .string(report.claim.attempt.id)),
            .init("number", .integer(Int64(report.claim.attempt.number))), .init("agent", .string(report.claim.agent)),
            .init("outcome", .string(outcome.name)), .init("error", .string(outcome.error)),
            .init("durationMs", .integer(report.duration.milliseconds)), .init("branch", .string(report.branch)),
            .init("commit", .string(report.commit)), .init("transcript", .string(report.transcript)),
        ])
    }
}
