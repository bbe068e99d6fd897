import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca gates`, `orca gate`
enum GatesCommand {
    /// The user's open questions.
    static var list: Command { list(named: "gates") }

    private static func list(named name: String) -> Command {
        Command(
            name, "List the decisions that wait to be made.", section: .workers,
            flags: [
                .toggle("all", "Also those that are closed."),
                .value("for", .choice(["user", "coordinator"]), "WHO", "Only those for this audience."),
            ],
            examples: [
                .init("orca gates", "What waits for somebody."), .init("orca gate answer gate_1 yes", "Decide."),
            ],
            run: { (call) throws(APIError) in try runList(call) })
    }

    static var verbs: Command {
        Command(
            "gate", "Show and answer decisions that tasks wait for.", section: .nouns,
            children: { [list(named: "list"), answer, show] })
    }

    private static var answer: Command {
        Command(
            "answer", "Decide, or answer a question; with the last open decision a task goes on.",
            aliases: ["resolve"], changes: true,
            arguments: [
                Argument("gate", .text, "Its id: gate_… for a decision, msg_… for a worker's question."),
                Argument("resolution", .text, "What is decided; several words need no quotes.", repeats: true),
            ],
            examples: [
                .init("orca gate answer gate_1 yes", "The task goes on."),
                .init("orca gate answer msg_1 the blue one", "The worker that asked gets it."),
            ], run: runAnswer)
    }

    private static func runAnswer(_ call: Invocation) throws(APIError) {
        let id = call.required("gate")
        let words = call.list("resolution").joined(separator: " ")
        if id.hasPrefix("msg_") {
            var reply = OrcaV1.ReplyMessageRequest()
            (reply.workspace, reply.message, reply.body) = (call.workspace, id, words)
            let response = try call.call(Operations.replyMessage, reply)
            call.answer(response) { "\(id)  answered  -> \(words)\n" }
            return
        }
        var request = OrcaV1.ResolveGateRequest()
        (request.workspace, request.gate, request.resolution) = (call.workspace, id, words)
        let response = try call.call(Operations.resolveGate, request)
        call.answer(response) { response.gate.map { GateRow.line($0) + "\n" } ?? "" }
    }

    private static var show: Command {
        Command(
            "show", "Show one decision.", arguments: [Argument("gate", .text, "Its id, gate_…")],
            run: { (call) throws(APIError) in
                var request = OrcaV1.GetGateRequest()
                request.workspace = call.workspace
                request.gate = call.required("gate")
                let response = try call.call(Operations.getGate, request)
                call.answer(response) { response.gate.map { GateRow.line($0) + "\n" } ?? "" }
            })
    }

    private static func runList(_ call: Invocation) throws(APIError) {
        var request = OrcaV1.ListGatesRequest()
        request.workspace = call.workspace
        request.limit = GateList.pageRows
        if !call.isOn("all") { request.status = .pending }
        if let word = call.text("for") { request.audience = OrcaV1.Gate.Audience(protoName: word) ?? .anyone }
        var response = try call.call(Operations.listGates, request)
        while !response.nextCursor.isEmpty {
            request.cursor = response.nextCursor
            let page = try call.call(Operations.listGates, request)
            response.gates += page.gates
            response.nextCursor = page.nextCursor
        }
        var questions: [OrcaV1.OpenQuestion] = []
        if call.text("for") != "coordinator" {
            questions = try QuestionRow.list(try call.client(), workspace: call.workspace)
        }
        if call.isJSON {
            let answer = JSONValue.object([
                .init("gates", .array(response.gates.map(json))), .init("questions", .array(questions.map(json))),
            ])
            call.context.out.write(bytes: answer.jsonBytes() + [0x0A])
            return
        }
        call.context.out.write(table(response.gates, questions, call))
        if response.gates.isEmpty, questions.isEmpty { return call.note("Nothing waits for a decision.") }
        call.note("Decide with 'orca gate answer ID WORDS…'.")
    }

    private static func json(_ message: some ProtoMessage) -> JSONValue {
        // What we write ourselves is JSON.
        (try? JSONValue(jsonBytes: message.jsonBytes())) ?? .null
    }

    private static func table(
        _ gates: [OrcaV1.Gate], _ questions: [OrcaV1.OpenQuestion], _ call: Invocation
    ) -> String {
        var table = Table([
            .fixed("ID"), .fixed("TASK"), .fixed("FOR"), .fixed("STATUS"), .flexible("QUESTION"), .flexible("OPTIONS"),
        ])
        for gate in gates {
            let choice = gate.resolution.isEmpty ? gate.options.joined(separator: ", ") : "-> " + gate.resolution
            table.add([
                .init(gate.id), .init(gate.taskRef), .init(gate.audience.protoName), .init(gate.status.protoName),
                .init(gate.question), .init(choice),
            ])
        }
        for asked in questions {
            table.add([
                .init(asked.message?.id ?? ""), .init(asked.taskRef), .init("user"), .init("asked"),
                .init(asked.question), .init(asked.options.joined(separator: ", ")),
            ])
        }
        return table.isEmpty ? "" : call.text(table)
    }
}
