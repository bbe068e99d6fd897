import OrcaAPI
import OrcaProtobuf

/// A plan as nodes in the order a person would write them; what has its default is left out.
enum PlanEncoder {
    static func node(_ plan: OrcaV1.Plan) -> PlanNode {
        map([("name", text(plan.name)), ("tasks", list(plan.tasks.map { task($0) }))])
    }

    /// The fields of a task beside key, title and spec.
    static func details(_ task: OrcaV1.PlanTask) -> [(String, PlanNode?)] {
        [
            ("priority", task.priority == 0 ? nil : number(task.priority)),
            ("depends_on", task.dependsOn.isEmpty ? nil : list(task.dependsOn.map { dependency($0) })),
            ("parent", optional(task.parent)),
            ("tags", words(task.tags)),
            ("labels", words(task.labels)),
            ("capabilities", words(task.capabilities)),
            ("not_before", task.notBefore.map { time($0) }),
            ("retry", task.retry.map { retry($0) }),
            ("contract", task.contract.isEmpty ? nil : list(task.contract.compactMap { contract($0) })),
            ("context", task.context.isEmpty ? nil : context(task.context)),
            ("assignee", optional(task.assignee)),
        ]
    }

    static func map(_ entries: [(String, PlanNode?)]) -> PlanNode {
        let place = PlanDiagnostic.Place(0, 0)
        return PlanNode(
            place, .map(entries.compactMap { name, node in node.map { .init(key: name, keyPlace: place, value: $0) } }))
    }

    private static func task(_ task: OrcaV1.PlanTask) -> PlanNode {
        map([("key", text(task.key)), ("title", text(task.title))] + details(task) + [("spec", optional(task.spec))])
    }

    private static func dependency(_ dependency: OrcaV1.PlanDependency) -> PlanNode {
        if dependency.policy == .unspecified || dependency.policy == .block { return text(dependency.key) }
        return map([("key", text(dependency.key)), ("policy", text(dependency.policy.protoName))])
    }

    private static func retry(_ policy: OrcaV1.RetryPolicy) -> PlanNode {
        map([
            ("max_attempts", policy.maxAttempts == 0 ? nil : number(policy.maxAttempts)),
            ("backoff_initial_ms", policy.backoffInitialMs == 0 ? nil : number(policy.backoffInitialMs)),
            ("backoff_max_ms", policy.backoffMaxMs == 0 ? nil : number(policy.backoffMaxMs)),
        ])
    }

    private static func contract(_ item: OrcaV1.ContractItem) -> PlanNode? {
        switch item.requirement {
        case .command(let command): map([("command", text(command))])
        case .file(let path): map([("file", text(path))])
        case nil: nil
        }
    }

    private static func context(_ context: [String: String]) -> PlanNode {
        map(context.keys.sorted().map { ($0, text(context[$0] ?? "")) })
    }

    private static func time(_ time: ProtoTimestamp) -> PlanNode {
        text(String(decoding: time.jsonBytes().dropFirst().dropLast(), as: UTF8.self))
    }

    private static func optional(_ value: String) -> PlanNode? { value.isEmpty ? nil : text(value) }

    private static func words(_ words: [String]) -> PlanNode? { words.isEmpty ? nil : list(words.map { text($0) }) }

    private static func text(_ value: String) -> PlanNode { PlanNode(.init(0, 0), .scalar(value)) }

    private static func number(_ value: Int32) -> PlanNode { text(String(value)) }

    private static func list(_ items: [PlanNode]) -> PlanNode { PlanNode(.init(0, 0), .list(items)) }
}
