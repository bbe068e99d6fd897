/// Something the world did that the domain refuses: a stable code, text that says what to do next, and facts.
package struct DomainError: Error, Sendable, Hashable, CustomStringConvertible {
    package var code: ErrorCode
    package var message: String
    package var details: [String: String]

    package init(_ code: ErrorCode, _ message: String, details: [String: String] = [:]) {
        self.code = code
        self.message = message
        self.details = details
    }

    package var description: String { "\(code.rawValue): \(message)" }
}
