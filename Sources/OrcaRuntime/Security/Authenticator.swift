import OrcaAPI
import OrcaDomain
import OrcaEngine
import OrcaStore

/// Turns what a transport knows about a caller into an actor of the domain.
struct Authenticator: Sendable {
    let store: any Store
    let clock: any RuntimeClock

    func actor(for caller: Caller) async throws -> Actor {
        switch caller {
        case .owner(let name):
            // The owner of the socket may do everything; the name is only for the log.
            return Actor(name: Self.shown(name, or: "owner"), scope: .admin, identity: "owner")
        case .bearer(let secret, let name):
            return try await actor(forSecret: secret, name: name)
        case .anonymous:
            throw DomainError(
                .unauthenticated,
                "This needs an access token. Make one on the server's machine with 'orca token create', and pass it in "
                    + "ORCA_TOKEN or ORCA_TOKEN_FILE.")
        }
    }

    private func actor(forSecret secret: String, name: String) async throws -> Actor {
        let digest = Secret.digest(of: secret)
        let now = clock.now
        let (token, terminal) = try await store.read { store in
            let token = try store.tokens.find(digest: digest)
            return (token, try token?.terminal.flatMap { try store.terminals.find($0) })
        }
        guard let token else {
            throw DomainError(.unauthenticated, "The access token is not known. Make one with 'orca token create'.")
        }
        guard token.isUsable(at: now) else {
            let why = token.revokedAt == nil ? "has expired" : "was revoked"
            throw DomainError(.unauthenticated, "The access token \(why). Make a new one with 'orca token create'.")
        }
        if let owner = token.terminal, terminal?.isLive != true {
            throw DomainError(
                .unauthenticated,
                "This access token was for the programs in \(owner), which has ended. Run this in a terminal that lives."
            )
        }
        // A narrower token cannot take another name than its own.
        let shown = token.scope == .admin ? Self.shown(name, or: token.name) : token.name
        return Actor(
            name: shown.isEmpty ? token.id.text : shown, scope: token.scope, identity: token.id.text,
            attempt: token.attempt, terminal: token.terminal, workspace: token.workspace)
    }

    private static func shown(_ name: String, or other: String) -> String {
        let printable = name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        let text = String(String.UnicodeScalarView(printable.prefix(Limits.nameBytesMax)))
        return text.isEmpty ? other : text
    }
}
