import OrcaAPI
import OrcaConnect

/// `orca watch`
enum WatchCommand {
    /// A burst of events is drawn once.
    private static let redrawMS: Int64 = 150
    private static let tickMS: Int64 = 1000

    static var command: Command {
        Command(
            "watch", "Live view of tasks and agents; q quits.", section: .daily,
            discussion: "In a pipe, or with --json, it prints events as they happen.",
            examples: [.init("orca watch -p API", "Only one project.")], run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        guard call.context.outputIsTerminal, call.context.inputIsTerminal, !call.isJSON else {
            return try EventWatch.follow(call, EventFollower.Filter(workspace: call.workspace), after: -1)
        }
        let client = try call.client()
        var model = WatchModel()
        model.project = call.project
        try model.refresh(client, workspace: call.workspace)
        let newest = try recent(client, call.workspace)
        for event in newest { _ = model.take(event) }
        let inbox = try EventInbox(
            EventFollower(client, .init(workspace: call.workspace), after: newest.last?.sequence ?? -1))
        defer { inbox.finish() }
        let terminal = try LiveTerminal()
        call.context.out.write(ScreenPainter.enter)
        defer {
            call.context.out.write(ScreenPainter.leave)
            call.context.out.flush()
        }
        try show(call, client, &model, inbox, terminal)
    }

    private static func show(
        _ call: Invocation, _ client: any OrcaClient, _ model: inout WatchModel, _ inbox: EventInbox,
        _ terminal: LiveTerminal
    ) throws(APIError) {
        var painter = ScreenPainter()
        var isStale = false
        var lastRead = call.context.now()
        while true {
            if isStale, call.context.now() - lastRead >= redrawMS {
                try model.refresh(client, workspace: call.workspace)
                lastRead = call.context.now()
                isStale = false
            }
            draw(call, model, &painter)
            switch terminal.wait(inbox.descriptor, milliseconds: isStale ? redrawMS : tickMS) {
            case .key(UInt8(ascii: "q")), .key(UInt8(ascii: "Q")), .key(3), .ended: return
            case .resized: painter.reset()
            case .other: for event in try inbox.take() where model.take(event) { isStale = true }
            case .key, .nothing: break
            }
        }
    }

    private static func draw(_ call: Invocation, _ model: WatchModel, _ painter: inout ScreenPainter) {
        let size = LiveTerminal.size(1)
        let title = call.workspace + (model.project.map { " / \($0)" } ?? "")
        let screen = WatchScreen(
            model: model, width: size.width, height: size.height, style: call.style, now: call.context.now(),
            title: title)
        call.context.out.write(painter.paint(screen.lines))
        call.context.out.flush()
    }

    private static func recent(_ client: any OrcaClient, _ workspace: String) throws(APIError) -> [OrcaV1.Event] {
        var request = OrcaV1.ListEventsRequest()
        request.workspace = workspace
        request.newestFirst = true
        request.limit = 50
        return try client.call(Operations.listEvents, request).events.reversed()
    }
}
