import OrcaAPI
import OrcaSupport

/// Why a script, or one of its calls, failed: what becomes an exception in it, or the end of it.
package struct ScriptError: Error, Sendable, Hashable {
    /// `SyntaxError`, `TypeError`, `OrcaError`, …
    package var name: String
    package var code: String
    package var message: String
    /// What to do about it; empty when the message says that.
    package var hint: String
    package var details: [String: String]
    /// In the author's numbering; 0 when unknown.
    package var line = 0
    package var column = 0
    /// The author's line.
    package var snippet = ""

    package init(
        _ code: String, _ message: String, name: String = "OrcaError", hint: String = "",
        details: [String: String] = [:]
    ) {
        self.name = name
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details
    }

    init(_ error: APIError) {
        self.init(
            error.code, error.message, hint: error.details["next_steps"] ?? "", details: error.details)
    }

    /// As it goes to the script.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("name", .string(name)), .init("code", .string(code)), .init("message", .string(message)),
        ]
        if !hint.isEmpty { members.append(.init("hint", .string(hint))) }
        if !details.isEmpty {
            let facts = details.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
            members.append(.init("details", .object(facts)))
        }
        return .object(members)
    }
}

extension ScriptError {
    init(_ refusal: TypeEraser.Refusal) {
        self.init("syntax_error", refusal.message, name: "SyntaxError", hint: refusal.hint)
        (line, column) = (refusal.line, refusal.column)
    }
}
