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
    /// Who calls: sessions and open questions are for one caller only.
    package var caller = ""
    /// Whether it takes events as an answer.
    package var takesEvents = false
    package var body: [UInt8]

    package init(body: [UInt8]) { self.body = body }
}

/// What to do about a POST.
package enum MCPPostReaction: Sendable {
    /// Answer with that status; without a body to what wants no answer. The session is for `Mcp-Session-Id`.
    case answer(status: Int, JSONValue?, session: String? = nil)
    /// Perform this and do what `MCPServer.next` says. The session tells whose request it is; none for stateless requests.
    case errand(MCPErrand, session: String?)
    case listen(MCPListening)
    /// That request of the session needs no answer any more. Answer with 202.
    case cancel(RPCID, session: String)
    /// The answer to a request that was sent to the session. Answer with 202.
    case reply(RPCID, JSONValue?, session: String)
}

extension MCPServer {
    /// The same server over HTTP. It keeps nothing of its clients: those of the handshake carry their session themselves.
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
        guard case .request(let id, let method, let parameters) = message else { return react(to: message, post) }
        var session: MCPSession
        do throws(RPCError) {
            session = try sender(of: post, method, parameters)
        } catch {
            return Self.refuse(id, error)
        }
        let isStateless = session.revision == nil
        if !isStateless, method != "initialize" {
            guard let text = post.session else {
                return Self.refuse(
                    id, RPCError(.invalidRequest, "The field Mcp-Session-Id is missing: initialize gives it out."))
            }
            guard let known = sessions.session(text, of: post.caller) else {
                let error = RPCError(.invalidRequest, "There is no such session. Send initialize again.")
                return .answer(status: 404, error.answer(to: id))
            }
            session = known
            session.carriesQuestions = post.takesEvents
        }
        switch react(to: message, in: &session) {
        case .silence, .cancel, .reply: return .answer(status: 202, nil)
        case .errand(let errand): return .errand(errand, session: isStateless ? nil : post.session)
        case .listen(let listening):
            guard post.takesEvents else {
                return Self.refuse(id, RPCError(.invalidRequest, "Accept must name text/event-stream for this."))
            }
            return .listen(listening)
        case .answer(let answer, let code):
            let isOpened = method == "initialize" && code == nil
            // In the handshake's revisions every answer to a request comes with 200.
            return .answer(
                status: isStateless ? code?.httpStatus ?? 200 : 200, answer,
                session: isOpened ? sessions.text(of: session) : nil)
        }
    }

    /// A DELETE. The status of its answer.
    package func end(session: String?, of caller: String) -> Int {
        // Without one it is a method that this revision does not have.
        guard let session else { return 405 }
        return sessions.end(session, of: caller) ? 200 : 404
    }

    private var sessions: MCPSessionSeal { MCPSessionSeal(keeping: keeping) }

    /// What wants no answer.
    private func react(to message: RPCMessage, _ post: MCPPost) -> MCPPostReaction {
        guard let text = post.session, sessions.session(text, of: post.caller) != nil else {
            return .answer(status: 202, nil)
        }
        var session = MCPSession()
        switch react(to: message, in: &session) {
        case .cancel(let id): return .cancel(id, session: text)
        case .reply(let id, let result): return .reply(id, result, session: text)
        case .silence, .answer, .errand, .listen: return .answer(status: 202, nil)
        }
    }

    private static func refuse(_ id: RPCID?, _ error: RPCError) -> MCPPostReaction {
        .answer(status: error.code.httpStatus, error.answer(to: id))
    }

    /// What the header fields say about the client; no revision for a request that says its own, which they must agree with.
    private func sender(
        of post: MCPPost, _ method: String, _ parameters: JSONValue
    ) throws(RPCError) -> MCPSession {
        var session = MCPSession()
        session.caller = post.caller
        let said = parameters["_meta"]?["io.modelcontextprotocol/protocolVersion"]?.stringValue
        let isKnown = post.revision.map { MCPRevision(rawValue: $0) != nil } ?? true
        if method == "initialize" {
            session.revision = .newestHandshake
            return session
        }
        if let said {
            try Self.compare("MCP-Protocol-Version", post.revision, with: said)
            try Self.compare("Mcp-Method", post.method, with: method)
            let name =
                switch method {
                case "tools/call": parameters["name"]?.stringValue
                case "resources/read": parameters["uri"]?.stringValue
                case "tasks/get", "tasks/update", "tasks/cancel": parameters["taskId"]?.stringValue
                default: nil as String?
                }
            if let name { try Self.compare("Mcp-Name", post.name, with: name) }
            return session
        }
        guard isKnown else { throw .unsupported(post.revision ?? "") }
        let revision = post.revision.flatMap { MCPRevision(rawValue: $0) } ?? .unsaid
        guard !revision.isStateless else {
            throw RPCError(
                .headerMismatch, "MCP-Protocol-Version is \(revision.rawValue), and params._meta does not say so.")
        }
        session.revision = revision
        return session
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
        case .notJSON, .invalidRequest, .invalidParameters, .unknownResource, .headerMismatch, .missingAbility,
            .unsupportedRevision:
            400
        }
    }
}
