/// Something about an agent or its files that could not be done, in words that say what to do next.
package struct AgentError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        case unknownAgent = "unknown_agent"
        /// The agent has no hooks, or not in that scope.
        case unsupported = "hooks_unsupported"
        /// A file that is not what the agent would read; it is left alone.
        case malformedFile = "file_malformed"
        /// A file of somebody else's stands where ours would go.
        case foreignFile = "file_foreign"
        case fileUnusable = "file_unusable"
        case unknownSkill = "skill_not_found"
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
