import OrcaGit

/// A working copy that could not be had as asked, in words that say what to do next.
package struct CheckoutError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case notARepository = "not_a_repository"
        case baseNotFound = "base_not_found"
        case fetchFailed = "fetch_failed"
        case invalidName = "invalid_name"
        case nameTaken = "name_taken"
        /// Work would be lost.
        case unsafe = "work_would_be_lost"
        case mainWorktree = "main_worktree"
        /// Work that should be put together does not fit; `items` are the files.
        case mergeConflict = "merge_conflict"
        case invalidConfiguration = "invalid_orca_yaml"
        case unavailable = "git_failed"
    }

    package let code: Code
    package let message: String
    /// What the message is about: files, commits.
    package let items: [String]

    package init(_ code: Code, _ message: String, items: [String] = []) {
        self.code = code
        self.message = message
        self.items = items
    }

    package var description: String { message }

    init(_ error: GitError) {
        let code: Code =
            switch error.code {
            case .notARepository: .notARepository
            case .branchNotFound, .emptyRepository: .baseNotFound
            case .fetchFailed: .fetchFailed
            case .invalidName: .invalidName
            case .branchExists: .nameTaken
            case .mergeConflict: .mergeConflict
            case .gitMissing, .dirty, .noIdentity, .staleBranch, .checkedOut, .timedOut, .failed:
                .unavailable
            }
        self.init(code, error.message, items: error.files)
    }
}
