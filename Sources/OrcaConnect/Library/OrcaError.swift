import OrcaAPI
import OrcaDomain

/// What the server refused, or why it could not be asked.
public struct OrcaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Stable: `lease_lost`, `task_not_found`, `nothing_ready`, … All are in `docs/reference/errors.md`.
    public var code: String
    /// The class of the code: `invalid_argument`, `unauthenticated`, `permission_denied`, `not_found`, `conflict`,
    /// `resource_exhausted`, `deadline_exceeded`, `unavailable` or `internal`.
    public var category: String
    /// What went wrong and what to do next, for people.
    public var message: String
    /// Facts to act on: `holder`, `attempt`, `path`, `limit`, …
    public var details: [String: String]

    public init(code: String, category: String, _ message: String, details: [String: String] = [:]) {
        self.code = code
        self.category = category
        self.message = message
        self.details = details
    }

    init(_ error: APIError) {
        self.init(code: error.code, category: error.category.rawValue, error.message, details: error.details)
    }

    public var description: String { "\(code): \(message)" }
}
