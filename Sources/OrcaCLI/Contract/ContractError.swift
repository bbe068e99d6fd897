import OrcaAPI
import OrcaDomain
import OrcaSupport

/// Errors in the words of the contract.
enum ContractError {
    /// The detail that holds what to do next, one step a line.
    static let nextSteps = "next_steps"

    /// The contract's name for what went wrong; our own stable code where it has none.
    static func code(of error: APIError) -> String {
        switch error.code {
        case "usage": "invalid_argument"
        case "server_unreachable", "connection_broken", "unknown_host", "unavailable", "handover_failed",
            "server_not_started", "no_server_program", "directory_unusable", "stream_broken", "store_busy", "sandboxed":
            "runtime_unavailable"
        case "wait_timeout": "timeout"
        case "timeout", "deadline_exceeded": "runtime_timeout"
        case "overloaded": "runtime_busy"
        case "unreadable_answer", "foreign_server": "invalid_runtime_response"
        case "unauthenticated", "token_unreadable": "unauthorized"
        case "permission_denied": "forbidden"
        case "unimplemented": "method_not_found"
        case "internal": "internal_error"
        default: error.code
        }
    }

    /// Whether the server was not heard: then the request has no id that anybody else knows.
    static func isLocal(_ error: APIError) -> Bool {
        ["runtime_unavailable", "runtime_timeout", "invalid_runtime_response"].contains(code(of: error))
    }

    /// The `error` object of a failure.
    static func json(_ error: APIError) -> JSONValue {
        let object: JSONValue = ["code": .string(code(of: error)), "message": .string(error.message)]
        var data: [JSONValue.Member] = []
        let steps = steps(of: error)
        if !steps.isEmpty { data.append(.init("nextSteps", .array(steps.map { .string($0) }))) }
        for (name, value) in error.details.sorted(by: { $0.key < $1.key }) where name != nextSteps {
            data.append(.init(name, .string(value)))
        }
        return data.isEmpty ? object : object.adding(["data": .object(data)])
    }

    static func steps(of error: APIError) -> [String] {
        (error.details[nextSteps] ?? "").split(separator: "\n").map(String.init)
    }

    /// What goes to standard error without `--json`.
    static func text(_ error: APIError) -> String {
        var lines = [error.message] + steps(of: error).map { "Next step: \($0)" }
        if code(of: error) == "runtime_unavailable", error.code != "sandboxed" {
            lines.append("Orca is not running here. Start it with 'orca serve', or look at 'orca status'.")
        }
        return lines.map { $0 + "\n" }.joined()
    }
}

extension APIError {
    /// A refusal in the contract's words, with what to do next.
    static func contract(_ code: String, _ category: ErrorCategory, _ message: String, next: [String] = []) -> APIError
    {
        APIError(
            code, category, message,
            details: next.isEmpty ? [:] : [ContractError.nextSteps: next.joined(separator: "\n")])
    }

    /// A command line that cannot be carried out as it is.
    static func invalid(_ message: String, next: [String] = []) -> APIError {
        contract("invalid_argument", .invalidArgument, message, next: next)
    }
}
