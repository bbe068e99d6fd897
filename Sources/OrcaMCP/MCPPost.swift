import OrcaProtobuf
package import OrcaSupport

/// One POST of a client, as far as the protocol looks at it.
package struct MCPPost: Sendable, Hashable {
    /// `MCP-Protocol-Version`
    package var revision: String?
    /// `Mcp-Method`
    package var method: String?
    /// `Mcp-Name`
    package var name: String?
    /// `Mcp-Session-Id`
    package var session: String?
    package var body: [UInt8]

    package init(body: [UInt8]) { self.body = body }
}

/// What to do about a POST.
package enum MCPPostReaction: Sendable {
    /// Answer with that status; without a body to what wants no answer.
    case answer(status: Int, JSONValue?)
    /// Perform this and answer with 200 and the last of `MCPServer.answers`: the connection carries no progress.
    case errand(MCPErrand)
}

extension MCPServer {
    /// The same server over HTTP. It keeps nothing of its clients, in both eras: it gives out no sessions.
    package func react(to post: MCPPost) -> MCPPostReaction {
        guard post.body.count <= Self.messageBytesMax else {
            return Self.refuse(
                nil, RPCError(.invalidRequest, "A message may have \(Self.messageBytesMax) bytes; this one has more."))
        }
        let json: JSONValue
        do { json = try JSONValue(jsonBytes: post.body) } catch {
            return Self.refuse(nil, RPCError(.notJSON, "The body is not JSON: \(error)."))
        }
        if case .array = json {
            return Self.refuse(nil, RPCError(.invalidRequest, "Batches are not taken over HTTP. Send one message."))
        }
        let message: RPCMessage
        do { message = try RPCMessage(json) } catch { return Self.refuse(error.id, error.error) }
        guard case .request(let id, let method, let parameters) = message else { return .answer(status: 202, nil) }
        var session: MCPSession
        do throws(RPCError) {
            session = try Self.session(of: post, method, parameters)
        } catch {
            return Self.refuse(id, error)
        }
        // A session of a server before this one: the client begins anew.
        if let old = post.session, method != "initialize", session.revision != nil {
            let error = RPCError(.invalidRequest, "There is no session '\(old.prefix(80))'. Send initialize again.")
            return .answer(status: 404, error.answer(to: id))
        }
        switch react(to: message, in: &session) {
        case .silence, .cancel: return .answer(status: 202, nil)
        case .errand(let errand): return .errand(errand)
        case .answer(let answer, let code):
            // Before, every answer to a request came with 200.
            return .answer(status: session.revision == nil ? code?.httpStatus ?? 200 : 200, answer)
        }
    }

    private static func refuse(_ id: RPCID?, _ error: RPCError) -> MCPPostReaction {
        .answer(status: error.code.httpStatus, error.answer(to: id))
    }

    /// What the header fields say about the client; no revision for a request that says its own, which they must agree with.
    private static func session(
        of post: MCPPost, _ method: String, _ parameters: JSONValue
    ) throws(RPCError) -> MCPSession {
        let said = parameters["_meta"]?["io.modelcontextprotocol/protocolVersion"]?.stringValue
        let isKnown = post.revision.map { MCPRevision(rawValue: $0) != nil } ?? true
        if method == "initialize" { return MCPSession(revision: .newestHandshake) }
        if let said {
            try compare("MCP-Protocol-Version", post.revision, with: said)
            try compare("Mcp-Method", post.method, with: method)
            let name =
                switch method {
                case "tools/call": parameters["name"]?.stringValue
                case "resources/read": parameters["uri"]?.stringValue
                default: nil as String?
                }
            if let name { try compare("Mcp-Name", post.name, with: name) }
            return MCPSession()
        }
        guard isKnown else { throw .unsupported(post.revision ?? "") }
        let revision = post.revision.flatMap { MCPRevision(rawValue: $0) } ?? .unsaid
        guard !revision.isStateless else {
            throw RPCError(
                .headerMismatch, "MCP-Protocol-Version is \(revision.rawValue), and params._meta does not say so.")
        }
        return MCPSession(revision: revision)
    }

    private static func compare(_ field: String, _ header: String?, with body: String) throws(RPCError) {
        guard let header else { throw RPCError(.headerMismatch, "The field \(field) is missing.") }
        guard decoded(header) == body else {
            throw RPCError(.headerMismatch, "The field \(field) is not what the body says.")
        }
    }

    /// `=?base64?…?=` carries what a field cannot.
    private static func decoded(_ value: String) -> String? {
        guard value.lowercased().hasPrefix("=?base64?"), value.hasSuffix("?="), value.utf8.count >= 11 else {
            return value
        }
        guard let bytes = Base64.decode(String(value.dropFirst(9).dropLast(2))) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension RPCError.Code {
    package var httpStatus: Int {
        switch self {
        case .unknownMethod: 404
        case .internal: 200
        case .notJSON, .invalidRequest, .invalidParameters, .unknownResource, .headerMismatch, .unsupportedRevision: 400
        }
    }
}
