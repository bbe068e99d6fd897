import OrcaDomain
import OrcaStore

/// Project settings as JSON: a flat object of words, so that a setting added later is simply absent in old rows.
enum ProjectSettingsCodec {
    static func encode(_ settings: ProjectSettings) -> String {
        TextCodec.encode([
            "lease_ttl_ms": String(settings.leaseTTLMS),
            "concurrent_max": String(settings.concurrentMax),
            "distribution": settings.distribution.rawValue,
            "offer_ttl_ms": String(settings.offerTTLMS),
            "allowed_agent_tags": settings.allowedAgentTags.joined(separator: ","),
            "adopts_late_completions": String(settings.adoptsLateCompletions),
            "expiry_counts": String(settings.expiryCounts),
            "attempts_max": String(settings.retry.attemptsMax),
            "backoff_initial_ms": String(settings.retry.backoffInitialMS),
            "backoff_max_ms": String(settings.retry.backoffMaxMS),
        ])
    }

    static func decode(_ text: String) throws -> ProjectSettings {
        let words = try TextCodec.pairs(text)
        var settings = ProjectSettings()
        settings.leaseTTLMS = words["lease_ttl_ms"].flatMap { Int64($0) } ?? settings.leaseTTLMS
        settings.concurrentMax = words["concurrent_max"].flatMap { Int($0) } ?? 0
        if let word = words["distribution"] { settings.distribution = try Distribution.stored(word) }
        settings.offerTTLMS = words["offer_ttl_ms"].flatMap { Int64($0) } ?? settings.offerTTLMS
        settings.allowedAgentTags =
            words["allowed_agent_tags"].map { $0.split(separator: ",").map(String.init) } ?? []
        settings.adoptsLateCompletions = words["adopts_late_completions"] != "false"
        settings.expiryCounts = words["expiry_counts"] != "false"
        let standard = settings.retry
        settings.retry = RetryPolicy(
            attemptsMax: words["attempts_max"].flatMap { Int($0) } ?? standard.attemptsMax,
            backoffInitialMS: words["backoff_initial_ms"].flatMap { Int64($0) } ?? standard.backoffInitialMS,
            backoffMaxMS: words["backoff_max_ms"].flatMap { Int64($0) } ?? standard.backoffMaxMS)
        return settings
    }
}
