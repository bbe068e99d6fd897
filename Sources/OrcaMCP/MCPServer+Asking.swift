import OrcaAPI
import OrcaDomain
import OrcaProtobuf
package import OrcaSupport

/// A question for the user that has to be sent to the client as a request of ours. Only clients of the handshake take such.
package struct MCPInquiry: Sendable {
    /// How long a person may take.
    package static let answerWithin = Duration.seconds(600)

    let errand: MCPErrand
    let question: OrcaV1.ScriptQuestion
    /// Of the request below.
    package let id: RPCID
    package let message: JSONValue
}

/// Questions of scripts. The script has ended with its question; it is run again with the answer, under the same
/// idempotency key, so that what it did is not done twice.
///
/// Stateless clients get the question as the result of their call and call again; what there is to remember meanwhile they
/// carry themselves, sealed for this caller and this very call. Clients of the handshake are sent a request.
extension MCPServer {
    private static let purpose = "question"
    /// The only field of our forms, and the only question in a result.
    private static let field = "answer"
    private static let stateLifetimeMS: Int64 = 3_600_000

    func ask(_ question: OrcaV1.ScriptQuestion, _ errand: MCPErrand) -> MCPNext {
        let request = errand.request
        guard request.revision.isStateless else {
            let id = RPCID.text("ask-" + MCPKeeping.nonce())
            return .ask(
                MCPInquiry(
                    errand: errand, question: question, id: id,
                    message: [
                        "jsonrpc": "2.0", "id": id.json, "method": "elicitation/create",
                        "params": Self.form(for: question, namesMode: request.revision.namesFormMode),
                    ]))
        }
        let input: JSONValue = .object([
            .init(
                Self.field,
                ["method": "elicitation/create", "params": Self.form(for: question, namesMode: true)])
        ])
        return .answer(
            progress: nil,
            request.envelope([
                "resultType": "input_required", "inputRequests": input,
                "requestState": .string(state(question, errand)),
            ]))
    }

    static func form(for question: OrcaV1.ScriptQuestion, namesMode: Bool) -> JSONValue {
        var answer: JSONValue = ["type": "string", "title": "Answer"]
        if !question.options.isEmpty {
            answer = answer.adding(["enum": .array(question.options.map { .string($0) })])
        }
        let form: JSONValue = [
            "message": .string(question.question),
            "requestedSchema": [
                "type": "object", "properties": .object([.init(field, answer)]), "required": [.string(field)],
            ],
        ]
        return namesMode ? form.adding(["mode": "form"]) : form
    }

    // MARK: The handshake's clients

    /// The errand once more, with what the user said; `nil` when the client answered with an error, or not at all.
    package func errand(after inquiry: MCPInquiry, reply: JSONValue?) -> MCPErrand {
        // What is no proper answer is none.
        let answer = (try? Self.answer(to: inquiry.question, reply)) ?? Self.cancellation(of: inquiry.question)
        return inquiry.errand.answered(answer)
    }

    private static func cancellation(of question: OrcaV1.ScriptQuestion) -> OrcaV1.ScriptAnswer {
        .with { ($0.question, $0.action) = (question.question, .cancel) }
    }

    static func answer(
        to question: OrcaV1.ScriptQuestion, _ reply: JSONValue?
    ) throws(RPCError) -> OrcaV1.ScriptAnswer {
        var answer = OrcaV1.ScriptAnswer()
        answer.question = question.question
        switch reply?["action"]?.stringValue {
        case "decline": answer.action = .decline
        case "cancel": answer.action = .cancel
        case "accept":
            guard let text = reply?["content"]?[field]?.stringValue else {
                throw RPCError(.invalidParameters, "The content of the answer needs \(field), a text.")
            }
            guard question.options.isEmpty || question.options.contains(text) else {
                let options = question.options.joined(separator: ", ")
                throw RPCError(.invalidParameters, "The \(field) must be one of: \(options.prefix(500)).")
            }
            (answer.action, answer.text) = (.accept, text)
        default:
            throw RPCError(.invalidParameters, "An answer needs action: accept, decline or cancel.")
        }
        return answer
    }

