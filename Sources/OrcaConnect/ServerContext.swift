package import OrcaAPI
import OrcaDomain
package import OrcaSupport
package import OrcaTLS

/// A server under a name, with all it takes to talk to it but the token itself.
package struct ServerContext: Sendable, Hashable {
    package enum Server: Sendable, Hashable {
        /// The user's own, started when it is not there.
        case local
        case socket(String)
        case url(String)
        /// None that lasts: the database is opened for one command.
        case embedded(database: String)
    }

    package var name: String
    package var server: Server
    /// Its first line is the token.
    package var tokenFile: String?
    package var trust: TLSTrust
    /// The workspace when none is said.
    package var workspace: String?

    package init(
        name: String, server: Server, tokenFile: String? = nil, trust: TLSTrust = TLSTrust(), workspace: String? = nil
    ) {
        self.name = name
        self.server = server
        self.tokenFile = tokenFile
        self.trust = trust
        self.workspace = workspace
    }

    /// The one that is always there.
    package static let local = ServerContext(name: "local", server: .local)
    package static let nameBytesMax = 64

    /// Whether it can be a name: letters, digits, `.`, `_` and `-`.
    package static func isName(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...nameBytesMax).contains(bytes.count)
            && bytes.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2E || byte == 0x5F || byte == 0x2D
            }
    }
}

/// The contexts of a user, as `contexts.json` keeps them.
package struct ContextBook: Sendable, Hashable {
    package private(set) var contexts: [ServerContext] = []
    /// The name of the one that is used when none is said.
    package private(set) var current = ServerContext.local.name

    package static let contextsMax = 100

    package init() {}

    package func find(_ name: String) -> ServerContext? {
        name == ServerContext.local.name ? .local : contexts.first { $0.name == name }
    }

    /// Throws when there is none of that name.
    package func named(_ name: String) throws(APIError) -> ServerContext {
        if let found = find(name) { return found }
        throw APIError(
            "context_not_found", .notFound, "There is no context '\(name)'. 'orca context list' shows what there is.",
            details: ["context": name])
    }

    /// Adds one, or takes the place of the one that has its name.
    package mutating func put(_ context: ServerContext) throws(APIError) {
        guard ServerContext.isName(context.name), context.name != ServerContext.local.name else {
            throw APIError(
                "invalid_argument", .invalidArgument,
                "'\(context.name)' cannot be a context's name: use letters, digits, '.', '_' and '-'; 'local' is taken."
            )
        }
        if let index = contexts.firstIndex(where: { $0.name == context.name }) {
            contexts[index] = context
            return
        }
        guard contexts.count < Self.contextsMax else {
            throw APIError(
                "limit_exceeded", .resourceExhausted,
                "There are \(Self.contextsMax) contexts already. Remove one with 'orca context remove'.")
        }
        contexts.append(context)
        contexts.sort { $0.name < $1.name }
    }

    package mutating func use(_ name: String) throws(APIError) {
        current = try named(name).name
    }

    /// Afterwards the local server is used, if this one was.
    package mutating func remove(_ name: String) throws(APIError) {
        _ = try named(name)
        contexts.removeAll { $0.name == name }
        if current == name { current = ServerContext.local.name }
    }
}

// MARK: The file

extension ContextBook {
    package init(json bytes: [UInt8], path: String) throws(APIError) {
        func broken(_ why: String) -> APIError {
            APIError("contexts_invalid", .invalidArgument, "\(path) is not readable: \(why). Correct or remove it.")
        }
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(jsonBytes: bytes) } catch {
            throw broken("\(error.message) at byte \(error.offset)")
        }
        for entry in value["contexts"]?.arrayValue ?? [] {
            guard let context = ServerContext(json: entry) else { throw broken("a context has no name or no server") }
            try put(context)
        }
        current = value["current"]?.stringValue ?? ServerContext.local.name
    }

    package var json: JSONValue {
        .object([
            .init("current", .string(current)), .init("contexts", .array(contexts.map(\.json))),
        ])
    }
}

extension ServerContext {
    init?(json: JSONValue) {
        func text(_ name: String) -> String? { json[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
        guard let name = text("name") else { return nil }
        let server: Server
        if let url = text("url") {
            server = .url(url)
        } else if let socket = text("socket") {
            server = .socket(socket)
        } else if let database = text("database") {
            server = .embedded(database: database)
        } else {
            return nil
        }
        let trust = TLSTrust(
            authorities: text("tls_ca"), certificate: text("tls_certificate"), key: text("tls_key"))
        self.init(
            name: name, server: server, tokenFile: text("token_file"), trust: trust, workspace: text("workspace"))
    }

    package var json: JSONValue {
        var members: [JSONValue.Member] = [.init("name", .string(name))]
        func add(_ name: String, _ value: String?) {
            if let value { members.append(.init(name, .string(value))) }
        }
        switch server {
        case .local: break
        case .socket(let path): add("socket", path)
        case .url(let url): add("url", url)
        case .embedded(let database): add("database", database)
        }
        add("token_file", tokenFile)
        add("tls_ca", trust.authorities)
        add("tls_certificate", trust.certificate)
        add("tls_key", trust.key)
        add("workspace", workspace)
        return .object(members)
    }
}

extension ConnectOptions {
    /// Talks to that server; its token and certificates win over those of the environment.
    package mutating func use(_ context: ServerContext) {
        switch context.server {
        case .local: endpoint = .local
        case .socket(let path): endpoint = .socket(path)
        case .url(let url): endpoint = .url(url)
        case .embedded(let database): endpoint = .embedded(database: database)
        }
        if let file = context.tokenFile { tokenFile = file }
        if context.trust != TLSTrust() { trust = context.trust }
    }
}
