import OrcaAPI
import OrcaDomain
import OrcaSupport

/// The paths that are no operations.
extension APIService {
    /// The answer, or `nil` when the path is none of these.
    func builtIn(_ call: Call) async throws -> PathAnswer? {
        let head = call.request.head
        if let answer = hooks.paths[String(head.path)] {
            return try await answer(call.request, try caller(of: call.request), call.id)
        }
        return try await own(call).map { .whole($0) }
    }

    private func own(_ call: Call) async throws -> HTTPResponse? {
        let head = call.request.head
        switch head.path {
        case "/healthz", "/readyz", "/metrics", "/openapi.json": break
        default: return nil
        }
        guard head.method == "GET" || head.method == "HEAD" else { throw MethodNotAllowed(allowed: "GET, HEAD") }
        switch head.path {
        case "/healthz": return HTTPResponse(status: 200, body: Array(#"{"status":"ok"}"#.utf8))
        case "/readyz": return await readiness()
        case "/metrics": return try await metricsText(call.request)
        default:
            let json = OpenAPIDocument.json
            return HTTPResponse(
                status: 200, body: Array(UnsafeBufferPointer(start: json.utf8Start, count: json.utf8CodeUnitCount)))
        }
    }

    private func readiness() async -> HTTPResponse {
        guard let reason = await hooks.notReady() else {
            let warnings = await hooks.warnings().map { JSONValue.string($0) }
            let status = JSONValue.Member("status", .string("ready"))
            return HTTPResponse(
                status: 200,
                body: JSONValue.object(warnings.isEmpty ? [status] : [status, .init("warnings", .array(warnings))])
                    .jsonBytes())
        }
        return Self.response(APIError("not_ready", .unavailable, reason))
    }

    private func metricsText(_ request: HTTPRequest) async throws -> HTTPResponse {
        if request.peer != .unix { try await hooks.authorizeMetrics(try caller(of: request)) }
        let text = metrics.text(connections: connections.count) + (await hooks.metrics())
        return HTTPResponse(
            status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: Array(text.utf8))
    }
}
