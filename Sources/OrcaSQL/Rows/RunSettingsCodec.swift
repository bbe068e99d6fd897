import OrcaDomain
import OrcaStore

/// A run's settings as JSON, like a project's: a setting added later is simply absent in old rows.
enum RunSettingsCodec {
    static func encode(_ settings: RunSettings) -> String {
        TextCodec.encode([
            "concurrent_max": String(settings.concurrentMax),
            "agent_kinds": settings.agentKinds.joined(separator: ","),
            "worker_tags": settings.workerTags.joined(separator: ","),
            "worktree": settings.worktree,
            "repository": settings.repository,
            "base_branch": settings.baseBranch,
            "planner": settings.planner,
            "approves_plan": String(settings.approvesPlan),
            "reuses_workers": String(settings.reusesWorkers),
            "merges": String(settings.merges),
            "attempt_timeout_ms": String(settings.attemptTimeoutMS),
            "stale_commits_max": String(settings.staleCommitsMax),
        ])
    }

    static func decode(_ text: String) throws -> RunSettings {
        let words = try TextCodec.pairs(text)
        var settings = RunSettings()
        settings.concurrentMax = words["concurrent_max"].flatMap { Int($0) } ?? settings.concurrentMax
        settings.agentKinds = (words["agent_kinds"] ?? "").split(separator: ",").map(String.init)
        settings.workerTags = (words["worker_tags"] ?? "").split(separator: ",").map(String.init)
        settings.worktree = words["worktree"] ?? ""
        settings.repository = words["repository"] ?? ""
        settings.baseBranch = words["base_branch"] ?? ""
        settings.planner = words["planner"] ?? ""
        settings.approvesPlan = words["approves_plan"] == "true"
        settings.reusesWorkers = words["reuses_workers"] != "false"
        settings.merges = words["merges"] != "false"
        settings.attemptTimeoutMS = words["attempt_timeout_ms"].flatMap { Int64($0) } ?? 0
        settings.staleCommitsMax = words["stale_commits_max"].flatMap { Int($0) } ?? settings.staleCommitsMax
        return settings
    }
}
