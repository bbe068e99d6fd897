package import OrcaSupport

/// The protocol without a transport: one message in, what to do about it out.
///
/// It carries out nothing. Where an answer needs the API, it hands out an `MCPErrand`; whoever moves the messages performs
/// its operation, on a thread or in a task of its own, and asks for the answer with the outcome.
package struct MCPServer: Sendable {
    /// Bytes of one message.
    package static let messageBytesMax = 4 << 20
    /// Messages in one batch.
    package static let batchMax = 50

    /// For calls that name none.
    let workspace: String
    let documents: [MCPDocument]

    package init(workspace: String, documents: [MCPDocument]) {
        self.workspace = workspace
        self.documents = documents
    }

    /// What to do about a message. `session` is what is known about its sender, and is changed by a handshake.
    package func react(to message: RPCMessage, in session: inout MCPSession) -> MCPReaction {
        switch message {
        case .answer: return .silence
        case .notification("notifications/cancelled", let parameters):
            return RPCID(parameters["requestId"]).map { .cancel($0) } ?? .silence
        case .notification: return .silence
        case .request(let id, let method, let parameters):
            do throws(RPCError) {
                return try carryOut(MCPRequest(id, method, parameters, in: session), &session)
            } catch {
                return .answer(error.answer(to: id), error.code)
            }
        }
    }

    private func carryOut(_ request: MCPRequest, _ session: inout MCPSession) throws(RPCError) -> MCPReaction {
        switch request.method {
        case "initialize": return request.answer(try initialize(request, &session))
        case "server/discover" where request.revision.isStateless: return request.answer(discovery())
        case "ping" where !request.revision.isStateless: return request.answer([:])
        case "tools/list": return .errand(try toolList(request))
        case "tools/call": return try callTool(request)
        case "resources/list":
            try request.refuseCursor()
            return request.answer(["resources": .array(resources.map(\.entry))], isCacheable: true)
        case "resources/templates/list":
            try request.refuseCursor()
            return request.answer(["resourceTemplates": []], isCacheable: true)
        case "resources/read": return try readResource(request)
        default:
            throw RPCError(
                .unknownMethod, "There is no method '\(request.method.prefix(80))' in \(request.revision.rawValue).")
        }
    }

    // MARK: Getting to know each other

    private func initialize(_ request: MCPRequest, _ session: inout MCPSession) throws(RPCError) -> JSONValue {
        guard let wanted = request.parameters["protocolVersion"]?.stringValue else {
            throw RPCError(.invalidParameters, "initialize needs protocolVersion, a text.")
        }
        let known = MCPRevision(rawValue: wanted).flatMap { $0.isStateless ? nil : $0 }
        let revision = known ?? .newestHandshake
        session.revision = revision
        session.client = request.parameters["clientInfo"]?["name"]?.stringValue ?? ""
        return [
            "protocolVersion": .string(revision.rawValue), "capabilities": Self.capabilities,
            "serverInfo": Self.identity, "instructions": .string(Self.instructions),
        ]
    }

    private func discovery() -> JSONValue {
        [
            "supportedVersions": .array(MCPRevision.allCases.reversed().map { .string($0.rawValue) }),
            "capabilities": Self.capabilities, "instructions": .string(Self.instructions),
            "_meta": ["io.modelcontextprotocol/serverInfo": Self.identity],
            "ttlMs": .integer(MCPRequest.cacheMS), "cacheScope": "private",
        ]
    }

    /// The tools and resources are the same as long as the server runs: nothing to listen for.
    private static let capabilities: JSONValue = ["tools": [:], "resources": [:]]
    private static let identity: JSONValue = [
        "name": "orca", "title": "Orca", "version": .string(ProductVersion.current),
    ]
    private static let instructions = """
        Orca hands tasks of a dependency graph to coding agents. Write JavaScript for `execute`: it has a global `orca` \
        with every operation, so that a whole flow is one call. `search` finds methods and their arguments.
        """
}

/// What is known about the sender of a message.
package struct MCPSession: Sendable, Hashable {
    /// Agreed on in a handshake.
    package var revision: MCPRevision?
    /// Name of the client program; empty when unknown.
    package var client = ""

    package init(revision: MCPRevision? = nil, client: String = "") {
        self.revision = revision
        self.client = client
    }
}

/// What to do about a message.
package enum MCPReaction: Sendable {
    case silence
    /// Send this. The code is there when it is an error.
    case answer(JSONValue, RPCError.Code?)
    /// Perform this and send what `MCPServer.answer` makes of it.
    case errand(MCPErrand)
    /// The sender wants no answer to an earlier request any more.
    case cancel(RPCID)
}

/// A text that clients can read as a resource.
package struct MCPDocument: Sendable, Hashable {
    package var uri: String
    package var name: String
    package var description: String
    package var text: String

    package init(uri: String, name: String, description: String, text: String) {
        self.uri = uri
        self.name = name
        self.description = description
        self.text = text
    }
}
