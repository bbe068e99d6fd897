import OrcaAPI
import OrcaDomain
import OrcaSupport

/// Whether anything is left that this pool could still do, now or when others have finished.
struct Outlook {
    let client: PatientClient
    let options: WorkOptions

    func isNothingLeft(giveUp: StopSignal) throws(APIError) -> Bool {
        try !open(giveUp).contains { isOurs($0) }
    }

    /// Tasks that are ready or held, or will be when what they wait for is done.
    private func open(_ giveUp: StopSignal) throws(APIError) -> [OrcaV1.Task] {
        let tasks = try unfinished(giveUp)
        let byID = Dictionary(tasks.map { ($0.id, $0) }) { first, _ in first }
        var verdicts: [String: Bool] = [:]
        /// A dependency that is not in the list is finished: it holds its dependents up only when it went wrong.
        func canRun(_ task: OrcaV1.Task) -> Bool {
            if let known = verdicts[task.id] { return known }
            verdicts[task.id] = false
            let verdict: Bool
            switch task.status {
            case .ready, .dispatched: verdict = true
            case .pending:
                verdict = task.dependencies.allSatisfy { dependency in
                    guard let other = byID[dependency.task] else { return true }
                    if other.status == .failed || other.status == .canceled { return dependency.policy == .ignore }
                    return canRun(other)
                }
            case .blocked, .completed, .failed, .canceled, .unspecified, .unrecognized: verdict = false
            }
            verdicts[task.id] = verdict
            return verdict
        }
        return tasks.filter(canRun)
    }

    private func unfinished(_ giveUp: StopSignal) throws(APIError) -> [OrcaV1.Task] {
        var request = OrcaV1.ListTasksRequest()
        request.workspace = options.workspace
        request.project = options.project
        request.status = [.pending, .ready, .dispatched, .blocked, .failed, .canceled]
        request.limit = 500
        var tasks: [OrcaV1.Task] = []
        while true {
            let page = try client.call(Operations.listTasks, request, giveUp: giveUp)
            tasks += page.tasks
            if page.nextCursor.isEmpty { return tasks }
            request.cursor = page.nextCursor
        }
    }

    /// Whether one of our agents may claim it, as far as can be told from here.
    private func isOurs(_ task: OrcaV1.Task) -> Bool {
        let requirement = Requirement(
            tags: task.requiredTags, capabilities: task.requiredCapabilities.compactMap(CapabilityConstraint.init),
            assignee: task.assignee)
        return options.agentNames.contains { name in
            requirement.shortcomings(ofAgent: name, tags: Set(options.tags), capabilities: options.capabilities).isEmpty
        }
    }
}
