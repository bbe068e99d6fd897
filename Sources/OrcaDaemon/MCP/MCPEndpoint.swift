import OrcaAPI
import OrcaAgents
import OrcaDomain
import OrcaHTTP
import OrcaMCP
import OrcaRuntime
import OrcaSupport

/// The Model Context Protocol at `/mcp`. Host, origin and the presence of a token were checked before it is asked.
struct MCPEndpoint: Sendable {
    static let path = "/mcp"
    private static let workspaceParameter = "workspace"

    private let runtime: Runtime
    private let calls = MCPCalls()
    private let server = MCPServer(
        workspace: "default",
        documents: Skill.all.map {
            MCPDocument(uri: "orca://skills/\($0.name)", name: $0.name, description: $0.description, text: $0.body)
        })

    init(_ runtime: Runtime) { self.runtime = runtime }

    func answer(_ request: HTTPRequest, _ caller: Caller, _ requestID: String) async throws -> PathAnswer {
        // Also what no operation is needed for is only for those who may read.
        try await runtime.authorizeReading(caller)
        let head = request.head
        if head.method == "DELETE" {
            let status = server.end(session: head.value("mcp-session-id"), of: Self.mark(of: caller))
            return status == 405 ? Self.notAllowed : .whole(HTTPResponse(status: status, body: []))
        }
        guard head.method == "POST" else { return Self.notAllowed }
        var server = server
        if let workspace = try Self.workspace(of: head) { server.workspace = workspace }
        let conversation = MCPConversation(
            server: server, runtime: runtime, calls: calls, caller: caller, requestID: requestID)
        return await conversation.answer(Self.post(request, caller))
    }

    private static let notAllowed = PathAnswer.whole(
        HTTPResponse(status: 405, body: [], fields: [("Allow", "POST, DELETE")]))

    private static func post(_ request: HTTPRequest, _ caller: Caller) -> MCPPost {
        let head = request.head
        var post = MCPPost(body: request.body)
        post.revision = head.value("mcp-protocol-version")
        post.method = head.value("mcp-method")
        post.name = head.value("mcp-name")
        post.session = head.value("mcp-session-id")
        post.caller = mark(of: caller)
        post.takesEvents = (head.value("accept") ?? "").lowercased().contains("text/event-stream")
        return post
    }

    /// Different for different callers.
    private static func mark(of caller: Caller) -> String {
        switch caller {
        case .owner: "owner"
        case .bearer(let secret, _): "bearer " + secret
        case .anonymous: "nobody"
        }
    }

    /// What the client's configuration says: in the address, or in a field.
    private static func workspace(of head: RequestHead) throws -> String? {
        var named: [String] = head.value("orca-workspace").map { [$0] } ?? []
        for part in head.query.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.first.map({ $0 == workspaceParameter }) == true else { continue }
            named.append(pair.count == 2 ? String(pair[1]) : "")
        }
        guard let first = named.first else { return nil }
        // The names of workspaces need no encoding.
        guard named.allSatisfy({ $0 == first }), !first.isEmpty,
            first.utf8.allSatisfy({ Self.isOfName($0) })
        else {
            throw APIError(
                "invalid_argument", .invalidArgument,
                "Name one workspace, as /mcp?workspace=NAME or in the field Orca-Workspace.")
        }
        return first
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
