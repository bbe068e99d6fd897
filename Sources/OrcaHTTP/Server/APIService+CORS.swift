import OrcaAPI

/// What web pages of other origins may read. Nothing, unless the configuration names their origin. Source: the Fetch standard, 3.2.
extension APIService {
    private static let shown = "ETag, Retry-After, X-Request-Id"
    private static let taken =
        "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Orca-Caller, "
        + "X-Orca-Timeout-Ms, X-Request-Id"
    private static let preflightSeconds = 600

    /// The fields that let the page read the answer.
    func originFields(_ request: HTTPRequest) -> [(name: String, value: String)] {
        guard request.peer != .unix, let origin = request.head.value("origin"),
            configuration.allowedOrigins.contains(origin.lowercased())
        else { return [] }
        return [
            ("Access-Control-Allow-Origin", origin), ("Access-Control-Expose-Headers", Self.shown), ("Vary", "Origin"),
        ]
    }

    /// The answer to a browser that asks whether a page may send a request; `nil` when this is none.
    func preflight(_ request: HTTPRequest) -> HTTPResponse? {
        let head = request.head
        guard head.method == "OPTIONS", head.value("access-control-request-method") != nil,
            !originFields(request).isEmpty
        else { return nil }
        let methods = HTTPMethod.allCases.map(\.rawValue).joined(separator: ", ")
        return HTTPResponse(
            status: 204, body: [],
            fields: [
                ("Access-Control-Allow-Methods", methods), ("Access-Control-Allow-Headers", Self.taken),
                ("Access-Control-Max-Age", String(Self.preflightSeconds)),
            ])
    }
}
