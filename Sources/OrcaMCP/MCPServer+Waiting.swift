import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// The tool `wait` and the extension `io.modelcontextprotocol/tasks` that it answers by: for what takes longer than a script
/// may. Only clients that know the extension have it.
extension MCPServer {
    private static let purpose = "wait"
    /// How long it is remembered that nobody waits any more.
    private static let cancellationMS: Int64 = 24 * 3_600_000
    private static let field = "answer"

    func needTasks(_ request: MCPRequest) throws(RPCError) {
        guard request.revision.isStateless, request.abilities.follows else {
            throw RPCError(
                .missingAbility,
                "This is for clients that know \(MCPAbilities.tasks): say so in clientCapabilities.extensions.",
                data: [
                    "requiredCapabilities": ["extensions": .object([.init(MCPAbilities.tasks, [:])])]
                ])
        }
    }

    /// `tools/call` of `wait`.
    func wait(_ request: MCPRequest, _ arguments: ToolArguments) throws(ArgumentError) -> MCPErrand {
        let (task, gate) = (try arguments.text("task"), try arguments.text("gate"))
        guard let word = task ?? gate, task == nil || gate == nil else {
            throw ArgumentError(field: "task", message: "Name a task or a gate to wait for, and only one.")
        }
        let wait = MCPWait(task == nil ? .gate : .task, word, in: workspace, at: keeping.now)
        return errand(request, .startWait(wait), wait)
    }

    func started(
        _ wait: MCPWait, _ outcome: Result<any ProtoMessage, APIError>, _ request: MCPRequest
    ) -> JSONValue {
        guard case .success(let message) = outcome, let state = MCPWaitState(message, asks: request.abilities.asks)
        else { return request.envelope(ToolReport(refused: outcome).result(in: request.revision)) }
        guard state.status != .completed else {
            return request.envelope(ToolReport(state.outcome).result(in: request.revision))
        }
        return request.envelope(wait.told(state, isCanceled: false).adding(["resultType": "task"]))
    }

    // MARK: tasks/…

    func lookAtWait(_ request: MCPRequest) throws(RPCError) -> MCPErrand {
        let wait = try named(request)
        return errand(request, .lookAtWait(wait), wait)
    }

    func look(
        at wait: MCPWait, _ outcome: Result<any ProtoMessage, APIError>, _ request: MCPRequest
    ) -> JSONValue {
        guard case .success(let message) = outcome, let state = MCPWaitState(message, asks: request.abilities.asks)
        else { return Self.failure(outcome).answer(to: request.id) }
        let isCanceled = isCanceled(wait)
        var told = wait.told(state, isCanceled: isCanceled)
        if !isCanceled {
            if state.status == .completed {
                let result = ToolReport(state.outcome).result(in: request.revision)
                told = told.adding(["result": result.adding(["resultType": "complete"])])
            } else if state.status == .inputRequired, let question = state.question {
                let form = Self.form(for: question, namesMode: true)
                told = told.adding([
                    "inputRequests": .object([
                        .init(Self.field, ["method": "elicitation/create", "params": form])
                    ])
                ])
            }
        }
        return request.envelope(told)
    }

    func updateWait(_ request: MCPRequest) throws(RPCError) -> MCPReaction {
        let wait = try named(request)
        guard case .object = request.parameters["inputResponses"] else {
            throw RPCError(.invalidParameters, "tasks/update needs inputResponses, an object.")
        }
        // Answers to what was not asked are none.
        guard wait.kind == .gate, !isCanceled(wait), let reply = request.parameters["inputResponses"]?[Self.field]
        else {
            return request.answer([:])
        }
        // Which answers there are, the gate itself says.
        let answer = try Self.answer(to: OrcaV1.ScriptQuestion(), reply)
        guard answer.action == .accept else { return request.answer([:]) }
        let order = OrcaV1.ResolveGateRequest.with {
            ($0.workspace, $0.gate, $0.resolution) = (wait.workspace, wait.word, answer.text)
        }
        return .errand(
            MCPErrand(
                request: request, purpose: .answerWait, operation: Operations.resolveGate.erased, message: order,
                idempotencyKey: nil))
    }

    /// The waiting ends; what was waited for goes on.
    func cancelWait(_ request: MCPRequest) throws(RPCError) -> MCPReaction {
        let wait = try named(request)
        guard keeping.note(Self.purpose + wait.nonce, until: keeping.now + Self.cancellationMS) != .full else {
            throw RPCError(.internal, "Too many tasks were canceled today. Just do not ask for it any more.")
        }
        return request.answer([:])
    }

    func isCanceled(_ wait: MCPWait) -> Bool { keeping.isNoted(Self.purpose + wait.nonce) }

    private func named(_ request: MCPRequest) throws(RPCError) -> MCPWait {
        try needTasks(request)
        guard let id = request.parameters["taskId"]?.stringValue else {
            throw RPCError(.invalidParameters, "\(request.method) needs taskId, a text.")
        }
        guard let wait = MCPWait(id: id) else {
            throw RPCError(.invalidParameters, "There is no task '\(id.prefix(80))'.")
        }
        return wait
    }

    private func errand(_ request: MCPRequest, _ purpose: MCPErrand.Purpose, _ wait: MCPWait) -> MCPErrand {
        let look = wait.look
        return MCPErrand(
            request: request, purpose: purpose, operation: look.operation, message: look.message, idempotencyKey: nil)
    }
}
