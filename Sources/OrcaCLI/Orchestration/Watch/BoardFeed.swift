import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

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
