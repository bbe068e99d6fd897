import OrcaAPI
import OrcaConnect
import OrcaProtobuf
import OrcaSupport

/// Questions of workers that nobody's terminal is asked: they wait for the user, beside the gates.
enum QuestionRow {
    static func list(_ client: any OrcaClient, workspace: String) throws(APIError) -> [OrcaV1.OpenQuestion] {
        var request = OrcaV1.ListQuestionsRequest()
        request.workspace = workspace
        return try client.call(Operations.listQuestions, request).questions.filter {
            $0.message?.to.hasPrefix("term_") != true
        }
    }

    static func json(_ asked: OrcaV1.OpenQuestion) -> JSONValue {
        [
            "id": .string(asked.message?.id ?? ""), "task": .string(asked.taskRef),
            "from": .string(asked.message?.from ?? ""), "to": .string(asked.message?.to ?? ""),
            "question": .string(asked.question), "options": .array(asked.options.map { .string($0) }),
            "asked_at": .time(asked.message?.createdAt),
        ]
    }

    static func line(_ asked: OrcaV1.OpenQuestion) -> String {
        let choice = asked.options.isEmpty ? "" : " (\(asked.options.joined(separator: ", ")))"
        return "\(asked.message?.id ?? "") [asked] \(asked.taskRef): \(asked.question)\(choice)"
    }

    /// Cells for a table of gates that has no column for the status.
    static func cells(_ asked: OrcaV1.OpenQuestion) -> [Table.Cell] {
        [
            .init(asked.message?.id ?? "", .warning), .init(asked.taskRef, .strong), .init("user"),
            .init(asked.question), .init(asked.options.joined(separator: ", "), .faint),
        ]
    }
}
