import OrcaAPI
import OrcaProtobuf

/// `orca event watch`
enum EventWatch {
    static var command: Command {
        Command(
            "watch", "Follow events as they are committed; with --json one object a line.", aliases: ["follow"],
            flags: EventList.filters + [
                .value(
                    "after", .integer(-1...Int64.max), "N",
                    "Begin after this sequence: 0 is the beginning, -1 (the default) is now."),
                .value("count", .integer(1...Int64.max), "N", "Stop after this many events."),
            ],
            examples: [.init("orca event watch --type task. --json", "Every change of a task, for a program.")],
            run: run)
    }

    private static func run(_ call: Invocation) throws(APIError) {
        let filter = EventFollower.Filter(
            workspace: call.workspace, entity: call.text("entity") ?? "", typePrefix: call.text("type") ?? "")
        try follow(call, filter, after: call.integer("after") ?? -1, count: call.integer("count"))
    }

    static func follow(
        _ call: Invocation, _ filter: EventFollower.Filter, after: Int64, count: Int64? = nil
    ) throws(APIError) {
        let follower = EventFollower(try call.client(), filter, after: after)
        defer { follower.cancel() }
        var left = count ?? .max
        while left > 0, let event = try follower.next() {
            print(event, call)
            left -= 1
        }
    }

    /// One event, at once: whoever follows wants to see it now.
    static func print(_ event: OrcaV1.Event, _ call: Invocation) {
        if call.isJSON {
            call.context.out.write(bytes: event.jsonBytes() + [0x0A])
        } else {
            call.context.out.write(EventView.line(event, call.style) + "\n")
        }
        call.context.out.flush()
    }
}
