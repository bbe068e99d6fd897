import OrcaAPI
import OrcaProtobuf

/// Flags for what a task says, shared by create and update.
enum TaskFieldFlags {
    static let all: [Flag] = [
        .value("spec", .text, "TEXT", "What to do, in Markdown; @FILE reads a file, - standard input."),
        .value("priority", .integer(-1000...1000), "N", "Higher is sooner; 0."),
        .list("tag", .text, "TAG", "Only agents that have this tag may claim. Commas separate several."),
        .list("capability", .text, "NEED", "What the agent must have: gpu, os=linux, memory_gb>=16."),
        .list("label", .text, "WORD", "A word for people and filters. Commas separate several."),
        .list("contract-command", .text, "COMMAND", "A command that must succeed before the task counts as completed."),
        .list(
            "contract-file", .file, "PATH",
            "A file that must exist and not be empty before the task counts as completed."),
        .list("context", .pair, "KEY=VALUE", "A fact for whoever works on it; children inherit it."),
        .value("not-before", .time, "TIME", "Not before this time: 2030-01-31T08:00:00Z or +15m."),
        .value("assignee", .entity(.agent), "AGENT", "The only agent that may claim it."),
        .value("max-attempts", .integer(1...1000), "N", "Consecutive failures after which it has failed."),
        .value("backoff", .duration, "DURATION", "Wait before the second attempt, doubling with every failure."),
        .value("backoff-max", .duration, "DURATION", "The longest wait between attempts."),
    ]

    static func contract(_ call: Invocation) -> [OrcaV1.ContractItem] {
        let commands = call.list("contract-command").map { OrcaV1.ContractItem.Requirement.command($0) }
        let files = call.list("contract-file").map { OrcaV1.ContractItem.Requirement.file($0) }
        return (commands + files).map { requirement in .with { $0.requirement = requirement } }
    }

    static func notBefore(_ call: Invocation) -> ProtoTimestamp? {
        call.text("not-before").flatMap { TimeText.milliseconds($0, now: call.context.now()) }.map {
            ProtoTimestamp(milliseconds: $0)
        }
    }

    static func spec(_ call: Invocation) throws(APIError) -> String? {
        guard let text = call.text("spec") else { return nil }
        return try TextInput.value(text, call)
    }
}
