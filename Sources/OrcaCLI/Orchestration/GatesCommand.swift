import OrcaAPI
import OrcaDomain
import OrcaProtobuf

/// `orca gates`, `orca gate`
enum GatesCommand {
    /// The user's open questions.
    static var list: Command {
        Command(
            "gates", "List the decisions that wait to be made.", section: .workers,
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
            children: { [answer, show] })
    }

    private static var answer: Command {
        Command(
            "answer", "Make a decision; with the last open one its task goes on.", aliases: ["resolve"], changes: true,
            arguments: [
                Argument("gate", .text, "Its id, gate_…"),
                Argument("resolution", .text, "What is decided; several words need no quotes.", repeats: true),
            ],
            examples: [.init("orca gate answer gate_1 yes", "The task goes on.")],
            run: { (call) throws(APIError) in
                var request = OrcaV1.ResolveGateRequest()
                request.workspace = call.workspace
                request.gate = call.required("gate")
                request.resolution = call.list("resolution").joined(separator: " ")
                let response = try call.call(Operations.resolveGate, request)
                call.answer(response) { response.gate.map { GateRow.line($0) + "\n" } ?? "" }
            })
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
        let answer = response
        call.answer(answer) {
            var table = Table([
                .fixed("gate"), .fixed("task"), .fixed("for"), .fixed("status"), .flexible("question"),
                .flexible("options"),
            ])
            for gate in answer.gates {
                let choice = gate.resolution.isEmpty ? gate.options.joined(separator: ", ") : "-> " + gate.resolution
                table.add([
                    .init(gate.id), .init(gate.taskRef), .init(gate.audience.protoName),
                    .init(gate.status.protoName), .init(gate.question), .init(choice),
                ])
            }
            return call.text(table)
        }
        if answer.gates.isEmpty { call.note("Nothing waits for a decision.") }
    }
}
