package import OrcaDomain

/// The one error that crosses the API: a stable code, its class, text for people, facts for programs.
///
/// Codes are listed in `docs/reference/errors.md`. The class decides the HTTP status and the exit code of `orca`.
package struct APIError: Error, Sendable, Hashable {
    package var code: String
    package var category: ErrorCategory
    /// What went wrong and what to do next.
    package var message: String
    package var details: [String: String]

    package init(_ code: String, _ category: ErrorCategory, _ message: String, details: [String: String] = [:]) {
        self.code = code
        self.category = category
        self.message = message
        self.details = details
    }
}

extension ErrorCategory {
    /// HTTP status of the class, as the gRPC gateway maps it.
    package var httpStatus: Int {
        switch self {
        case .invalidArgument: 400
        case .unauthenticated: 401
        case .permissionDenied: 403
        case .notFound: 404
        case .conflict: 409
        case .resourceExhausted: 429
        case .unavailable: 503
        case .deadlineExceeded: 504
        case .internal: 500
        }
    }

    /// Exit code of `orca` for the class; documented in `orca help exit-codes`.
    package var exitCode: Int32 {
        switch self {
        case .invalidArgument: 2
        case .notFound: 3
        case .conflict: 4
        case .unauthenticated, .permissionDenied: 5
        case .unavailable, .resourceExhausted: 6
        case .deadlineExceeded: 124
        case .internal: 1
        }
    }
}
