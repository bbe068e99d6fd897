import OrcaAPI
import OrcaSupport
package import OrcaWorker
import Synchronization

/// Lines about what workers do, on standard error as it happens.
package final class WorkProgress: Sendable {
    private let write: @Sendable (String) -> Void
    private let style: Style
    private let now: @Sendable () -> Int64

    /// Silent with `--quiet`.
    init(_ call: Invocation) {
        // The sink is used from the workers' threads, one line at a time.
        let lock = Mutex(())
        let isQuiet = call.isQuiet
        let sink = call.context.progressSink
        write = { line in if !isQuiet { lock.withLock { _ in sink(line + "\n") } } }
        style = Style(isEnabled: call.context.wantsColorOnErrors && !call.isOn("no-color"))
        now = call.context.now
    }

    var observer: WorkObserver { { event in self.show(event) } }

    func line(_ text: String) { write(text) }

    private func show(_ event: WorkEvent) {
        if let text = Self.text(event, style) {
            write(style.dim(TimeText.clock((now() / 1000) % 86_400)) + "  " + text)
        }
    }

    /// One line for an event; `nil` for those that say nothing new.
    package static func text(_ event: WorkEvent, _ style: Style) -> String? {
        switch event {
        case .agentStarted: return nil
        case .claimed(let claim):
            let again = claim.attempt.number > 1 ? " (attempt \(claim.attempt.number))" : ""
            return
                "\(name(claim, style)) \(style.cyan("started")) by \(TextWidth.inert(claim.agent))\(again): \(TextWidth.inert(claim.task.title))"
        case .commandStarted: return nil
        case .commandStopped(let claim):
            return "\(name(claim, style)) \(style.yellow("stopped from outside")); its lease is not kept meanwhile"
        case .ended(let report): return ended(report, style)
        case .cleaned(let ref, let branch):
            let kept = branch.isEmpty ? "nothing was left" : "what was left is on \(branch)"
            return "\(style.bold(ref)) \(style.yellow("cleaned up")) after a worker that died: \(kept)"
        case .serverUnreachable(let why):
            return "\(style.yellow("server unreachable")), work goes on: \(TextWidth.inert(why))"
        case .serverBack: return style.green("server back")
        case .warning(let text): return "\(style.yellow("warning")) \(TextWidth.inert(text))"
        }
    }

    private static func ended(_ report: AttemptReport, _ style: Style) -> String {
        let time = style.dim("after \(DurationText.text(milliseconds: report.duration.milliseconds))")
        let ref = name(report.claim, style)
        switch report.outcome {
        case .completed:
            return
                "\(ref) \(style.green("completed")) \(time)\(report.branch.isEmpty ? "" : ", branch \(report.branch)")"
        case .failed(let error, let isFinal):
            let what = isFinal ? style.red("failed for good") : style.yellow("failed, will be tried again")
            return "\(ref) \(what) \(time): \(TextWidth.fit(TextWidth.inert(error), 200))"
        case .released: return "\(ref) \(style.yellow("given back")) \(time)"
        case .lost(let reason): return "\(ref) \(style.yellow("lost")) \(time): \(TextWidth.inert(reason))"
        }
    }

    private static func name(_ claim: WorkClaim, _ style: Style) -> String { style.bold(claim.ref) }
}
