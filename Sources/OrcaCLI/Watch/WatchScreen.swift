import OrcaAPI
import OrcaProtobuf

/// Lays a model out on a screen of lines.
package struct WatchScreen {
    let model: WatchModel
    let width: Int
    let height: Int
    let style: Style
    let now: Int64
    let title: String

    package init(model: WatchModel, width: Int, height: Int, style: Style, now: Int64, title: String) {
        self.model = model
        self.width = width
        self.height = height
        self.style = style
        self.now = now
        self.title = title
    }

    /// Exactly `height` lines, none wider than `width` columns.
    package var lines: [String] {
        var lines = [header, bar, ""]
        let footer = 1
        let room = height - lines.count - footer
        let eventRows = min(model.events.count, max(3, room / 3))
        let layout = ScreenLayout(width: width, style: style)
        var blocks: [[String]] = []
        blocks.append(layout.block("Working", workingTable, model.count(of: "dispatched", listed: model.working.count)))
        if !model.failed.isEmpty {
            blocks.append(layout.block("Failed", failedTable, model.count(of: "failed", listed: model.failed.count)))
        }
        blocks.append(layout.block("Ready", readyTable, model.count(of: "ready", listed: model.ready.count)))
        blocks.append(layout.block("Agents", agentTable, presentAgents.count))
        lines += ScreenLayout.fit(blocks, into: max(0, room - eventRows - 1))
        while lines.count < height - footer - eventRows - 1 { lines.append("") }
        lines.append(style.bold("Events"))
        lines += model.events.suffix(eventRows).map { cut(EventView.line($0, .plain)) }
        lines = Array(lines.prefix(height - footer))
        while lines.count < height - footer { lines.append("") }
        return lines + [style.dim(TextWidth.fit("q quits", width))]
    }

    private var header: String {
        let clock = TimeText.clock((now / 1000) % 86_400) + " UTC"
        let left = "orca watch  \(title)"
        let gap = max(1, width - TextWidth.columns(left) - clock.count)
        return style.bold(TextWidth.fit(left, width)) + String(repeating: " ", count: gap)
            + style.dim(TextWidth.fit(clock, max(0, width - left.count)))
    }

    /// Counts, and a bar of what is done.
    private var bar: String {
        let total = model.counts.values.reduce(0, +)
        let done = model.counts["completed"] ?? 0
        let shown = ["ready", "dispatched", "pending", "blocked", "completed", "failed", "canceled"]
            .compactMap { name in (model.counts[name] ?? 0) > 0 ? "\(model.counts[name] ?? 0) \(name)" : nil }
        let text = total == 0 ? "no tasks" : shown.joined(separator: "  ")
        let barWidth = min(30, width - TextWidth.columns(text) - 3)
        guard total > 0, barWidth >= 10 else { return TextWidth.fit(text, width) }
        let filled = Int(done) * barWidth / Int(total)
        return style.green(String(repeating: "█", count: filled))
            + style.dim(String(repeating: "░", count: barWidth - filled)) + "  " + text
    }

    private func cut(_ text: String) -> String { TextWidth.fit(text, width) }

    private var workingTable: Table {
        var table = Table([
            .flexible("AGENT"), .fixed("TASK"), .flexible("TITLE"), .number("NO"), .fixed("SINCE"), .fixed("LEASE"),
            .flexible("PROGRESS"),
        ])
        for attempt in model.working {
            let lease = model.leases[attempt.id]
            table.add([
                .init(attempt.agent, .active), .init(attempt.taskRef, .strong),
                .init(model.titles[attempt.taskRef] ?? ""),
                .init(String(attempt.number)), .init(Clock.span(attempt.startedAt, nil, now: now)),
                .init(Clock.relative(lease?.expiresAt, now: now)), .init(AttemptView.progress(attempt)),
            ])
        }
        return table
    }

    private var failedTable: Table {
        var table = Table([.fixed("TASK"), .flexible("TITLE"), .flexible("WHY")])
        for task in model.failed { table.add([.init(task.ref, .bad), .init(task.title), .init(task.error)]) }
        return table
    }

    private var readyTable: Table {
        var table = Table([.fixed("TASK"), .number("PRIO"), .flexible("TITLE"), .flexible("NEEDS")])
        for task in model.ready {
            table.add([
                .init(task.ref, .strong), .init(String(task.priority)), .init(task.title),
                .init(task.requiredTags.joined(separator: " "), .faint),
            ])
        }
        return table
    }

    private var presentAgents: [OrcaV1.Agent] { model.agents.filter { $0.status != .offline } }

    private var agentTable: Table {
        var table = Table([.flexible("AGENT"), .fixed("STATUS"), .fixed("WORK"), .fixed("SEEN"), .flexible("TAGS")])
        for agent in presentAgents {
            table.add([
                .init(agent.name, .strong), .init(agent.status.protoName, AgentView.tone(agent.status)),
                .init("\(agent.activeLeases)/\(agent.capacity)"), .init(Clock.relative(agent.lastSeenAt, now: now)),
                .init(agent.tags.joined(separator: " "), .faint),
            ])
        }
        return table
    }
}
