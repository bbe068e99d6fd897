import OrcaAPI
import OrcaProtobuf

/// Events for people: one line each.
enum EventView {
    static func line(_ event: OrcaV1.Event, _ style: Style) -> String {
        var words = [
            style.dim(Clock.ofDay(event.at)), style.dim("#\(event.sequence)"),
            style.apply(tone(event.type), event.type),
            style.bold(subject(event)),
        ]
        let facts = facts(event)
        if !facts.isEmpty { words.append(facts) }
        if !event.actor.isEmpty { words.append(style.dim("by \(TextWidth.inert(event.actor))")) }
        return words.joined(separator: "  ")
    }

    static func tone(_ type: String) -> Tone {
        switch type.split(separator: ".").last {
        case "completed": .good
        case "failed", "circuit_broken": .bad
        case "expired", "released", "lost", "late": .warning
        case "claimed", "ready", "created": .active
        default: .plain
        }
    }

    /// The readable name where the event brings one.
    private static func subject(_ event: OrcaV1.Event) -> String {
        for name in ["ref", "task_ref", "key", "name"] {
            if let text = event.data?[name]?.stringValue, !text.isEmpty { return TextWidth.inert(text) }
        }
        return event.entityId
    }

    /// The plain values of the event's data, in a line of at most 120 columns.
    private static func facts(_ event: OrcaV1.Event) -> String {
        let hidden: Set<String> = [
            "ref", "task_ref", "name", "key", "task", "attempt", "lease", "project", "id", "version", "token", "status",
            "holder", "capacity",
        ]
        var words: [String] = []
        for (name, value) in (event.data?.fields ?? [:]).sorted(by: { $0.key < $1.key }) where !hidden.contains(name) {
            switch value {
            case .string(let text) where name == "commit": words.append("commit=\(text.prefix(12))")
            case .string(let text) where !text.isEmpty:
                words.append("\(name)=\(TextWidth.fit(TextWidth.inert(text), 60))")
            case .number(let number) where number != 0: words.append(Self.fact(name, number))
            case .bool(true): words.append(name)
            default: break
            }
        }
        return TextWidth.fit(words.joined(separator: " "), 120)
    }

    /// Durations and times are shown as such.
    private static func fact(_ name: String, _ number: Double) -> String {
        guard let whole = Int64(exactly: number) else { return "\(name)=\(number)" }
        if name.hasSuffix("_until") || name.hasSuffix("_at") || name.hasSuffix("_at_ms") {
            return "\(name)=\(TimeText.clock((whole / 1000) % 86_400))"
        }
        if name.hasSuffix("_ms") { return "\(name.dropLast(3))=\(DurationText.text(milliseconds: whole))" }
        return "\(name)=\(whole)"
    }
}
