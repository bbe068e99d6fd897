import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// `orca orchestration gate-create`
enum GateCreate {
    static var command: Command {
        ContractCommand.verb(
            "gate-create", "Ask for a decision and block a task until it is made.", changes: true,
            flags: [
                .value("task", .entity(.task), "TASK", "The task that waits.", required: true),
                .value("question", .text, "TEXT", "What is to be decided.", required: true),
                .value("options", .text, "JSON", "What one may choose from, as a JSON list."),
                .value("audience", .choice(["coordinator", "user"]), "WHO", "Who decides; coordinator."),
                .value("timeout-ms", .integer(1...Int64.max), "N", "Take the default after this long."),
                .value("default", .text, "TEXT", "What is taken when the time is up."),
            ],
            examples: [
                .init(
                    "orca orchestration gate-create --task task_1 --question 'Merge?' --options '[\"yes\",\"no\"]' --json",
                    "The task is blocked until somebody decides.")
            ], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.OpenGateRequest()
        request.workspace = call.workspace
        request.task = try call.required("task")
        request.question = try call.required("question")
        if let list = call.text("options") {
            guard let options = BoardTask.texts(list) else {
                throw .invalid(
                    "Invalid --options: must be a JSON array of strings", next: ["Write --options '[\"a\",\"b\"]'."])
            }
            request.options = options
        }
        if let word = call.text("audience") {
            guard let audience = OrcaV1.Gate.Audience(protoName: word), audience != .anyone else {
                throw .invalid("Invalid --audience: \(word)", next: ["Use coordinator or user."])
            }
            request.audience = audience
        }
        request.timeoutMs = try call.positiveInteger("timeout-ms") ?? 0
        request.defaultResolution = call.text("default") ?? ""
        let gate: OrcaV1.Gate
        do throws(APIError) {
            gate = try call.call(Operations.openGate, request).gate ?? OrcaV1.Gate()
        } catch {
            throw BoardTask.restate(error, request.task)
        }
        return ContractAnswer(["gate": GateRow.json(gate)], GateRow.line(gate))
    }
}

/// `orca orchestration gate-resolve`
enum GateResolve {
    static var command: Command {
        ContractCommand.verb(
            "gate-resolve", "Make the decision that a gate asks for.", changes: true,
            flags: [
                .value("id", .text, "GATE", "The gate.", required: true),
                .value("resolution", .text, "TEXT", "What is decided.", required: true),
            ],
            examples: [
                .init("orca orchestration gate-resolve --id gate_1 --resolution yes --json", "The task goes on.")
            ],
            body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.ResolveGateRequest()
        request.workspace = call.workspace
        request.gate = try call.required("id")
        request.resolution = try call.required("resolution")
        let gate = try call.call(Operations.resolveGate, request).gate ?? OrcaV1.Gate()
        return ContractAnswer(["gate": GateRow.json(gate)], GateRow.line(gate))
    }
}

/// `orca orchestration gate-list`
enum GateList {
    static let statuses = ["pending", "resolved", "timeout", "canceled"]
    static let pageRows: Int32 = 1000

    static var command: Command {
        ContractCommand.verb(
            "gate-list", "List gates, the newest first.",
            flags: [
                .value("task", .entity(.task), "TASK", "Only those of this task."),
                .value("status", .choice(statuses), "STATUS", "Only these."),
            ],
            examples: [.init("orca orchestration gate-list --status pending --json", "What is undecided.")], body: run)
    }

    private static func run(_ call: ContractCall) throws(APIError) -> ContractAnswer {
        var request = OrcaV1.ListGatesRequest()
        request.workspace = call.workspace
        request.task = call.text("task") ?? ""
        request.limit = pageRows
        if let word = call.text("status") {
            guard statuses.contains(word), let status = OrcaV1.Gate.Status(protoName: word) else {
                throw .invalid("invalid status '\(word)', expected one of: \(statuses.joined(separator: ", "))")
            }
            request.status = status
        }
        var gates: [OrcaV1.Gate] = []
        do throws(APIError) {
            repeat {
                let page = try call.call(Operations.listGates, request)
                gates += page.gates
                request.cursor = page.nextCursor
            } while !request.cursor.isEmpty
        } catch {
            throw BoardTask.restate(error, request.task)
        }
        let result: JSONValue = ["gates": .array(gates.map { GateRow.json($0) }), "count": .whole(gates.count)]
        if gates.isEmpty { return ContractAnswer(result, "No gates.") }
        return ContractAnswer(result, gates.map { GateRow.line($0) }.joined(separator: "\n"))
    }
}
