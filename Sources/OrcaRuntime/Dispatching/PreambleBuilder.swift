import OrcaDomain
import OrcaEngine
import OrcaStore

/// Puts together what a worker is told about its task.
struct PreambleBuilder: Sendable {
    private static let decisionsMax = 10
    private static let groundworkMax = 20

    let preamble: WorkerPreamble

    /// - Parameter reason: what a dispatch is called in the text until it has an id.
    init(
        _ task: WorkTask, coordinator: String, drift: WorkerPreamble.Drift?, placeholder: String,
        in store: any StoreReader
    ) throws {
        guard let body = try store.tasks.body(task.id) else {
            throw StoreError.corrupt("the task \(task.id) has no body row")
        }
        var preamble = WorkerPreamble(
            coordinator: coordinator, task: task.id.text, dispatch: placeholder,
            spec: body.spec.isEmpty ? task.title : body.spec)
        preamble.drift = drift
        preamble.contract = body.contract.map(\.summary)
        if task.failures > 0 { preamble.previousError = String(body.error.prefix(2_000)) }
        preamble.decisions = try store.gates.all(of: task.id, limit: Limits.pageRowsMax)
            .filter { $0.status == .resolved || $0.status == .timeout }.suffix(Self.decisionsMax)
            .map { WorkerPreamble.Decision(question: $0.question, resolution: $0.resolution) }
        preamble.groundwork = try Self.groundwork(of: task, in: store)
        self.preamble = preamble
    }

    func text(dispatch: String) -> String {
        var final = preamble
        final.dispatch = dispatch
        return final.text
    }

    private static func groundwork(of task: WorkTask, in store: any StoreReader) throws -> [String] {
        try store.dependencies.dependencies(of: task.id).prefix(groundworkMax).compactMap { edge in
            guard let needed = try store.tasks.find(edge.dependsOn), needed.status == .completed,
                let body = try store.tasks.body(needed.id)
            else { return nil }
            let parts = [body.branch.isEmpty ? "" : "branch \(body.branch)", String(body.result.prefix(500))]
            return "\(needed.ref) (\(needed.title)): " + parts.filter { !$0.isEmpty }.joined(separator: "; ")
        }
    }
}
