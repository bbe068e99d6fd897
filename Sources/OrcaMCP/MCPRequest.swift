import OrcaSupport

/// A request with the revision it is made in.
struct MCPRequest: Sendable, Hashable {
    /// How long a client may keep lists.
    static let cacheMS: Int64 = 3_600_000

    let id: RPCID
    let method: String
    let parameters: JSONValue
    let revision: MCPRevision
    let client: String
    let abilities: MCPAbilities
    let caller: String
    /// Whether a script's question can reach the user.
    let canAsk: Bool

    /// Requests of both eras may come in any order: those that say their revision are stateless, all others belong to the
    /// handshake.
    init(_ id: RPCID, _ method: String, _ parameters: JSONValue, in session: MCPSession) throws(RPCError) {
        (self.id, self.method, self.parameters) = (id, method, parameters)
        caller = session.caller
        let meta = parameters["_meta"]
        if method != "initialize", let said = meta?["io.modelcontextprotocol/protocolVersion"] {
            guard let said = said.stringValue else {
                throw RPCError(.invalidParameters, "io.modelcontextprotocol/protocolVersion in _meta must be a text.")
            }
            guard let revision = MCPRevision(rawValue: said), revision.isStateless else { throw .unsupported(said) }
            let capabilities = meta?["io.modelcontextprotocol/clientCapabilities"]
            guard case .object = capabilities else {
                throw RPCError(
                    .invalidParameters,
                    "_meta needs io.modelcontextprotocol/clientCapabilities, an object; it may be empty.")
            }
            self.revision = revision
            client = meta?["io.modelcontextprotocol/clientInfo"]?["name"]?.stringValue ?? ""
            abilities = MCPAbilities(capabilities)
            canAsk = abilities.asks
            return
        }
        client = session.client
        abilities = session.abilities
        let revision: MCPRevision
        if method == "initialize" || method == "ping" {
            revision = session.revision ?? .newestHandshake
        } else if let agreed = session.revision {
            revision = agreed
        } else {
            throw RPCError(
                method == "server/discover" ? .invalidParameters : .invalidRequest,
                """
                Neither a handshake nor a revision: send initialize first, or say \
                io.modelcontextprotocol/protocolVersion in params._meta.
                """)
        }
        self.revision = revision
        canAsk = session.abilities.asks && session.carriesQuestions && revision.hasElicitation
    }

    /// What a client wants to be told progress under.
    var progressToken: JSONValue? {
        switch parameters["_meta"]?["progressToken"] {
        case .string(let token): .string(token)
        case .integer(let token): .integer(token)
        case .null, .bool, .number, .array, .object, nil: nil
        }
    }

    func answer(_ result: JSONValue, isCacheable: Bool = false) -> MCPReaction {
        .answer(envelope(result, isCacheable: isCacheable), nil)
    }

    /// The answer with that result. A result that says itself what it is stays so.
    func envelope(_ result: JSONValue, isCacheable: Bool = false) -> JSONValue {
        var result = result
        if revision.isStateless {
            if result["resultType"] == nil { result = result.adding(["resultType": "complete"]) }
            if isCacheable {
                result = result.adding(["ttlMs": .integer(Self.cacheMS), "cacheScope": "private"])
            }
        }
        return ["jsonrpc": "2.0", "id": id.json, "result": result]
    }
}
