import OrcaSupport

/// What is known about the sender of a message.
package struct MCPSession: Sendable, Hashable {
    /// Agreed on in a handshake.
    package var revision: MCPRevision?
    /// Name of the client program; empty when unknown.
    package var client = ""
    package var abilities = MCPAbilities()
    /// Whether the transport can carry a request to this client, and its answer back.
    package var carriesQuestions = false
    /// Who calls, for what is sealed for one caller only. Not shown to anybody.
    package var caller = ""

    package init(revision: MCPRevision? = nil, client: String = "") {
        self.revision = revision
        self.client = client
    }
}

/// What a client says that it can do, as far as it matters here.
package struct MCPAbilities: Sendable, Hashable {
    /// It shows forms to its user.
    package var asks = false
    /// It knows the extension `io.modelcontextprotocol/tasks`.
    package var follows = false

    package init() {}

    static let tasks = "io.modelcontextprotocol/tasks"

    init(_ capabilities: JSONValue?) {
        if case .object(let modes) = capabilities?["elicitation"] {
            // Without a mode it is forms.
            asks = modes.isEmpty || modes.contains { $0.name == "form" }
        }
        if case .object = capabilities?["extensions"]?[Self.tasks] { follows = true }
    }
}

/// Sessions over HTTP: the client carries what a handshake agreed on, sealed.
struct MCPSessionSeal {
    private static let purpose = "session"
    private static let lifetimeMS: Int64 = 7 * 24 * 3_600_000
    private static let clientMax = 64

    let keeping: MCPKeeping

    func text(of session: MCPSession) -> String {
        keeping.sealed(
            [
                "r": .string(session.revision?.rawValue ?? ""),
                "c": .string(String(session.client.prefix(Self.clientMax))),
                "a": .bool(session.abilities.asks), "x": .integer(keeping.now + Self.lifetimeMS),
                "n": .string(MCPKeeping.nonce()),
            ], for: Self.purpose + "\n" + session.caller)
    }

    /// `nil` for one that is over, of another server, or of another caller.
    func session(_ text: String, of caller: String) -> MCPSession? {
        guard let told = keeping.opened(text, for: Self.purpose + "\n" + caller), let end = told["x"]?.integerValue,
            end > keeping.now, let revision = told["r"]?.stringValue.flatMap({ MCPRevision(rawValue: $0) }),
            let nonce = told["n"]?.stringValue, !keeping.isNoted(Self.purpose + nonce)
        else { return nil }
        var session = MCPSession(revision: revision, client: told["c"]?.stringValue ?? "")
        session.abilities.asks = told["a"]?.boolValue == true
        session.caller = caller
        return session
    }

    /// Whether there was such a session.
    func end(_ text: String, of caller: String) -> Bool {
        guard session(text, of: caller) != nil,
            let told = keeping.opened(text, for: Self.purpose + "\n" + caller), let nonce = told["n"]?.stringValue,
            let end = told["x"]?.integerValue
        else { return false }
        return keeping.note(Self.purpose + nonce, until: end) == .marked
    }
}
