import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration reply`
enum MailReply {
    static var command: Command {
        ContractCommand.verb(
            "reply", "Answer a message; the original counts as read.", changes: true,
            flags: [
                .value("id", .text, "MESSAGE", "The message to answer.", required: true),
                .value("body", .text, "TEXT", "The answer.", required: true),
                ContractIdentity.flag("from", "Who answers; the recipient of the original, else"),
            ],
            examples: [
                .init("orca orchestration reply --id msg_1 --body 'Use the shared one.' --json", "Answer a question.")
            ],
            body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.ReplyMessageRequest()
        request.workspace = call.workspace
        request.message = try call.required("id")
        request.body = try call.required("body")
        // Without a word about it, whoever got the message answers it.
        request.from = ContractIdentity.known(call, flag: "from") ?? ""
        let response = try call.call(Operations.replyMessage, request)
        let message = response.message ?? OrcaV1.Message()
        return ContractAnswer(["message": MessageRow.json(message)], "Sent \(message.id)")
    }
}
