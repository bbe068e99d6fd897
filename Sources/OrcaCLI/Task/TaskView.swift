import OrcaAPI
import OrcaProtobuf

/// Tasks for people.
enum TaskView {
    static func tone(_ status: OrcaV1.Task.Status) -> Tone {
        switch status {
        case .ready: .strong
        case .dispatched: .active
        case .completed: .good
        case .failed: .bad
        case .blocked: .warning
        case .pending, .canceled, .unspecified, .unrecognized: .faint
        }
    }

    /// The answer of operations that return a task: its ref and status, or the ref alone with `--quiet`.
    static func line(_ task: OrcaV1.Task?, _ call: Invocation) -> String {
        guard let task else { return "" }
        if call.isQuiet { return task.ref + "\n" }
        let style = call.style
        let status = style.apply(tone(task.status), task.status.protoName)
        return "\(style.bold(task.ref))  \(status)  \(TextWidth.inert(task.title))\n"
    }

    static func table(_ tasks: [OrcaV1.Task], _ call: Invocation) -> String {
        if call.isQuiet { return tasks.map { $0.ref + "\n" }.joined() }
        // Whoever asked is told in words that there is nothing; headings alone look like something is missing.
        guard !tasks.isEmpty else { return "" }
        var table = Table([
            .fixed("REF"), .fixed("STATUS"), .number("PRIO"), .flexible("TITLE"), .flexible("HOLDER"),
            .flexible("WAITS FOR"),
        ])
        for task in tasks {
            table.add([
                .init(task.ref, .strong), .init(task.status.protoName, tone(task.status)), .init(String(task.priority)),
                .init(task.title), .init(task.holder, .active), .init(waits(task), .faint),
            ])
        }
        return call.text(table)
    }

    private static func waits(_ task: OrcaV1.Task) -> String {
        task.status == .pending ? task.dependencies.map(\.ref).joined(separator: " ") : ""
    }

    static func details(_ task: OrcaV1.Task?, _ call: Invocation) -> String {
        guard let task else { return "" }
        if call.isQuiet { return task.ref + "\n" }
        let now = call.context.now()
        var details = Details()
        details.add("task", task.ref + "  " + task.title, .strong)
        details.add("status", task.status.protoName, tone(task.status))
        details.add("holder", task.holder, .active)
        details.add("priority", task.priority == 0 ? nil : String(task.priority))
        details.add("waits for", task.dependencies.map { dependency($0) })
        details.add("parent", task.parent)
        details.add("assignee", task.assignee)
        details.add("tags", task.requiredTags)
        details.add("capabilities", task.requiredCapabilities)
        details.add("labels", task.labels)
        details.add("not before", Clock.full(task.notBefore, now: now))
        details.add("attempts", task.attempts == 0 ? nil : "\(task.attempts), \(task.failures) failed in a row")
        details.add("attempt", task.attempt)
        details.add("branch", task.branch)
        details.add("commit", task.commit)
        details.add("result", task.result, .good)
        details.add("error", task.error, .bad)
        for item in task.contract { details.add("contract", contract(item)) }
        for name in task.context.keys.sorted() { details.add("context", "\(name) = \(task.context[name] ?? "")") }
        for name in task.inheritedContext.keys.sorted() where task.context[name] == nil {
            details.add("inherited", "\(name) = \(task.inheritedContext[name] ?? "")", .faint)
        }
        details.add("plan", task.plan.isEmpty ? nil : "\(task.plan) \(task.planKey)")
        details.add("id", task.id, .faint)
        details.add("created", Clock.full(task.createdAt, now: now), .faint)
        details.add("completed", Clock.full(task.completedAt, now: now), .faint)
        let spec = task.spec.isEmpty ? "" : "\n" + TextWidth.inertLines(task.spec) + "\n"
        return details.text(style: call.style) + spec
    }

    static func contract(_ item: OrcaV1.ContractItem) -> String {
        switch item.requirement {
        case .command(let command): "`\(command)` succeeds"
        case .file(let path): "\(path) exists and is not empty"
        case nil: ""
        }
    }

    private static func dependency(_ dependency: OrcaV1.Dependency) -> String {
        switch dependency.policy {
        case .cancel, .ignore: "\(dependency.ref) (\(dependency.policy.protoName))"
        case .unspecified, .block, .unrecognized: dependency.ref
        }
    }
}
