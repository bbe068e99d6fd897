import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration send`
enum MailSend {
    static var command: Command {
        ContractCommand.verb(
            "send", "Send mail to a terminal, a run, an agent or a group.", changes: true,
            flags: [
                .value(
                    "to", .text, "ADDRESS",
                    "term_…, run_…, agent:NAME, coordinator, or a group: @all, @idle, @claude, @worktree:ID.",
                    required: true),
                .value("subject", .text, "TEXT", "What it is about.", required: true),
                ContractIdentity.flag("from", "Who sends it;"),
                .value("run", .text, "RUN", "With a group: only those that work for this run now."),
                .value("body", .text, "TEXT", "What it says."),
                .value("type", .choice(MessageRow.kindNames), "TYPE", "What kind of mail; status."),
                .value("priority", .choice(MessageRow.priorityNames), "PRIORITY", "How urgent; normal."),
                .value("thread-id", .text, "ID", "The thread it belongs to."),
                .value("payload", .text, "JSON", "Structured data. Not together with the flags that build it."),
                .value("task-id", .text, "TASK", "In the payload: the task."),
                .value("dispatch-id", .text, "ID", "In the payload: the dispatch (ctx_…)."),
                .value("files-modified", .text, "PATHS", "In the payload: files, separated by commas."),
                .value("report-path", .text, "PATH", "In the payload: a report."),
                .value("phase", .text, "TEXT", "In the payload: what is being done now."),
                .value(
                    "outcome", .choice(["succeeded", "failed"]), "OUTCOME",
                    "With worker_done: what became of the work; succeeded."),
            ],
            discussion: """
                A `worker_done` is checked when it is sent: its task, dispatch and sender must fit. Whether it counted, \
                and why not, stands in `lifecycle`. Mail to a terminal that has gone is kept and flagged; one that never \
                existed is an error.
                """,
            examples: [
                .init(
                    "orca orchestration send --to term_1 --subject 'Look at API-3' --body 'It fails on main.' --json",
                    "Plain mail."),
                .init(
                    "orca orchestration send --to coordinator --type worker_done --subject Done --task-id task_1 --dispatch-id ctx_1 --files-modified a.swift,b.swift",
                    "The end of a dispatch."),
            ], body: run)
    }

    private static let payloadFlags = ["task-id", "dispatch-id", "files-modified", "report-path", "phase"]

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        let to = try call.required("to")
        let kind = try kind(call)
        if to.hasPrefix("@"), kind == .workerDone || kind == .heartbeat {
            throw .invalid(
                "\(kind.protoName) messages must be sent to a concrete coordinator terminal handle, not a group address.",
                next: ["Send it to the coordinator that your prompt names, or --to coordinator."])
        }
        let payload = try payload(call)
        var request = OrcaV1.SendMessageRequest()
        request.workspace = call.workspace
        request.to = to
        request.type = kind
        request.subject = try call.required("subject")
        request.body = call.text("body") ?? ""
        request.priority = try priority(call)
        request.thread = call.text("thread-id") ?? ""
        request.payload = payload
        request.run = call.text("run") ?? ""
        request.outcome = try outcome(call)
        request.from = try ContractIdentity.resolve(call, flag: "from")
        return answer(try call.call(Operations.sendMessage, request))
    }

    private static func kind(_ call: ContractCall) throws(APIError) -> OrcaV1.Message.Kind {
        guard let word = call.text("type") else { return .status }
        guard let kind = MessageRow.kind(word) else {
            throw .invalid(
                "Invalid --type: \(word)", next: ["Use one of: \(MessageRow.kindNames.joined(separator: ", "))."])
        }
        return kind
    }

    private static func priority(_ call: ContractCall) throws(APIError) -> OrcaV1.Message.Priority {
        guard let word = call.text("priority") else { return .normal }
        guard MessageRow.priorityNames.contains(word), let priority = OrcaV1.Message.Priority(protoName: word) else {
            throw .invalid(
                "Invalid --priority: \(word)",
                next: ["Use one of: \(MessageRow.priorityNames.joined(separator: ", "))."])
        }
        return priority
    }

    private static func outcome(_ call: ContractCall) throws(APIError) -> OrcaV1.SendMessageRequest.Outcome {
        switch call.text("outcome") {
        case nil: return .unsaid
        case "succeeded": return .succeeded
        case "failed": return .failed
        case let word?: throw .invalid("Invalid --outcome: \(word)", next: ["Use succeeded or failed."])
        }
    }

    private static func payload(_ call: ContractCall) throws(APIError) -> String {
        let given = payloadFlags.filter { call.text($0) != nil }
        if let payload = call.text("payload") {
            guard given.isEmpty else {
                throw .invalid(
                    "Use either --payload or structured payload flags (\(given.map { "--\($0)" }.joined(separator: ", "))), not both.",
                    next: ["Put everything into --payload, or leave it out."])
            }
            return payload
        }
        guard !given.isEmpty else { return "" }
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ flag: String) {
            if let text = call.text(flag) { members.append(.init(name, .string(text))) }
        }
        add("taskId", "task-id")
        add("dispatchId", "dispatch-id")
        if call.text("files-modified") != nil {
            members.append(.init("filesModified", .array(call.words("files-modified").map { .string($0) })))
        }
        add("reportPath", "report-path")
        add("phase", "phase")
        return String(decoding: JSONValue.object(members).jsonBytes(), as: UTF8.self)
    }

    private static func answer(_ response: OrcaV1.SendMessageResponse) -> ContractAnswer {
        let rows = response.messages.map { MessageRow.json($0) }
        var result: JSONValue
        var text: String
        if response.isGroup {
            result = ["messages": .array(rows), "recipients": .whole(rows.count)]
            text = "Sent \(rows.count) messages to \(rows.count) recipients"
        } else {
            result = ["message": rows.first ?? .null]
            text = "Sent \(response.messages.first?.id ?? "")"
        }
        if !response.gone.isEmpty { result = result.adding(["recipientState": "gone"]) }
        if let lifecycle = response.lifecycle { result = result.adding(["lifecycle": json(lifecycle)]) }
        if let lifecycle = response.lifecycle, !lifecycle.accepted {
            text += "\nIt did not count (\(lifecycle.code)): \(lifecycle.reason)"
        }
        var answer = ContractAnswer(result, text)
        answer.notes = response.gone.map { "\($0) has exited; the mail is kept." }
        return answer
    }

    private static func json(_ lifecycle: OrcaV1.Lifecycle) -> JSONValue {
        guard !lifecycle.accepted else { return ["accepted": true] }
        return ["accepted": false, "code": .string(lifecycle.code), "reason": .string(lifecycle.reason)]
    }
}