    // MARK: Stateless clients

    private func state(_ question: OrcaV1.ScriptQuestion, _ errand: MCPErrand) -> String {
        let answers = (errand.message as? OrcaV1.RunScriptRequest)?.answers ?? []
        return keeping.sealed(
            [
                "k": .string(errand.idempotencyKey ?? ""), "x": .integer(keeping.now + Self.stateLifetimeMS),
                "n": .string(MCPKeeping.nonce()), "q": .string(question.question),
                "o": .array(question.options.map { .string($0) }),
                "a": .array(
                    answers.map { [.string($0.question), .integer(Int64($0.action.rawValue)), .string($0.text)] }),
            ], for: Self.purpose + "\n" + errand.request.callMark)
    }

    /// The errand with what the state holds and what the user said since, for a call that brings a state along.
    func resumed(_ errand: MCPErrand) throws(RPCError) -> MCPErrand {
        guard let told = errand.request.parameters["requestState"] else { return errand }
        guard let text = told.stringValue,
            let state = keeping.opened(text, for: Self.purpose + "\n" + errand.request.callMark),
            let end = state["x"]?.integerValue, end > keeping.now, let nonce = state["n"]?.stringValue,
            var order = errand.message as? OrcaV1.RunScriptRequest, errand.request.canAsk
        else {
            throw RPCError(
                .invalidParameters,
                "The requestState does not belong to this call, or is too old. Call again without it.")
        }
        let question = OrcaV1.ScriptQuestion.with {
            $0.question = state["q"]?.stringValue ?? ""
            $0.options = (state["o"]?.arrayValue ?? []).compactMap(\.stringValue)
        }
        order.answers = (state["a"]?.arrayValue ?? []).map { Self.answer(from: $0.arrayValue ?? []) }
        if let reply = errand.request.parameters["inputResponses"]?[Self.field] {
            order.answers.append(try Self.answer(to: question, reply))
        }
        switch keeping.note(Self.purpose + nonce, until: end) {
        case .marked: break
        case .alreadyMarked:
            throw RPCError(.invalidParameters, "This requestState was used before. Call again without it.")
        case .full: throw RPCError(.internal, "Too many questions are open. Try again in some minutes.")
        }
        return MCPErrand(
            request: errand.request, purpose: .execute, operation: errand.operation, message: order,
            idempotencyKey: state["k"]?.stringValue)
    }

    private static func answer(from parts: [JSONValue]) -> OrcaV1.ScriptAnswer {
        guard parts.count == 3 else { return OrcaV1.ScriptAnswer() }
        return .with {
            $0.question = parts[0].stringValue ?? ""
            $0.action = OrcaV1.ScriptAnswer.Action(rawValue: Int32(clamping: parts[1].integerValue ?? 0))
            $0.text = parts[2].stringValue ?? ""
        }
    }
}

extension MCPErrand {
    fileprivate func answered(_ answer: OrcaV1.ScriptAnswer) -> MCPErrand {
        guard var order = message as? OrcaV1.RunScriptRequest else { return self }
        order.answers.append(answer)
        return MCPErrand(
            request: request, purpose: purpose, operation: operation, message: order, idempotencyKey: idempotencyKey)
    }
}

extension MCPRequest {
    /// The same for every call of the same tool with the same arguments by the same caller, and for no other.
    fileprivate var callMark: String {
        let call: JSONValue = [
            "caller": .string(caller), "name": parameters["name"] ?? .null,
            "arguments": (parameters["arguments"] ?? .null).inOrder,
        ]
        return SHA256.hex(call.jsonBytes())
    }
}

extension JSONValue {
    /// With the members of its objects in the order of their names.
    fileprivate var inOrder: JSONValue {
        switch self {
        case .object(let members):
            .object(members.map { Member($0.name, $0.value.inOrder) }.sorted { $0.name < $1.name })
        case .array(let elements): .array(elements.map(\.inOrder))
        case .null, .bool, .integer, .number, .string: self
        }
    }
}
