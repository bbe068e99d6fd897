import OrcaAPI
import OrcaProtobuf

/// A project for people.
enum ProjectView {
    static func details(_ project: OrcaV1.Project?, _ call: Invocation) -> String {
        guard let project else { return "" }
        if call.isQuiet { return project.key + "\n" }
        let now = call.context.now()
        var details = Details()
        details.add("project", project.key, .strong)
        details.add("name", project.name)
        details.add("repository", project.repository)
        details.add("base branch", project.baseBranch)
        details.add("tasks", counts(project))
        addSettings(project.settings, &details)
        details.add("id", project.id)
        details.add("created", Clock.full(project.createdAt, now: now))
        return details.text(style: call.style)
    }

    /// `3 ready, 1 dispatched, 8 completed`
    static func counts(_ project: OrcaV1.Project) -> String {
        let order = ["ready", "dispatched", "pending", "blocked", "completed", "failed", "canceled"]
        return order.compactMap { name in
            project.taskCounts[name].flatMap { $0 == 0 ? nil : "\($0) \(name)" }
        }.joined(separator: ", ")
    }

    private static func addSettings(_ settings: OrcaV1.ProjectSettings?, _ details: inout Details) {
        guard let settings else { return }
        if settings.leaseTtlMs > 0 { details.add("lease", DurationText.text(milliseconds: Int64(settings.leaseTtlMs))) }
        if settings.maxConcurrent > 0 { details.add("at once", String(settings.maxConcurrent)) }
        if settings.distribution != .unspecified { details.add("distribution", settings.distribution.protoName) }
        details.add("agents", settings.allowedAgentTags)
        if let retry = settings.retry, retry.maxAttempts > 0 { details.add("attempts", String(retry.maxAttempts)) }
    }
}
