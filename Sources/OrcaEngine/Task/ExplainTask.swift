package import OrcaDomain
package import OrcaStore

/// One reason for which a task is not running, and what would change it.
package struct Reason: Sendable, Hashable {
    package var code: String
    package var message: String
    package var next: String
    package var details: [String: String]

    package init(_ code: String, _ message: String, next: String = "", details: [String: String] = [:]) {
        self.code = code
        self.message = message
        self.next = next
        self.details = details
    }
}

/// Says why a task is not running, and what would change that.
package enum ExplainTask: Query {
    package struct Output: Sendable {
        package var summary: String
        package var reasons: [Reason]
    }

    private static let dependenciesShown = 20
    private static let agentsConsidered = 500

    package static func run(_ task: WorkTask, in store: any StoreReader, _ context: CommandContext) throws -> Output {
        let explainer = Explainer(store: store, now: context.now, task: task)
        switch task.status {
        case .completed:
            return Output(summary: "\(task.ref) is completed.", reasons: [])
        case .canceled:
            let reason = Reason(
                "canceled", "It was canceled.", next: "orca task override \(task.ref) --status pending")
            return Output(summary: "\(task.ref) is canceled.", reasons: [reason])
        case .failed:
            return try explainer.failed()
        case .dispatched:
            return try explainer.held()
        case .blocked:
            let reason = Reason(
                "gate", "\(task.openGates == 1 ? "1 gate is" : "\(task.openGates) gates are") open.",
                next: "orca gates")
            return Output(summary: "\(task.ref) waits for a decision.", reasons: [reason])
        case .pending:
            let reasons = try explainer.unmetConditions(showing: dependenciesShown)
            let things = reasons.count == 1 ? "something" : "\(reasons.count) things"
            return Output(summary: "\(task.ref) is not ready: it waits for \(things).", reasons: reasons)
        case .ready:
            let reasons = try explainer.obstacles(among: agentsConsidered)
            let summary =
                reasons.isEmpty
                ? "\(task.ref) is ready: the next agent that asks gets it."
                : "\(task.ref) is ready but not claimed."
            return Output(summary: summary, reasons: reasons)
        }
    }
}
