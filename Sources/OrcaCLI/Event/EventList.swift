import OrcaAPI

/// `orca event list`, `orca log`
enum EventList {
    static let rowsDefault: Int32 = 50

    static let filters: [Flag] = [
        .value("entity", .entity(.task), "ID", "Only events of this entity: an id, or a task's ref."),
        .value("type", .text, "PREFIX", "Only events whose type begins with this: task., lease.expired."),
    ]

    static var command: Command {
        Command(
            "list", "Read events after a sequence number, or the newest ones.",
            flags: filters + [
                .value("after", .integer(0...Int64.max), "N", "Only events with a greater sequence."),
                .value("limit", short: "n", .integer(1...1000), "N", "At most this many; 50."),
                .value(
                    "wait", .duration, "DURATION", "With --after: wait this long when there is none yet; at most 60s."),
            ], run: run)
    }

    /// `orca log [TASK]`
    static var log: Command {
        Command(
            "log", "Show what happened lately, oldest first.", section: .daily,
            arguments: [
                Argument("entity", .entity(.task), "A task's ref, or any id; everything when left out.", optional: true)
            ],
            flags: [
                .value("type", .text, "PREFIX", "Only events whose type begins with this."),
                .value("limit", short: "n", .integer(1...1000), "N", "At most this many; 50."),
                .toggle("follow", short: "f", "Go on with what happens from now on."),
            ],
            examples: [
                .init("orca log API-12", "The history of a task."),
                .init("orca log -f --type lease.", "Leases as they change."),
            ],
            run: runLog)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.ListEventsRequest()
        request.workspace = call.workspace
        request.entity = call.text("entity") ?? ""
        request.typePrefix = call.text("type") ?? ""
        request.limit = call.integer32("limit") ?? rowsDefault
        request.after = call.integer("after") ?? 0
        request.waitMs = Int32(clamping: min(60_000, call.milliseconds("wait") ?? 0))
        request.newestFirst = call.text("after") == nil
        var response = try call.call(Operations.listEvents, request)
        if request.newestFirst { response.events.reverse() }
        call.answer(response) { lines(response.events, call) }
    }

    private static func runLog(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.ListEventsRequest()
        request.workspace = call.workspace
        request.entity = call.text("entity") ?? ""
        request.typePrefix = call.text("type") ?? ""
        request.limit = call.integer32("limit") ?? rowsDefault
        request.newestFirst = true
        var response = try call.call(Operations.listEvents, request)
        response.events.reverse()
        if call.isOn("follow") {
            for event in response.events { EventWatch.print(event, call) }
            let filter = EventFollower.Filter(
                workspace: call.workspace, entity: request.entity, typePrefix: request.typePrefix)
            try EventWatch.follow(call, filter, after: max(response.lastSequence, response.events.last?.sequence ?? 0))
            return
        }
        call.answer(response) { lines(response.events, call) }
    }

    private static func lines(_ events: [OrcaV1.Event], _ call: Invocation) -> String {
        if call.isQuiet { return events.map { "\($0.sequence)\n" }.joined() }
        return events.map { EventView.line($0, call.style) + "\n" }.joined()
    }
}
