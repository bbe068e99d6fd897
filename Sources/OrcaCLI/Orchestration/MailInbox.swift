import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration inbox`
enum MailInbox {
    static var command: Command {
        ContractCommand.verb(
            "inbox", "List mail, the newest first; marks nothing.",
            flags: [
                .value("limit", .integer(1...1000), "N", "At most this many; 20."),
                .value("terminal", .text, "HANDLE", "Only mail to this recipient; all by default."),
                .toggle("full", "With the bodies."),
            ],
            examples: [.init("orca orchestration inbox --limit 5 --full", "The last five, whole.")], body: run)
    }

    private static let rowsStandard: Int64 = 20

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.ListMessagesRequest()
        request.workspace = call.workspace
        request.limit = Int32(clamping: try call.positiveInteger("limit") ?? rowsStandard)
        request.recipient = call.text("terminal") ?? ""
        let page = try call.call(Operations.listMessages, request)
        let result: JSONValue = [
            "messages": .array(page.messages.map { MessageRow.json($0) }), "count": .whole(page.messages.count),
        ]
        if page.messages.isEmpty { return ContractAnswer(result, "No messages.") }
        if call.isOn("full") { return ContractAnswer(result, page.formatted) }
        let lines = page.messages.map { message in
            "\(message.id) [\(message.type.protoName)] from=\(message.from) to=\(message.to) \"\(message.subject)\""
        }
        return ContractAnswer(result, lines.joined(separator: "\n"))
    }
}
