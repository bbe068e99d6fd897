import OrcaAPI
import OrcaProtobuf

/// Lays the board out on a screen of lines.
package struct BoardScreen {
    let model: BoardModel
    let width: Int
    let height: Int
    let style: Style
    let now: Int64
    let title: String

    package init(model: BoardModel, width: Int, height: Int, style: Style, now: Int64, title: String) {
        self.model = model
        self.width = width
        self.height = height
        self.style = style
        self.now = now
        self.title = title
    }

    /// Exactly `height` lines, none wider than `width` columns.
    package var lines: [String] {
        let layout = ScreenLayout(width: width, style: style)
        let blocks = [
            layout.block("Runs", runTable, model.runs.count),
            layout.block("Waits for a decision", gateTable, model.gates.count + model.questions.count),
            layout.block("Workers", workerTable, model.workers.count),
            layout.block("Mail", mailTable, model.mail.count),
        ]
        var lines = [header, ""] + ScreenLayout.fit(blocks, into: max(0, height - 3))
        lines = Array(lines.prefix(max(0, height - 1)))
        while lines.count < height - 1 { lines.append("") }
        return lines + [style.dim(TextWidth.fit("q quits", width))]
    }

    private var header: String {
        let clock = TimeText.clock((now / 1000) % 86_400) + " UTC"
        let left = TextWidth.fit("orca orchestration watch  \(TextWidth.inert(title))", max(0, width - clock.count - 1))
        let gap = max(1, width - TextWidth.columns(left) - clock.count)
        return style.bold(left) + String(repeating: " ", count: gap) + style.dim(TextWidth.fit(clock, width))
    }

    private var runTable: Table {
        var table = Table([
            .fixed("RUN"), .fixed("STATE"), .fixed("PROJECT"), .flexible("TASKS"), .fixed("SINCE"), .flexible("GOAL"),
        ])
        for run in model.runs {
            let state = run.status == .running ? run.phase.protoName : run.status.protoName
            table.add([
                .init(run.id, .strong), .init(state, Self.tone(run.status)), .init(run.project),
                .init(RunRow.progress(run)), .init(Clock.span(run.createdAt, run.completedAt, now: now)),
                .init(RunRow.goal(run)),
            ])
        }
        return table
    }

    private static func tone(_ status: OrcaV1.Run.Status) -> Tone {
        switch status {
        case .running: .active
        case .completed: .good
        case .failed: .bad
        case .stopped, .unspecified, .unrecognized: .warning
        }
    }

    private var gateTable: Table {
        var table = Table([.fixed("ID"), .fixed("TASK"), .fixed("FOR"), .flexible("QUESTION"), .flexible("OPTIONS")])
        for gate in model.gates {
            table.add([
                .init(gate.id, .warning), .init(gate.taskRef, .strong), .init(gate.audience.protoName),
                .init(gate.question), .init(gate.options.joined(separator: ", "), .faint),
            ])
        }
        for asked in model.questions { table.add(QuestionRow.cells(asked)) }
        return table
    }

    private var workerTable: Table {
        var table = Table([
            .fixed("TASK"), .flexible("TERMINAL"), .fixed("AGENT"), .fixed("STATE"), .fixed("PROMPT"), .fixed("SINCE"),
            .fixed("HEARD"),
        ])
        for worker in model.workers {
            let terminal = model.terminals[worker.terminal]
            let heard = [worker.lastHeartbeatAt, terminal?.lastOutputAt].compactMap(\.self)
                .max { $0.milliseconds < $1.milliseconds }
            table.add([
                .init(worker.taskRef, .strong), .init(worker.terminal), .init(terminal?.agentKind ?? ""),
                .init(Self.state(of: terminal), terminal == nil || terminal?.server?.lostSince != nil ? .bad : .active),
                .init(worker.prompt.protoName), .init(Clock.span(worker.dispatchedAt, nil, now: now)),
                .init(Clock.relative(heard, now: now)),
            ])
        }
        return table
    }

    /// What is lost with its server may be otherwise by now.
    private static func state(of terminal: OrcaV1.Terminal?) -> String {
        guard let terminal else { return "gone" }
        return terminal.server?.lostSince == nil ? terminal.state.protoName : "server lost"
    }

    private var mailTable: Table {
        var table = Table([
            .fixed("AT"), .fixed("TYPE"), .flexible("FROM"), .flexible("TO"), .flexible("SUBJECT"), .fixed("STATE"),
        ])
        for message in model.mail {
            let isUrgent = message.priority == .high || message.priority == .urgent
            table.add([
                .init(Clock.ofDay(message.createdAt), .faint), .init(message.type.protoName), .init(message.from),
                .init(message.to), .init(message.subject, isUrgent ? .warning : .plain),
                .init(message.delivery.protoName, message.readAt == nil ? .strong : .faint),
            ])
        }
        return table
    }
}
