package import OrcaDomain
package import OrcaStore

/// Who may speak for which address. Who holds a terminal's token speaks for that terminal alone; a worker's token for
/// the terminal its attempt is worked on in; the owner of the machine and coordinators for anybody.
package struct Speaker {
    private let store: any StoreReader
    private let actor: Actor

    package init(_ store: any StoreReader, _ actor: Actor) {
        self.store = store
        self.actor = actor
    }

    package func check(_ address: String) throws {
        if let own = try ownAddress() {
            guard own != address else { return }
            throw DomainError(
                .permissionDenied,
                "This caller speaks for \(own) only, not for \(address.prefix(80)). Leave out the handle, or use the "
                    + "terminal it belongs to.",
                details: ["terminal": own])
        }
        switch actor.scope {
        case .admin, .coordinator: return
        case .worker, .readOnly:
            throw DomainError(
                .permissionDenied, "A token with the scope '\(actor.scope.rawValue)' speaks for no terminal.",
                details: ["scope": actor.scope.rawValue])
        }
    }

    /// The only address the caller may speak for; `nil` when there is no such bound.
    private func ownAddress() throws -> String? {
        if let terminal = actor.terminal { return terminal.text }
        guard actor.scope == .worker, let attempt = actor.attempt else { return nil }
        return try store.attempts.find(attempt)?.session
    }
}
