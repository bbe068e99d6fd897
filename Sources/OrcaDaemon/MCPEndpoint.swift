import OrcaAPI
import OrcaAgents
import OrcaHTTP
import OrcaMCP
import OrcaProtobuf
import OrcaRuntime
import OrcaSupport

/// The Model Context Protocol at `/mcp`. Host, origin and the presence of a token were checked before it is asked.
struct MCPEndpoint: Sendable {
    static let path = "/mcp"

    private let runtime: Runtime
    private let server = MCPServer(
        workspace: "default",
        documents: Skill.all.map {
            MCPDocument(uri: "orca://skills/\($0.name)", name: $0.name, description: $0.description, text: $0.body)
        })

    init(_ runtime: Runtime) { self.runtime = runtime }

    func answer(_ request: HTTPRequest, _ caller: Caller, _ requestID: String) async throws -> HTTPResponse {
        guard request.head.method == "POST" else {
            return HTTPResponse(status: 405, body: [], fields: [("Allow", "POST")])
        }
        // Also what no operation is needed for is only for those who may read.
        try await runtime.authorizeReading(caller)
        var post = MCPPost(body: request.body)
        post.revision = request.head.value("mcp-protocol-version")
        post.method = request.head.value("mcp-method")
        post.name = request.head.value("mcp-name")
        post.session = request.head.value("mcp-session-id")
        switch server.react(to: post) {
        case .answer(let status, let json): return HTTPResponse(status: status, body: json?.jsonBytes() ?? [])
        case .errand(let errand):
            let context = CallContext(caller: caller, idempotencyKey: errand.idempotencyKey, requestID: requestID)
            let outcome: Result<any ProtoMessage, APIError>
            do {
                outcome = .success(try await runtime.perform(errand.operation, errand.message, context))
            } catch let error as APIError {
                outcome = .failure(error)
            }
            return HTTPResponse(
                status: 200, body: server.answers(to: errand, outcome).last?.jsonBytes() ?? [])
        }
    }
}
