import OrcaSupport

/// A git operation that could not be done, in words for the person whose repository it is.
package struct GitError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case gitMissing = "git_missing"
        case notARepository = "not_a_repository"
        case emptyRepository = "empty_repository"
        case branchNotFound = "branch_not_found"
        case branchExists = "branch_exists"
        case invalidName = "invalid_branch_name"
        case dirty = "dirty_worktree"
        case noIdentity = "git_identity_missing"
        case mergeConflict = "merge_conflict"
        /// A branch was moved by somebody else in the meantime.
        case staleBranch = "stale_branch"
        case checkedOut = "branch_checked_out"
        case timedOut = "git_timed_out"
        /// The remote could not be asked.
        case fetchFailed = "git_fetch_failed"
        case failed = "git_failed"
    }

    package let code: Code
    /// What went wrong and what to do next.
    package let message: String
    /// The files concerned: conflicts, uncommitted changes.
    package let files: [String]

    package init(_ code: Code, _ message: String, files: [String] = []) {
        self.code = code
        self.message = message
        self.files = files
    }

    package var description: String { message }

    /// What git said when it refused, in one message.
    static func failed(_ arguments: [String], _ result: Subprocess.Result) -> GitError {
        let said = result.errorText.split(separator: "\n").map { line in
            ["fatal: ", "error: "].reduce(line) { $0.hasPrefix($1) ? $0.dropFirst($1.count) : $0 }
        }
        let words = said.isEmpty ? result.status.description : said.suffix(4).joined(separator: "; ")
        return GitError(.failed, "git \(arguments.first ?? "") failed: \(words)")
    }
}
