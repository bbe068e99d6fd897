package import OrcaAPI
import OrcaDomain
package import OrcaProtobuf
package import OrcaSupport

/// `subscriptions/listen`: an answer that stays open and carries what changes.
///
/// Of what can be listened for, only the waits of `wait` change while a server runs; tools and resources do not.
package struct MCPListening: Sendable {
    /// At once in one subscription.
    static let watchesMax = 16

    let request: MCPRequest
    package var id: RPCID { request.id }
    /// To be sent first: what will be told.
    package let acknowledgement: JSONValue
    /// To be followed side by side.
    package let watches: [MCPWatch]

    /// To be sent last, when the server ends the subscription.
    package var end: JSONValue {
        request.envelope(["_meta": Self.meta(request)])
    }

    init(_ request: MCPRequest, _ server: MCPServer, _ waits: [MCPWait]) {
        self.request = request
        watches = waits.map { MCPWatch($0, server, request) }
        var kinds: JSONValue = [:]
        if !waits.isEmpty { kinds = ["taskIds": .array(waits.map { .string($0.id) })] }
        acknowledgement = Self.notification(
            "notifications/subscriptions/acknowledged", ["notifications": kinds], request)
    }

    static func notification(_ method: String, _ parameters: JSONValue, _ request: MCPRequest) -> JSONValue {
        [
            "jsonrpc": "2.0", "method": .string(method),
            "params": parameters.adding(["_meta": Self.meta(request)]),
        ]
    }

    private static func meta(_ request: MCPRequest) -> JSONValue {
        .object([.init("io.modelcontextprotocol/subscriptionId", request.id.json)])
    }
}

extension MCPServer {
    func listen(_ request: MCPRequest) throws(RPCError) -> MCPListening {
        guard case .object(let kinds) = request.parameters["notifications"] else {
            throw RPCError(.invalidParameters, "subscriptions/listen needs notifications, an object.")
        }
        guard let wanted = kinds.first(where: { $0.name == "taskIds" })?.value else {
            return MCPListening(request, self, [])
        }
        try needTasks(request)
        guard let texts = wanted.arrayValue?.map(\.stringValue), !texts.contains(nil),
            texts.count <= MCPListening.watchesMax
        else {
            throw RPCError(
                .invalidParameters, "taskIds must be a list of up to \(MCPListening.watchesMax) texts.")
        }
        // Unknown ids are left out; the acknowledgement says which are listened for.
        return MCPListening(request, self, texts.compactMap { $0.flatMap { MCPWait(id: $0) } })
    }
}

/// Follows one wait: looks how it stands, tells it when it is new, and waits for the next event of its task. Perform
/// `operation` with `message`, hand over the outcome, send what that answers, and so on until it is over.
package struct MCPWatch: Sendable {
    private static let waitMS: Int32 = 25_000
    private static let eventsMax: Int32 = 500

    private enum Step: Sendable {
        /// Where the events are now, before the first look: what comes after it is not missed.
        case begin
        case look
        case wait
    }

    private let wait: MCPWait
    private let server: MCPServer
    private let request: MCPRequest
    private var step = Step.look
    private var last: JSONValue?
    private var entity = ""
    /// The sequence number behind which events are new; -1 until it is known.
    private var after: Int64 = -1
    package private(set) var isOver = false

    init(_ wait: MCPWait, _ server: MCPServer, _ request: MCPRequest) {
        (self.wait, self.server, self.request) = (wait, server, request)
        step = .begin
    }

    package var operation: APIOperation {
        step == .look ? wait.look.operation : Operations.listEvents.erased
    }

    package var message: any ProtoMessage {
        guard step != .look else { return wait.look.message }
        return OrcaV1.ListEventsRequest.with {
            ($0.workspace, $0.after, $0.entity, $0.limit) = (wait.workspace, after, entity, Self.eventsMax)
            $0.waitMs = step == .wait ? Self.waitMS : 0
        }
    }

    /// What to send; `nil` when nothing is new.
    package mutating func take(_ outcome: Result<any ProtoMessage, APIError>) -> JSONValue? {
        guard case .success(let message) = outcome else {
            // Nothing more can be told about it; the client finds out why when it looks.
            isOver = true
            return nil
        }
        if let events = message as? OrcaV1.ListEventsResponse {
            after = events.lastSequence
            if step == .begin || !events.events.isEmpty || server.isCanceled(wait) { step = .look }
            return nil
        }
        guard let state = MCPWaitState(message, asks: request.abilities.asks) else {
            isOver = true
            return nil
        }
        (entity, step) = (state.entity, .wait)
        let isCanceled = server.isCanceled(wait)
        isOver = isCanceled || state.status == .completed
        let told = wait.told(state, isCanceled: isCanceled)
        let news: JSONValue = ["status": told["status"] ?? .null, "note": told["statusMessage"] ?? .null]
        guard news != last else { return nil }
        last = news
        return MCPListening.notification("notifications/tasks", told, request)
    }
}
