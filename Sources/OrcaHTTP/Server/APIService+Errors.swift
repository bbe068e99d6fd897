import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport

/// Errors as answers: an `orca.v1.Error` as JSON, with the members of a problem beside it. Source: RFC 9457.
extension APIService {
    func answer(to fault: HTTPFault) -> HTTPResponse {
        metrics.countFault(fault.code)
        let category: ErrorCategory =
            switch fault.status {
            case 401: .unauthenticated
            case 403: .permissionDenied
            case 404: .notFound
            case 408, 504: .deadlineExceeded
            case 503: .unavailable
            case 500: .internal
            default: .invalidArgument
            }
        var response = Self.response(APIError(fault.code, category, fault.message), status: fault.status)
        if fault.status == 401 { response.fields.append(("WWW-Authenticate", "Bearer realm=\"orca\"")) }
        return response
    }

    func answer(to error: any Error, _ operation: String, _ call: Call) -> HTTPResponse {
        switch error {
        case let fault as HTTPFault: return answer(to: fault)
        // Below it is not known why the request ended.
        case let error as APIError where error.code == "canceled" && call.exchange.endReason != nil:
            return Self.response(Self.ended(call.exchange.endReason))
        case let error as APIError: return Self.response(error, status: error.category.httpStatus)
        case let failed as PreconditionFailed: return Self.response(failed.error, status: 412)
        case let error as MethodNotAllowed:
            var response = answer(
                to: HTTPFault(405, "method_not_allowed", "This path takes \(error.allowed)."))
            response.fields.append(("Allow", error.allowed))
            return response
        case is CancellationError: return Self.response(Self.ended(call.exchange.endReason))
        default:
            hooks.reportInternalError(operation, call.id, error)
            return Self.response(
                APIError(
                    "internal", .internal, "The server failed on this request; its log tells why, under \(call.id)."))
        }
    }

    /// The error of a request that was cancelled.
    static func ended(_ reason: ExchangeEnd?) -> APIError {
        switch reason {
        case .timeOver:
            APIError(
                "deadline_exceeded", .deadlineExceeded,
                "The time that the caller gave (X-Orca-Timeout-Ms; orca: --timeout) is over. Give it longer.")
        case .stopping: APIError("stopping", .unavailable, "The server is stopping; try again in a moment.")
        case .clientLeft, nil: APIError("canceled", .unavailable, "The request was given up before it was done.")
        }
    }

    static func response(_ error: APIError, status: Int? = nil) -> HTTPResponse {
        let status = status ?? error.category.httpStatus
        var response = HTTPResponse(
            status: status, contentType: "application/problem+json", body: problem(error, status))
        if let text = error.details["retry_after_ms"], let milliseconds = Int(text) {
            response.fields.append(("Retry-After", String((milliseconds + 999) / 1000)))
        }
        return response
    }

    private static func problem(_ error: APIError, _ status: Int) -> [UInt8] {
        var writer = JSONWriter()
        func text(_ name: String, _ text: String) {
            writer.key(name)
            writer.string(text)
        }
        writer.beginObject()
        text("code", error.code)
        text("category", error.category.rawValue)
        text("message", error.message)
        writer.key("details")
        writer.beginObject()
        for (name, value) in error.details.sorted(by: { $0.key < $1.key }) { text(name, value) }
        writer.endObject()
        text("type", "urn:orca:error:\(error.code)")
        text("title", HTTPResponse.reason(status))
        writer.key("status")
        writer.integer(Int64(status))
        text("detail", error.message)
        writer.endObject()
        return writer.bytes
    }

    static func message(_ error: APIError) -> OrcaV1.Error {
        .with {
            $0.code = error.code
            $0.category = error.category.rawValue
            $0.message = error.message
            $0.details = error.details
        }
    }
}
