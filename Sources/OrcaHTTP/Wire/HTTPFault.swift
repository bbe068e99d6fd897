/// Why a request is refused before any operation sees it.
package struct HTTPFault: Error, Sendable, Hashable {
    package let status: Int
    /// Stable reason, `bad_request`.
    package let code: String
    package let message: String

    package init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    static func badRequest(_ message: String) -> HTTPFault { HTTPFault(400, "bad_request", message) }
}
