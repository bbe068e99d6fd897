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
        case readMethods(uri: String)
    }

    let request: MCPRequest
    let purpose: Purpose
    package let operation: APIOperation
    /// The request of the operation.
    package let message: any ProtoMessage
    package let idempotencyKey: String?

    package var id: RPCID { request.id }

    /// Tells a client that wants to know that the work has begun.
    package var beginning: JSONValue? {
        guard purpose == .execute || purpose == .search else { return nil }
        return progress(0, "Started")
    }

    func progress(_ count: Int64, _ message: String) -> JSONValue? {
        guard let token = request.progressToken else { return nil }
        var parameters: JSONValue = ["progressToken": token, "progress": .integer(count)]
        // The oldest two revisions have no words for it.
        if request.revision >= .march2025 { parameters = parameters.adding(["message": .string(message)]) }
        return ["jsonrpc": "2.0", "method": "notifications/progress", "params": parameters]
    }
}

extension MCPServer {
    /// What to send once the operation of an errand was performed: progress where it is wanted, and the answer as last.
    package func answers(to errand: MCPErrand, _ outcome: Result<any ProtoMessage, APIError>) -> [JSONValue] {
        let request = errand.request
        switch errand.purpose {
        case .execute:
            let report = ToolReport(execute: outcome)
            let count = Int64(report.callCount)
            let progress = errand.progress(max(1, count), "\(count) calls")
            return (progress.map { [$0] } ?? []) + [request.envelope(report.result(in: request.revision))]
        case .search: return [request.envelope(ToolReport(search: outcome).result(in: request.revision))]
        case .listTools:
            let tools = Tools(methods: Self.methods(in: outcome), request: request)
            return [request.envelope(["tools": .array(tools.entries)], isCacheable: true)]
        case .readMethods(let uri):
            guard case .success = outcome else {
                return [Self.failure(outcome).answer(to: request.id)]
            }
            let text = Self.methods(in: outcome).map { "// \($0.summary)\n\($0.declaration)\n" }.joined(separator: "\n")
            return [request.envelope(Self.contents(uri, "application/typescript", text), isCacheable: true)]
        }
    }

    /// The methods; none when they could not be had: tools can be listed and called without.
    private static func methods(in outcome: Result<any ProtoMessage, APIError>) -> [OrcaV1.MethodInfo] {
        guard case .success(let message) = outcome, let found = message as? OrcaV1.SearchMethodsResponse else {
            return []
        }
        return found.methods
    }

    private static func failure(_ outcome: Result<any ProtoMessage, APIError>) -> RPCError {
        guard case .failure(let error) = outcome else { return RPCError(.internal, "No answer.") }
        return RPCError(.internal, error.message, data: ["code": .string(error.code)])
    }

    static func contents(_ uri: String, _ type: String, _ text: String) -> JSONValue {
        ["contents": [["uri": .string(uri), "mimeType": .string(type), "text": .string(text)]]]
    }

    /// Every method in one answer.
    static let methodsMax: Int32 = 500

    func methodList(_ request: MCPRequest, _ purpose: MCPErrand.Purpose) -> MCPErrand {
        MCPErrand(
            request: request, purpose: purpose, operation: Operations.searchMethods.erased,
            message: OrcaV1.SearchMethodsRequest.with { $0.limit = Self.methodsMax }, idempotencyKey: nil)
    }
}
