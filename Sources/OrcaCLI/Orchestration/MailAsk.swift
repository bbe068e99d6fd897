import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration ask`
enum MailAsk {
    static var command: Command {
        ContractCommand.verb(
            "ask", "Ask somebody and wait for the answer.", changes: true,
            flags: [
                .value("to", .text, "ADDRESS", "Whom to ask: term_…, run_…, agent:NAME or coordinator; no group."),
                .value("question", .text, "TEXT", "The question."),
                .value("options", .text, "WORDS", "What one may choose from, separated by commas."),
                .value("timeout-ms", .integer(1...Int64(Int32.max)), "N", "Give up after this long; 600000."),
                ContractIdentity.flag("from", "Who asks;"),
                .value("resume", .text, "MESSAGE", "Wait on for a question that was asked before: its threadId."),
            ],
            discussion: """
                With `--json` the answer is one line without an envelope: `{"answer", "messageId", "threadId", \
                "timedOut"}`. The question stays open when the time is up (exit code 1): `--resume` goes on waiting, also \
                after a restart of either side.
                """,
            examples: [
                .init(
                    "orca orchestration ask --to coordinator --question 'Shared or page-only?' --options shared,page-only --json",
                    "Ask for a decision."),
                .init("orca orchestration ask --resume msg_1 --json", "Go on waiting."),
            ], body: run)
    }

    private static let timeoutStandardMS: Int64 = 600_000

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        let timeout = try call.strictPositiveInteger("timeout-ms") ?? timeoutStandardMS
        let resumed = call.text("resume")
        let question = if let resumed { resumed } else { try ask(call) }
        let wait = PatientWait(call, milliseconds: timeout)
        let answer = try wait.until { (stepMS) throws(APIError) -> OrcaV1.Message? in
            var request = OrcaV1.AwaitAnswerRequest()
            request.workspace = call.workspace
            request.question = question
            request.waitMs = stepMS
            return try call.callPatiently(Operations.awaitAnswer, request).answer
        }
        guard let answer else { return timedOut(question, timeout) }
        var told = ContractAnswer(
            result(answer: .string(answer.body), message: .string(answer.id), question, timedOut: false), answer.body)
        told.isBare = true
        told.afterDelivery = { () throws(APIError) in
            var mark = OrcaV1.MarkAnswerRequest()
            mark.workspace = call.workspace
            mark.question = question
            _ = try call.call(Operations.markAnswer, mark)
        }
        return told
    }

    private static func ask(_ call: ContractCall) throws(APIError) -> String {
        let to = try call.required("to")
        let question = try call.required("question")
        guard !to.hasPrefix("@") else {
            throw .invalid("ask does not support group addresses; use send --type decision_gate for fan-out questions")
        }
        var request = OrcaV1.AskQuestionRequest()
        request.workspace = call.workspace
        request.to = to
        request.question = question
        request.options = call.words("options")
        request.from = try ContractIdentity.resolve(call, flag: "from")
        return try call.call(Operations.askQuestion, request).message?.id ?? ""
    }

    private static func timedOut(_ question: String, _ timeout: Int64) -> ContractAnswer {
        var answer = ContractAnswer(
            result(answer: .null, message: .null, question, timedOut: true), "", exitCode: 1)
        answer.isBare = true
        answer.notes = [
            "ask timeout after \(timeout)ms (thread \(question))",
            "Next step: wait on with 'orca orchestration ask --resume \(question)'.",
        ]
        return answer
    }

    private static func result(
        answer: JSONValue, message: JSONValue, _ question: String, timedOut: Bool
    ) -> JSONValue {
        ["answer": answer, "messageId": message, "threadId": .string(question), "timedOut": .bool(timedOut)]
    }
}
