import OrcaAPI
import OrcaDomain
import OrcaSupport

/// Error answers as they come over the wire.
enum WireError {
    /// The error in the body, or one made of the status when the body is none of ours.
    static func decode(_ body: [UInt8], status: Int) -> APIError {
        guard let value = try? JSONValue(jsonBytes: body), let code = value["code"]?.stringValue,
            let message = value["message"]?.stringValue
        else { return bare(status) }
        let category = value["category"]?.stringValue.flatMap(ErrorCategory.init) ?? Self.category(status)
        var details: [String: String] = [:]
        if case .object(let members)? = value["details"] {
            for member in members { details[member.name] = member.value.stringValue }
        }
        return APIError(code, category, message, details: details)
    }

    private static func bare(_ status: Int) -> APIError {
        APIError(
            "http_\(status)", category(status),
            "The server answered with HTTP status \(status) and no error of Orca's. Check with 'orca status' that it is an orcad."
        )
    }

    private static func category(_ status: Int) -> ErrorCategory {
        if let exact = ErrorCategory.allCases.first(where: { $0.httpStatus == status }) { return exact }
        switch status {
        case 400..<500: return .invalidArgument
        case 502: return .unavailable
        default: return .internal
        }
    }
}
