import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration check`
enum MailCheck {
    static var command: Command {
        ContractCommand.verb(
            "check", "Get unread mail, waiting for some if asked to.", changes: true,
            flags: [
                ContractIdentity.flag("terminal", "Whose mail;"),
                .toggle("unread", "Unread mail, the oldest first; the default."),
                .toggle("all", "The newest 100, read or not; marks nothing."),
                .value("types", .text, "TYPES", "Only these kinds, separated by commas."),
                .toggle("inject", "Also as text for an agent's eyes."),
                .toggle("wait", "Wait until there is some; two minutes unless --timeout-ms says otherwise."),
                .value("timeout-ms", .integer(1...Int64(Int32.max)), "N", "With --wait: give up after this long."),
                .toggle("peek", "Only look: it stays unread."),
                .toggle("hold", "Keep it for five minutes until it is acknowledged; then it comes again."),
                .value("ack", .text, "ID", "First acknowledge what came under this deliveryId."),
            ],
            discussion: """
                Mail counts as read once it has been written out; a caller that vanishes before leaves it unread. Two \
                callers never get the same mail. While it waits, a line of JSON goes to standard error every 15 seconds.
                """,
            examples: [
                .init("orca orchestration check --json", "What is new."),
                .init(
                    "orca orchestration check --wait --types worker_done,escalation --timeout-ms 900000 --json",
                    "Wait a quarter of an hour for a worker."),
            ], body: run)
    }

    /// How long `--wait` waits when nothing else is said.
    private static let waitStandardMS: Int64 = 120_000
    private static let allRows: Int32 = 100

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        let types = try types(call)
        let timeout = try call.strictPositiveInteger("timeout-ms")
        let terminal = try ContractIdentity.resolve(call, flag: "terminal")
        let acknowledged = try acknowledge(terminal, call)
        if call.isOn("all"), !call.isOn("unread") {
            var request = OrcaV1.ListMessagesRequest()
            request.workspace = call.workspace
            request.recipient = terminal
            request.limit = allRows
            let page = try call.call(Operations.listMessages, request)
            let shown = page.messages.filter { types.isEmpty || types.contains($0.type) }
            return answer(shown, page.formatted, call)
        }
        var request = OrcaV1.TakeMessagesRequest()
        request.workspace = call.workspace
        request.recipient = terminal
        request.delivery = call.requestID
        request.types = types
        request.peek = call.isOn("peek")
        request.hold = call.isOn("hold")
        let response = try take(request, call, timeout: timeout)
        var answer = answer(response.messages, response.formatted, call)
        if let acknowledged { answer.result = answer.result.adding(["acknowledged": .whole(acknowledged)]) }
        guard !response.messages.isEmpty, !request.peek else { return answer }
        answer.result = answer.result.adding(["deliveryId": .string(request.delivery)])
        if !request.hold { answer.afterDelivery = mark(request, response.messages, call) }
        return answer
    }

    private static func take(
        _ request: OrcaV1.TakeMessagesRequest, _ call: ContractCall, timeout: Int64?
    ) throws(APIError) -> OrcaV1.TakeMessagesResponse {
        guard call.isOn("wait") else { return try call.call(Operations.takeMessages, request) }
        let heartbeat = StderrHeartbeat(call, deadlineMS: timeout)
        defer { heartbeat.stop() }
        let wait = PatientWait(call, milliseconds: timeout ?? waitStandardMS)
        let found = try wait.until { (stepMS) throws(APIError) -> OrcaV1.TakeMessagesResponse? in
            var step = request
            step.waitMs = stepMS
            let response = try call.callPatiently(Operations.takeMessages, step)
            return response.messages.isEmpty ? nil : response
        }
        return found ?? OrcaV1.TakeMessagesResponse()
    }

    private static func mark(
        _ request: OrcaV1.TakeMessagesRequest, _ messages: [OrcaV1.Message], _ call: ContractCall
    ) -> (() throws(APIError) -> Void) {
        { () throws(APIError) in
            var mark = OrcaV1.MarkMessagesRequest()
            mark.workspace = request.workspace
            mark.recipient = request.recipient
            mark.delivery = request.delivery
            mark.messages = messages.map(\.id)
            _ = try call.call(Operations.markMessages, mark)
        }
    }

    private static func acknowledge(_ terminal: String, _ call: ContractCall) throws(APIError) -> Int? {
        guard let delivery = call.text("ack") else { return nil }
        var request = OrcaV1.MarkMessagesRequest()
        request.workspace = call.workspace
        request.recipient = terminal
        request.delivery = delivery
        request.acknowledge = true
        return try call.call(Operations.markMessages, request).messages.count
    }

    private static func types(_ call: ContractCall) throws(APIError) -> [OrcaV1.Message.Kind] {
        let words = call.words("types")
        let unknown = words.filter { MessageRow.kind($0) == nil }
        guard unknown.isEmpty else {
            throw .invalid(
                "Invalid --types: \(unknown.joined(separator: ","))",
                next: ["Use some of: \(MessageRow.kindNames.joined(separator: ", "))."])
        }
        return words.compactMap { MessageRow.kind($0) }
    }

    private static func answer(
        _ messages: [OrcaV1.Message], _ formatted: String, _ call: ContractCall
    ) -> ContractAnswer {
        var result: JSONValue = [
            "messages": .array(messages.map { MessageRow.json($0) }), "count": .whole(messages.count),
        ]
        if call.isOn("inject") { result = result.adding(["formatted": .string(formatted)]) }
        if messages.isEmpty { return ContractAnswer(result, "No messages.") }
        let text = call.isOn("inject") ? formatted : messages.map { MessageRow.line($0) }.joined(separator: "\n")
        return ContractAnswer(result, text)
    }
}
