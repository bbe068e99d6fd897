package import OrcaAPI
import OrcaDomain
package import OrcaGit

extension GitError {
    /// The same as the one error that commands show.
    package var apiError: APIError {
        let category: ErrorCategory =
            switch code {
            case .gitMissing, .notARepository, .emptyRepository, .branchNotFound, .invalidName, .noIdentity:
                .invalidArgument
            case .branchExists, .dirty, .mergeConflict, .staleBranch, .checkedOut: .conflict
            case .timedOut: .deadlineExceeded
            case .fetchFailed: .unavailable
            case .failed: .internal
            }
        var details: [String: String] = [:]
        if !files.isEmpty { details["files"] = files.joined(separator: "\n") }
        return APIError(code.rawValue, category, message, details: details)
    }
}
