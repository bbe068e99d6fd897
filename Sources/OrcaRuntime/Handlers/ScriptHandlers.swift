import OrcaAPI
import OrcaCode
import OrcaDomain
import OrcaEngine
import OrcaProtobuf
import OrcaStore
import OrcaSupport

extension HandlerTable {
    mutating func addScripts() {
        // Every call of the script is checked by itself; the script as such needs no right but to be there.
        custom(Operations.runScript, need: .read) { request, invocation in
            guard let pool = invocation.runtime.sandboxes else {
                throw DomainError(.unavailable, "This server runs no scripts: it has no sandbox.")
            }
            _ = try await invocation.runtime.store.read {
                try Lookup($0).workspace(request.workspace, for: invocation.actor)
            }
            var order = ScriptOrder(
                code: request.code, caller: invocation.call.caller, workspace: request.workspace)
            if request.timeoutMs > 0 { order.timeoutMS = Int64(request.timeoutMs) }
            order.idempotencyKey = invocation.call.idempotencyKey
            order.requestID = invocation.call.requestID
            order.isDryRun = request.dryRun
            order.onProgress = invocation.call.onProgress
            order.answers = try Self.answers(of: request, key: order.idempotencyKey)
            let report = await ScriptRunner(performer: invocation.runtime, pool: pool).run(order)
            return OrcaV1.RunScriptResponse(report)
        }
        custom(Operations.searchMethods, need: .read) { request, _ in
            let limit = try Cursor.page(limit: request.limit, cursor: "").limit
            let found = MethodBook.standard.search(request.query)
            let methods = found.prefix(limit)
            return .with {
                $0.methods = methods.map { OrcaV1.MethodInfo($0) }
                if request.withTypes { $0.types = MethodBook.standard.types(namedBy: Array(methods)) }
                guard request.declarationTokens > 0 else { return }
                let budget = min(Int(request.declarationTokens), Self.declarationTokensMax)
                let manual = MethodBook.standard.manualForModels(tokenBudget: budget)
                ($0.introduction, $0.declarations) = (manual.introduction, manual.declarations)
            }
        }
    }

    private static let declarationTokensMax = 10_000

    /// What the user said so far; `nil` where there is no user to be asked.
    private static func answers(
        of request: OrcaV1.RunScriptRequest, key: String?
    ) throws(DomainError) -> [ScriptAnswer]? {
        guard request.canAsk else { return nil }
        guard key != nil else {
            throw DomainError(
                .invalidArgument,
                "A script that may ask the user is run again with the answer, which needs an idempotency key. Give one.",
                details: ["field": "can_ask"])
        }
        guard request.answers.count <= ScriptLimits.questionsMax else {
            throw DomainError(
                .invalidArgument,
                "A script can have \(ScriptLimits.questionsMax) answers, not \(request.answers.count).",
                details: ["field": "answers"])
        }
        return request.answers.map { answer in
            let action: ScriptAnswer.Action =
                switch answer.action {
                case .accept: .accept
                case .decline: .decline
                default: .cancel
                }
            return ScriptAnswer(question: answer.question, action: action, text: answer.text)
        }
    }
}

extension OrcaV1.RunScriptResponse {
    init(_ report: ScriptReport) {
        self.init()
        ok = report.isOK
        if report.isOK, report.cutValue.isEmpty { value = ProtoValue(report.value) }
        logs = report.logs.map { line in
            .with { ($0.level, $0.text) = (line.level, line.text) }
        }
        calls = report.calls.map { call in
            .with {
                $0.number = Int32(clamping: call.number)
                $0.method = call.method
                $0.durationMs = call.milliseconds
                $0.errorCode = call.errorCode
                $0.hasEffect = call.hasEffect
                $0.isDone = call.isDone
                $0.isUndone = call.isUndone
            }
        }
        error = report.error.map { error in
            .with {
                ($0.name, $0.code, $0.message, $0.hint) = (error.name, error.code, error.message, error.hint)
                ($0.line, $0.column) = (Int32(clamping: error.line), Int32(clamping: error.column))
                $0.snippet = error.snippet
            }
        }
        question = report.question.map { question in
            .with { ($0.question, $0.options) = (question.text, question.options) }
        }
        truncated = report.isTruncated
        dryRun = report.isDryRun
        cutValue = report.cutValue
        lockdown = report.lockdown
        durationMs = report.milliseconds
    }
}

extension OrcaV1.MethodInfo {
    init(_ method: Method) {
        self.init()
        name = method.name
        summary = method.operation.summary
        declaration = method.declaration
    }
}

extension ProtoValue {
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .string(let value): self = .string(value)
        case .array(let values): self = .list(values.map { ProtoValue($0) })
        case .object(let members):
            self = .object(
                ProtoStruct(Dictionary(members.map { ($0.name, ProtoValue($0.value)) }) { _, last in last }))
        case .integer(let value): self = .number(Double(value))
        case .number(let value): self = .number(value)
        }
    }
}
