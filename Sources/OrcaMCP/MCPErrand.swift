package import OrcaAPI
import OrcaDomain
package import OrcaProtobuf
package import OrcaSupport

/// An operation of the API that an answer needs.
package struct MCPErrand: Sendable {
    enum Purpose: Sendable, Hashable {
        case execute
        case search
        case listTools
        /// The methods of a noun; empty for all.
        case readMethods(uri: String, noun: String)
        case startWait(MCPWait)
        case lookAtWait(MCPWait)
        case answerWait
    }

    let request: MCPRequest
    let purpose: Purpose
    package let operation: APIOperation
    /// The request of the operation.
    package let message: any ProtoMessage
    package let idempotencyKey: String?

    package var id: RPCID { request.id }

    /// Whether somebody wants to be told how far it is.
    package var tellsProgress: Bool { request.progressToken != nil && (purpose == .execute || purpose == .search) }

    /// Whether its script may put a question to the user over this connection.
    package var mayAsk: Bool { purpose == .execute && request.canAsk && !request.revision.isStateless }

    /// Tells a client that wants to know that the work has begun.
    package var beginning: JSONValue? {
        guard tellsProgress else { return nil }
        return progress(0, "Started")
    }

    /// Tells it how many calls its script has done so far.
    package func progress(_ count: Int) -> JSONValue? {
        guard tellsProgress else { return nil }
        return progress(Int64(count), "\(count) \(count == 1 ? "call" : "calls")")
    }

    private func progress(_ count: Int64, _ message: String) -> JSONValue? {
        guard let token = request.progressToken else { return nil }
        var parameters: JSONValue = ["progressToken": token, "progress": .integer(count)]
        // The oldest two revisions have no words for it.
        if request.revision >= .march2025 { parameters = parameters.adding(["message": .string(message)]) }
        return ["jsonrpc": "2.0", "method": "notifications/progress", "params": parameters]
    }
}

/// What to do once an errand was run.
package enum MCPNext: Sendable {
    /// Send the progress, where it is wanted, and the answer.
    case answer(progress: JSONValue?, JSONValue)
    /// Send a question to the client, and go on with `MCPServer.errand(after:reply:)`.
    case ask(MCPInquiry)
}

extension MCPServer {
    package func next(after errand: MCPErrand, _ outcome: Result<any ProtoMessage, APIError>) -> MCPNext {
        if errand.purpose == .execute, case .success(let message) = outcome,
            let report = message as? OrcaV1.RunScriptResponse
        {
            if let question = report.question { return ask(question, errand) }
            let progress = errand.progress(max(1, report.calls.count))
            return .answer(progress: progress, answer(to: errand, outcome))
        }
        return .answer(progress: nil, answer(to: errand, outcome))
    }

    private func answer(to errand: MCPErrand, _ outcome: Result<any ProtoMessage, APIError>) -> JSONValue {
        let request = errand.request
        switch errand.purpose {
        case .execute: return request.envelope(ToolReport(execute: outcome).result(in: request.revision))
        case .search: return request.envelope(ToolReport(search: outcome).result(in: request.revision))
        case .listTools:
            let tools = Tools(manual: Self.found(in: outcome), request: request)
            do throws(RPCError) {
                return request.envelope(try page("tools", tools.entries, request), isCacheable: true)
            } catch {
                return error.answer(to: request.id)
            }
        case .readMethods(let uri, let noun):
            guard case .success = outcome else { return Self.failure(outcome).answer(to: request.id) }
            return methods(of: noun, uri, in: Self.found(in: outcome), request)
        case .startWait(let wait): return started(wait, outcome, request)
        case .lookAtWait(let wait): return look(at: wait, outcome, request)
        case .answerWait:
            guard case .success = outcome else { return Self.failure(outcome).answer(to: request.id) }
            return request.envelope([:])
        }
    }

    /// Nothing when it could not be had: tools can be listed and called without.
    private static func found(in outcome: Result<any ProtoMessage, APIError>) -> OrcaV1.SearchMethodsResponse {
        guard case .success(let message) = outcome, let found = message as? OrcaV1.SearchMethodsResponse else {
            return OrcaV1.SearchMethodsResponse()
        }
        return found
    }

    static func failure(_ outcome: Result<any ProtoMessage, APIError>) -> RPCError {
        guard case .failure(let error) = outcome else { return RPCError(.internal, "No answer.") }
        let code: RPCError.Code =
            error.category == .invalidArgument || error.category == .notFound
            ? .invalidParameters : .internal
        return RPCError(code, error.message, data: ["code": .string(error.code)])
    }

    /// Every method in one answer.
    private static let methodsMax: Int32 = 500
    /// Of the declarations in the description of `execute`.
    private static let declarationTokens: Int32 = 2_500

    func tellMethods(_ request: MCPRequest, _ purpose: MCPErrand.Purpose) -> MCPErrand {
        var order = OrcaV1.SearchMethodsRequest()
        if purpose == .listTools {
            // The methods themselves are not needed.
            (order.limit, order.declarationTokens) = (1, Self.declarationTokens)
        } else {
            (order.limit, order.withTypes) = (Self.methodsMax, true)
        }
        return MCPErrand(
            request: request, purpose: purpose, operation: Operations.searchMethods.erased, message: order,
            idempotencyKey: nil)
    }
}
