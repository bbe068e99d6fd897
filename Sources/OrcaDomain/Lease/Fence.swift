/// The check that every lifecycle write passes: does this token speak for the task now?
package enum Fence: Sendable, Equatable {
    /// The token is the live lease's.
    case holds
    /// The token is older than what the task has seen.
    case superseded
    /// The task never gave out such a token.
    case unknown

    package static func check(token: Int64, lastToken: Int64, liveToken: Int64?) -> Fence {
        if token <= 0 || token > lastToken { return .unknown }
        if token == liveToken { return .holds }
        return .superseded
    }
}
