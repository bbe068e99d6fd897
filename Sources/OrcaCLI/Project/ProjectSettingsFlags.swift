import OrcaAPI
import OrcaProtobuf

/// The flags of a project's settings, shared by create and update.
enum ProjectSettingsFlags {
    static let all: [Flag] = [
        .value("lease-ttl", .duration, "DURATION", "How long a lease lives without renewal; 5m."),
        .value(
            "max-concurrent", .integer(0...1_000_000), "N", "How many tasks may be worked on at once; 0 means no limit."
        ),
        .value("distribution", .choice(distributions), "WAY", "How tasks reach agents; pull."),
        .value("offer-ttl", .duration, "DURATION", "How long an offer waits to be accepted; 15s."),
        .list("allow-tag", .text, "TAG", "Only agents with one of these tags may claim."),
        .value(
            "adopt-late", .choice(["yes", "no"]), "YES|NO",
            "Accept a completion whose lease was lost while nobody else holds the task; yes."),
        .value(
            "expiry-counts", .choice(["yes", "no"]), "YES|NO", "Whether an expired lease counts as a failure; yes."),
        .value("max-attempts", .integer(1...1000), "N", "Consecutive failures after which a task has failed; 3."),
        .value("backoff", .duration, "DURATION", "Wait before the second attempt; 1s, doubling with every failure."),
        .value("backoff-max", .duration, "DURATION", "The longest wait between attempts; 5m."),
    ]

    private static let distributions = ["pull", "round_robin", "least_loaded", "capacity", "manual"]

    /// The settings that were given; `nil` when none was.
    static func settings(_ call: Invocation) -> OrcaV1.ProjectSettings? {
        var settings = OrcaV1.ProjectSettings()
        settings.leaseTtlMs = milliseconds(call, "lease-ttl")
        settings.maxConcurrent = call.integer32("max-concurrent") ?? 0
        settings.distribution = call.text("distribution").flatMap { .init(protoName: $0) } ?? .unspecified
        settings.offerTtlMs = milliseconds(call, "offer-ttl")
        settings.allowedAgentTags = call.words("allow-tag")
        settings.adoptLateCompletions = call.text("adopt-late").map { $0 == "yes" }
        settings.expiryCounts = call.text("expiry-counts").map { $0 == "yes" }
        settings.retry = retry(call)
        return settings == OrcaV1.ProjectSettings() ? nil : settings
    }

    /// The retry policy of `--max-attempts`, `--backoff` and `--backoff-max`.
    static func retry(_ call: Invocation) -> OrcaV1.RetryPolicy? {
        var retry = OrcaV1.RetryPolicy()
        retry.maxAttempts = call.integer32("max-attempts") ?? 0
        retry.backoffInitialMs = milliseconds(call, "backoff")
        retry.backoffMaxMs = milliseconds(call, "backoff-max")
        return retry == OrcaV1.RetryPolicy() ? nil : retry
    }

    private static func milliseconds(_ call: Invocation, _ name: String) -> Int32 {
        Int32(clamping: call.milliseconds(name) ?? 0)
    }
}
