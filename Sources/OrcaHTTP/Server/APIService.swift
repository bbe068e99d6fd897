import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// From HTTP requests to operations and back. Knows the catalogue and a performer, and nothing behind it.
final class APIService: HTTPService {
    let configuration: HTTPServerConfiguration
    let performer: any Performer
    let hooks: HTTPServerHooks
    let clock: any LoopClock
    let router = Router()
    let metrics = HTTPMetrics()
    let encoder = StreamEncoder()
    private let names = RequestNames()
    let connections = ConnectionCounter()

    init(
        configuration: HTTPServerConfiguration, performer: any Performer, hooks: HTTPServerHooks, clock: any LoopClock
    ) {
        self.configuration = configuration
        self.performer = performer
        self.hooks = hooks
        self.clock = clock
    }

    /// One request on its way through the service.
    struct Call {
        let request: HTTPRequest
        let exchange: any HTTPExchange
        let id: String
    }

    func handle(_ request: HTTPRequest, _ exchange: any HTTPExchange) async {
        let start = clock.now()
        let call = Call(request: request, exchange: exchange, id: names.name(own: request.head.value("x-request-id")))
        var name = "none"
        let status: Int
        do {
            try checkHostAndOrigin(request)
            if let answer = preflight(request) {
                name = "preflight"
                status = respond(answer, call)
            } else if let answer = try await builtIn(call) {
                name = String(request.head.path)
                status = await respond(answer, call)
            } else {
                let match = try route(request.head)
                name = match.operation.name
                status = try await serve(match, call)
            }
        } catch {
            status = respond(answer(to: error, name, call), call)
        }
        metrics.count(operation: name, status: status, microseconds: clock.now() - start)
    }

    // MARK: Operations

    private func serve(_ match: RouteMatch, _ call: Call) async throws -> Int {
        let head = call.request.head
        let context = CallContext(
            caller: try caller(of: call.request), idempotencyKey: try idempotencyKey(head), requestID: call.id,
            timeoutMS: try timeout(head))
        try checkContentType(call.request)
        var message = try Routing.request(
            match, query: head.query, body: call.request.body,
            limits: ProtoLimits(bytesMax: configuration.limits.bodyBytesMax))
        let isConditional = try takeCondition(head, into: &message)
        if let milliseconds = context.timeoutMS { call.exchange.limitTime(milliseconds: Int64(milliseconds)) }
        guard match.operation.serverStreaming else {
            do {
                let response = try await performer.perform(match.operation, message, context)
                return respond(tagged(response, match.operation, head), call)
            } catch  where isConditional {
                throw Self.conditional(error)
            }
        }
        let format = try StreamFormat(accept: head.value("accept"))
        if let last = head.value("last-event-id") { try resume(&message, after: last) }
        guard head.method != "HEAD" else {
            return respond(HTTPResponse(status: 200, contentType: format.contentType, body: []), call)
        }
        let stream = try await performer.open(match.operation, message, context)
        await forward(stream, as: format, match.operation, call)
        return 200
    }

    private func route(_ head: RequestHead) throws -> RouteMatch {
        let method = HTTPMethod(rawValue: head.method == "HEAD" ? "GET" : head.method)
        switch router.find(method, head.path) {
        case .found(let match): return match
        case .badEncoding: throw HTTPFault.badRequest("A part of the path is not percent-encoded UTF-8.")
        case .notFound:
            throw HTTPFault(404, "no_such_operation", "Nothing is served at \(head.path); see /openapi.json.")
        case .otherMethods(let methods):
            let names = methods.map(\.rawValue).joined(separator: ", ")
            throw MethodNotAllowed(allowed: names)
        }
    }

    struct MethodNotAllowed: Error {
        let allowed: String
    }

    private func resume(_ message: inout any ProtoMessage, after last: String) throws {
        do {
            _ = try message.set(parameter: "after", to: last)
        } catch {
            throw HTTPFault.badRequest("Last-Event-ID is not one that this server gave.")
        }
    }

    // MARK: Fields

    private func checkContentType(_ request: HTTPRequest) throws {
        guard !request.body.isEmpty else { return }
        let parts = (request.head.value("content-type") ?? "").lowercased().split(separator: ";")
            .map { $0.trimmingSpaces() }
        guard parts.first == "application/json", parts.dropFirst().allSatisfy({ $0 == "charset=utf-8" }) else {
            throw HTTPFault(415, "unsupported_media_type", "A body must be JSON: set Content-Type: application/json.")
        }
    }

    private func idempotencyKey(_ head: RequestHead) throws -> String? {
        do throws(APIError) {
            return try CallFields.idempotencyKey(head.value("idempotency-key"))
        } catch {
            throw HTTPFault(error)
        }
    }

    private func timeout(_ head: RequestHead) throws -> Int? {
        guard let text = head.value("x-orca-timeout-ms") else { return nil }
        guard let milliseconds = Int(decimal: text.utf8), (1...86_400_000).contains(milliseconds) else {
            throw HTTPFault.badRequest("X-Orca-Timeout-Ms must be a number from 1 to 86400000.")
        }
        return milliseconds
    }

    // MARK: Answers

    func respond(_ response: HTTPResponse, _ call: Call) -> Int {
        var response = response
        response.fields.append(("X-Request-Id", call.id))
        response.fields += originFields(call.request)
        call.exchange.respond(response)
        return response.status
    }
}
