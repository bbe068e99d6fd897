import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration watch`
enum BoardWatch {
    /// A burst of events is drawn once.
    private static let redrawMS: Int64 = 150
    private static let tickMS: Int64 = 1000

    static var command: Command {
        ContractCommand.live(
            "watch", "Live view of runs, workers, decisions and mail; q quits.",
            flags: [.value("run", .text, "RUN", "Only this run; the view ends with it.")],
            discussion: """
                In a pipe it prints how things stand, and then a line for everything that happens; with `--json` an object \
                a line: first `{"snapshot": …}`, then `{"event": …}`, and `{"ended": …}` when the named run has ended. The \
                exit code is 0 when that run was completed and 1 when it was not; Ctrl-C ends the view only.
                """,
            examples: [
                .init("orca orchestration watch", "Everything, on a terminal."),
                .init("orca orchestration watch --run run_1 --json", "One run, for a program."),
            ], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> Int32 {
        let run = call.text("run") ?? ""
        // Events from here on are looked at after the first reading, so that nothing falls between the two.
        let newest = try newest(call)
        var model = BoardModel()
        let client = try call.base.client()
        try model.refresh(client, workspace: call.workspace, run: run)
        let context = call.base.context
        if context.outputIsTerminal, context.inputIsTerminal, !call.base.isJSON {
            return try BoardView(call, run: run).show(&model, after: newest)
        }
        var feed = BoardFeed(call, run: run)
        return try feed.follow(&model, after: newest)
    }

    /// The number of the newest event.
    private static func newest(_ call: ContractCall) throws(APIError) -> Int64 {
        var request = OrcaV1.ListEventsRequest()
        request.workspace = call.workspace
        request.newestFirst = true
        request.limit = 1
        return try call.call(Operations.listEvents, request).events.first?.sequence ?? 0
    }

    /// What a watcher of the board looks at.
    static func isShown(_ event: OrcaV1.Event) -> Bool {
        ["run.", "gate.", "message.", "dispatch.", "task.", "terminal.exited", "lease.expired"]
            .contains { event.type.hasPrefix($0) }
    }

    /// The exit code for a run that has ended.
    static func exitCode(_ run: OrcaV1.Run) -> Int32 { run.status == .completed ? 0 : 1 }

    /// The board on a terminal.
    struct BoardView {
        let call: ContractCall
        let run: String

        init(_ call: ContractCall, run: String) {
            self.call = call
            self.run = run
        }

        func show(_ model: inout BoardModel, after: Int64) throws(APIError) -> Int32 {
            let client = try call.base.client()
            let out = call.base.context.out
            let inbox = try EventInbox(EventFollower(client, .init(workspace: call.workspace), after: after))
            defer { inbox.finish() }
            let terminal = try LiveTerminal()
            out.write(ScreenPainter.enter)
            let code: Int32
            do throws(APIError) {
                code = try loop(client, &model, inbox, terminal)
            } catch {
                out.write(ScreenPainter.leave)
                out.flush()
                throw error
            }
            out.write(ScreenPainter.leave)
            if let ended = model.run, ended.status != .running { out.write(BoardFeed.ending(ended)) }
            out.flush()
            return code
        }

        private func loop(
            _ client: any OrcaClient, _ model: inout BoardModel, _ inbox: EventInbox, _ terminal: LiveTerminal
        ) throws(APIError) -> Int32 {
            var painter = ScreenPainter()
            var isStale = false
            var lastRead = call.base.context.now()
            while true {
                if isStale, call.base.context.now() - lastRead >= redrawMS {
                    try model.refresh(client, workspace: call.workspace, run: run)
                    lastRead = call.base.context.now()
                    isStale = false
                }
                draw(model, &painter)
                if let named = model.run, named.status != .running { return exitCode(named) }
                switch terminal.wait(inbox.descriptor, milliseconds: isStale ? redrawMS : tickMS) {
                case .key(UInt8(ascii: "q")), .key(UInt8(ascii: "Q")), .key(3), .ended: return 0
                case .resized: painter.reset()
                case .other: isStale = try !inbox.take().isEmpty || isStale
                case .key: break
                // Terminals say nothing of their output; what is shown of it is read again now and then.
                case .nothing: isStale = isStale || !model.workers.isEmpty
                }
            }
        }

        private func draw(_ model: BoardModel, _ painter: inout ScreenPainter) {
            let size = LiveTerminal.size(1)
            let screen = BoardScreen(
                model: model, width: size.width, height: size.height, style: call.base.style,
                now: call.base.context.now(), title: run.isEmpty ? call.workspace : run)
            call.base.context.out.write(painter.paint(screen.lines))
            call.base.context.out.flush()
        }
    }
}

/// The board as lines: for pipes and programs.
struct BoardFeed {
    private let call: ContractCall
    private let run: String
    /// Ids of tasks that the named run has handed out.
    private var tasks: Set<String> = []

    init(_ call: ContractCall, run: String) {
        self.call = call
        self.run = run
    }

    mutating func follow(_ model: inout BoardModel, after: Int64) throws(APIError) -> Int32 {
        let client = try call.base.client()
        tell("snapshot", model.json) { model.lines.map { $0 + "\n" }.joined() }
        let follower = EventFollower(client, .init(workspace: call.workspace), after: after)
        defer { follower.cancel() }
        while true {
            if let named = model.run, named.status != .running {
                tell("ended", RunRow.json(named)) { Self.ending(named) }
                return BoardWatch.exitCode(named)
            }
            guard let event = try follower.next() else { return 0 }
            guard BoardWatch.isShown(event) else { continue }
            if !run.isEmpty, event.type.hasPrefix("run.") || event.type.hasPrefix("dispatch.") {
                try model.refresh(client, workspace: call.workspace, run: run)
            }
            guard belongs(event, model) else { continue }
            let object = try json(event)
            tell("event", object) { EventView.line(event, call.base.style) + "\n" }
        }
    }

    /// Whether an event is about the named run, its work or its mail.
    private mutating func belongs(_ event: OrcaV1.Event, _ model: BoardModel) -> Bool {
        guard !run.isEmpty else { return true }
        for worker in model.workers { tasks.insert(worker.task) }
        if event.entityId == run || event.data?["run"]?.stringValue == run { return true }
        if event.type.hasPrefix("message.") {
            return model.concerns(event.data?["from"]?.stringValue ?? "", event.data?["to"]?.stringValue ?? "")
        }
        return tasks.contains(event.entityId) || tasks.contains(event.data?["task"]?.stringValue ?? "")
    }

    private func json(_ event: OrcaV1.Event) throws(APIError) -> JSONValue {
        do {
            return try JSONValue(jsonBytes: event.jsonBytes())
        } catch {
            throw APIError("unreadable_answer", .internal, "An event could not be read: \(error.description).")
        }
    }

    private func tell(_ name: String, _ object: JSONValue, _ text: () -> String) {
        let out = call.base.context.out
        if call.base.isJSON {
            out.write(bytes: JSONValue.object([.init(name, object)]).jsonBytes() + [0x0A])
        } else {
            out.write(text())
        }
        out.flush()
    }

    static func ending(_ run: OrcaV1.Run) -> String {
        "Run \(run.id) \(run.status.protoName).\n" + (run.report.isEmpty ? "" : TextWidth.inertLines(run.report) + "\n")
    }
}
