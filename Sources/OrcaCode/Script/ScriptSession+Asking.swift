import OrcaAPI
import OrcaProtobuf
import OrcaSupport

/// `orca.user.ask({question, options?, task?})`: from the user's client when it can ask, otherwise a gate of the task.
///
/// A script does not wait for a person. It ends with its question, and is run again from its start with the answer; with an
/// idempotency key nothing that it wrote before is written twice.
extension ScriptSession {
    private static let method = "user.ask"

    func ask(_ id: Int, _ arguments: [JSONValue]) throws(End) {
        let number = report.calls.count + 1
        report.calls.append(.init(number: number, method: Self.method, hasEffect: order.answers == nil))
        let question: ScriptReport.Question
        do throws(ScriptError) {
            let asking = try Asking(arguments)
            guard let answers = order.answers else { return try open(asking, id, number) }
            if let answer = try answer(to: asking.question, in: answers) {
                return put(Answer(id: id, number: number, result: .success(Self.value(answer)), milliseconds: 0))
            }
            question = asking.question
        } catch {
            return put(Answer(id: id, number: number, result: .failure(error), milliseconds: 0))
        }
        throw .question(question)
    }

    /// `nil` while there is none.
    private func answer(
        to question: ScriptReport.Question, in answers: [ScriptAnswer]
    ) throws(ScriptError) -> ScriptAnswer? {
        guard asked < ScriptLimits.questionsMax else {
            throw ScriptError(
                "limit_exceeded", "A script cannot ask more than \(ScriptLimits.questionsMax) questions.")
        }
        guard asked < answers.count else { return nil }
        let answer = answers[asked]
        asked += 1
        guard answer.question == question.text else { throw Self.changed(answer, question) }
        return answer
    }

    private static func value(_ answer: ScriptAnswer) -> JSONValue {
        guard answer.action == .accept else {
            return .object([.init("answered", false), .init("reason", .string(answer.action.rawValue))])
        }
        return .object([.init("answered", true), .init("answer", .string(answer.text))])
    }

    private static func changed(_ answer: ScriptAnswer, _ question: ScriptReport.Question) -> ScriptError {
        ScriptError(
            "question_changed",
            "The script was run again for the answer to '\(answer.question.prefix(80))', and asked "
                + "'\(question.text.prefix(80))'.",
            hint: "Ask the same in every run: make questions only of what does not change meanwhile.")
    }

    // MARK: Nobody to ask: a gate

    private func open(_ asking: Asking, _ id: Int, _ number: Int) throws(ScriptError) {
        guard !asking.task.isEmpty else {
            throw ScriptError(
                "no_user", "There is no user who could be asked here.",
                hint:
                    "Name a task: orca.user.ask({question, task: \"API-1\"}) then opens a gate, which blocks the task until "
                    + "somebody answers.")
        }
        let batch = batch?.calls
        open[id] = Task { [self] in
            let result = await gate(asking, number, in: batch)
            put(Answer(id: id, number: number, result: result, milliseconds: 0))
        }
    }

    /// The open gate of the task with the same question, or a new one.
    private func gate(
        _ asking: Asking, _ number: Int, in batch: ScriptBatch?
    ) async -> Result<JSONValue, ScriptError> {
        do throws(ScriptError) {
            let list = try runner.book.find("gates.list")
            let known = try await made(list, .object([.init("task", .string(asking.task))]), number, in: batch)
            let pending = known["gates"]?.arrayValue?.first {
                $0["question"]?.stringValue == asking.question.text && $0["status"] == "pending"
            }
            if let pending { return .success(Self.waiting(for: pending)) }
            let gate = try await made(
                try runner.book.find("gates.open"),
                .object([
                    .init("task", .string(asking.task)), .init("question", .string(asking.question.text)),
                    .init("options", .array(asking.question.options.map { .string($0) })),
                    .init("audience", "user"),
                ]), number, in: batch)
            // The same call of a run before, whose answer is repeated: it may have been resolved since.
            let now = try await made(
                try runner.book.find("gates.get"), .object([.init("gate", gate["id"] ?? .null)]), number, in: batch)
            return .success(Self.waiting(for: now))
        } catch {
            return .failure(error)
        }
    }

    private func made(
        _ method: Method, _ arguments: JSONValue, _ number: Int, in batch: ScriptBatch?
    ) async throws(ScriptError) -> JSONValue {
        let request = try MethodCall(method, workspace: order.workspace).request([arguments])
        return try await perform(method, request, number, in: batch).get()
    }

    private static func waiting(for gate: JSONValue) -> JSONValue {
        let status = gate["status"]?.stringValue ?? ""
        let id = JSONValue.Member("gate", gate["id"] ?? .null)
        guard ["resolved", "timeout"].contains(status) else {
            let reason = status == "pending" ? "waiting" : status
            return .object([.init("answered", false), .init("reason", .string(reason)), id])
        }
        return .object([.init("answered", true), .init("answer", gate["resolution"] ?? .null), id])
    }
}

/// The arguments of `orca.user.ask`.
private struct Asking {
    let question: ScriptReport.Question
    /// Empty when none was named.
    let task: String

    init(_ arguments: [JSONValue]) throws(ScriptError) {
        var members: [JSONValue.Member] = []
        for argument in arguments.prefix(2) {
            switch argument {
            case .string(let text) where members.isEmpty: members.append(.init("question", .string(text)))
            case .object(let more): members += more
            default: throw Self.wrong("takes one object of named values", "question")
            }
        }
        for member in members where !["question", "options", "task"].contains(member.name) {
            throw Self.wrong("has no field \(member.name.prefix(60))", member.name)
        }
        func value(_ name: String) -> JSONValue? { members.last { $0.name == name }?.value }
        guard let text = value("question")?.stringValue, text.contains(where: { !$0.isWhitespace }),
            text.utf8.count <= ScriptLimits.questionBytesMax
        else { throw Self.wrong("needs question, a text of up to \(ScriptLimits.questionBytesMax) bytes", "question") }
        let list = value("options")?.arrayValue ?? []
        let options = list.compactMap(\.stringValue)
        guard options.count == list.count, options.count <= ScriptLimits.optionsMax,
            Set(options).count == options.count,
            !options.contains(""), value("options") == nil || value("options")?.arrayValue != nil
        else { throw Self.wrong("needs options to be up to \(ScriptLimits.optionsMax) different texts", "options") }
        guard value("task") == nil || value("task")?.stringValue != nil else {
            throw Self.wrong("needs task to be a text", "task")
        }
        question = .init(text: text, options: options)
        task = value("task")?.stringValue ?? ""
    }

    private static func wrong(_ what: String, _ field: String) -> ScriptError {
        ScriptError(
            "invalid_argument", "orca.user.ask \(what)", name: "TypeError",
            hint: "Write orca.user.ask({question: \"Deploy?\", options: [\"yes\", \"no\"], task: \"API-1\"}).",
            details: ["field": String(field.prefix(60))])
    }
}
