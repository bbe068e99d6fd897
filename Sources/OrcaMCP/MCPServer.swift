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
    package var workspace: String
    let documents: [MCPDocument]
    let keeping: MCPKeeping
    let pageEntries: Int

    package init(
        workspace: String, documents: [MCPDocument], keeping: MCPKeeping = MCPKeeping(),
        pageEntries: Int = MCPServer.pageEntries
    ) {
        self.workspace = workspace
        self.documents = documents
        self.keeping = keeping
        self.pageEntries = pageEntries
    }

    /// What to do about a message. `session` is what is known about its sender, and is changed by a handshake.
    package func react(to message: RPCMessage, in session: inout MCPSession) -> MCPReaction {
        switch message {
        case .answer(let id, let result): return id.map { .reply($0, result) } ?? .silence
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
        case "tools/list":
            _ = try Self.start("tools", request)
            return .errand(tellMethods(request, .listTools))
        case "tools/call": return try callTool(request)
        case "resources/list": return request.answer(try page("resources", resources, request), isCacheable: true)
        case "resources/templates/list":
            return request.answer(try page("resourceTemplates", [Self.methodsTemplate], request), isCacheable: true)
        case "resources/read": return try readResource(request)
        case "tasks/get" where request.revision.isStateless: return .errand(try lookAtWait(request))
        case "tasks/update" where request.revision.isStateless: return try updateWait(request)
        case "tasks/cancel" where request.revision.isStateless: return try cancelWait(request)
        case "subscriptions/listen" where request.revision.isStateless: return .listen(try listen(request))
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
        session.abilities = MCPAbilities(request.parameters["capabilities"])
        return [
            "protocolVersion": .string(revision.rawValue), "capabilities": Self.capabilities,
            "serverInfo": Self.identity, "instructions": .string(Self.instructions),
        ]
    }

    private func discovery() -> JSONValue {
        [
            "supportedVersions": .array(MCPRevision.allCases.reversed().map { .string($0.rawValue) }),
            "capabilities": Self.capabilities.adding(["extensions": .object([.init(MCPAbilities.tasks, [:])])]),
            "instructions": .string(Self.instructions),
            "_meta": ["io.modelcontextprotocol/serverInfo": Self.identity],
            "ttlMs": .integer(MCPRequest.cacheMS), "cacheScope": "private",
        ]
    }

    /// The lists of tools and resources are the same as long as the server runs: nothing to listen for.
    private static let capabilities: JSONValue = ["tools": [:], "resources": [:]]
    private static let identity: JSONValue = [
        "name": "orca", "title": "Orca", "version": .string(ProductVersion.current),
    ]
    private static let instructions = """
        Orca hands tasks of a dependency graph to coding agents. Write JavaScript for `execute`: it has a global `orca` \
        with every operation, so that a whole flow is one call. `search` finds methods and their types.
        """
}

/// What to do about a message.
package enum MCPReaction: Sendable {
    case silence
    /// Send this. The code is there when it is an error.
    case answer(JSONValue, RPCError.Code?)
    /// Perform this and do what `MCPServer.next` says.
    case errand(MCPErrand)
    /// Keep sending what becomes of these, until the sender wants no more.
    case listen(MCPListening)
    /// The sender wants no answer to an earlier request any more.
    case cancel(RPCID)
    /// The answer to a request that was sent to the sender; `nil` when it is an error.
    case reply(RPCID, JSONValue?)
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
