import OrcaDomain
import OrcaStore
import OrcaSupport

/// What mail from the workers of a run means to the run: a question about a task, or a cry for help, becomes a gate on
/// it. The attempt ends there, so that nobody else can begin the same work while its first worker still has it open.
struct RunMail {
    private static let questionCharactersMax = 4_000

    private let ledger: Ledger

    init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    /// Only mail of a worker about its own live dispatch in a live run counts; all other mail is only mail.
    func carryOut(_ message: Message) throws {
        let tx = ledger.tx
        guard message.type == .decisionGate || message.type == .escalation,
            let payload = try MailPayload.read(message.payload), let word = payload["taskId"]?.stringValue,
            case .terminal(let sender) = MailAddress(message.from), let record = try tx.dispatches.live(in: sender),
            let id = record.run, let run = try tx.runs.find(id), run.status == .running,
            let task = try tx.tasks.find(record.task), task.id.text == word || task.ref == word
        else { return }
        var gate = OpenGate.Input(task: task, question: Self.question(of: message, payload))
        gate.options = (payload["options"]?.arrayValue ?? []).compactMap(\.stringValue)
            .filter { !$0.isEmpty && $0.utf8.count <= Limits.textBytesMax }
        if gate.options.count > Limits.optionsMax || Set(gate.options).count != gate.options.count { gate.options = [] }
        // Without a coordinator there is only the user to ask.
        gate.audience = run.coordinator.isEmpty ? .user : .coordinator
        gate.run = run.id
        gate.message = message.id
        _ = try OpenGate.run(gate, in: tx, ledger.context)
    }

    private static func question(of message: Message, _ payload: JSONValue) -> String {
        let asked = payload["question"]?.stringValue ?? ""
        let text =
            asked.isEmpty ? [message.subject, message.body].filter { !$0.isEmpty }.joined(separator: "\n") : asked
        return String(text.prefix(questionCharactersMax))
    }
}
