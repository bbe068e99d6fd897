package import OrcaAPI
import OrcaDomain
import OrcaSupport

/// What a value must look like; decides checks, help and completions.
package enum ValueKind: Hashable {
    case text
    case integer(ClosedRange<Int64>)
    /// `500ms`, `30s`, `5m`, `2h`, `1d`; a bare number means seconds.
    case duration
    /// An RFC 3339 time, or `+` and a duration from now.
    case time
    /// `KEY=VALUE`.
    case pair
    case choice([String])
    case file
    case directory
    /// Something the server knows by name or id; completed live.
    case entity(Entity)

    package enum Entity: String, CaseIterable {
        case workspace, project, task, attempt, lease, agent, token
        /// Known to this machine, not to a server.
        case context
    }

    /// Throws the complaint that a person can act on when `text` is not of this kind.
    package func check(_ text: String, for label: String) throws(APIError) {
        switch self {
        case .text, .file, .directory, .entity:
            break
        case .integer(let range):
            guard let number = Int64(text), range.contains(number) else {
                throw .usage(
                    "\(label) takes a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
            }
        case .duration:
            guard DurationText.milliseconds(text) != nil else {
                throw .usage("\(label) takes a duration like 500ms, 30s, 5m, 2h or 1d, not '\(text)'")
            }
        case .time:
            guard TimeText.isWellFormed(text) else {
                throw .usage("\(label) takes a time like 2030-01-31T08:00:00Z or +15m, not '\(text)'")
            }
        case .pair:
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw .usage("\(label) takes KEY=VALUE, not '\(text)'")
            }
        case .choice(let words):
            guard words.contains(text) else {
                let hint = Suggestion.nearest(to: text, in: words).map { "; did you mean '\($0)'?" } ?? ""
                throw .usage("\(label) takes one of \(words.joined(separator: ", ")), not '\(text)'\(hint)")
            }
        }
    }
}

extension APIError {
    /// A command line that cannot be understood: exit code 2.
    package static func usage(_ message: String) -> APIError {
        APIError("usage", .invalidArgument, message)
    }
}
