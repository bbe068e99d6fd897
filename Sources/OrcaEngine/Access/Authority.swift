package import OrcaDomain

/// What a caller's scope allows. The check of a worker's token against its attempt is in `FenceCheck`.
package enum Authority {
    /// What kind of thing an operation is.
    package enum Need: Sendable, Hashable {
        /// Looks and changes nothing.
        case read
        /// Part of the life of one attempt: renew, progress, complete, fail, release, accept.
        case attempt
        /// Any other change inside a workspace.
        case change
        /// The server, its tokens, its workspaces.
        case administer
    }

    package static func check(_ actor: Actor, may need: Need, operation: String) throws(DomainError) {
        guard !allows(actor.scope, need) else { return }
        throw DomainError(
            .permissionDenied,
            "A token with the scope '\(actor.scope.rawValue)' may not call \(operation). Use one with a wider scope: "
                + "'orca token create --scope \(narrowest(for: need).rawValue)'.",
            details: ["scope": actor.scope.rawValue, "operation": operation])
    }

    private static func allows(_ scope: AccessScope, _ need: Need) -> Bool {
        switch (scope, need) {
        case (.admin, _), (_, .read): true
        case (.coordinator, .attempt), (.coordinator, .change), (.worker, .attempt): true
        case (.coordinator, .administer), (.worker, .change), (.worker, .administer): false
        case (.readOnly, .attempt), (.readOnly, .change), (.readOnly, .administer): false
        }
    }

    private static func narrowest(for need: Need) -> AccessScope {
        switch need {
        case .read: .readOnly
        case .attempt: .worker
        case .change: .coordinator
        case .administer: .admin
        }
    }
}
