package import OrcaAPI
package import OrcaCheckout
package import OrcaCode
import OrcaDomain
package import OrcaEngine
package import OrcaProtobuf
package import OrcaStore
package import OrcaTerminal

/// Carries out the operations of the catalogue over a store. The one performer behind every transport.
package final class Runtime: Performer {
    package let store: any Store
    package let clock: any RuntimeClock
    package let chance: Chance
    package let feed: EventFeed
    /// Where terminals live; `nil` in a server that has none.
    package let terminalHost: (any TerminalHost)?
    /// How far a checkout is behind its base.
    package let checkouts: (any CheckoutProbe)?
    /// Opens terminals and answers for them; `nil` in a server that has none.
    package let terminals: TerminalService?
    /// Makes repositories and worktrees; `nil` in a server that keeps none.
    package let checkoutHost: (any CheckoutHost)?
    /// Where new worktrees go.
    let worktreeFolder: String
    /// Where scripts run; `nil` in a server that runs none.
    let sandboxes: SandboxPool?
    /// This server among others on the same database; `nil` where it is the only one.
    package let membership: Membership?
    let onceGate = OnceGate()
    let post: TerminalPost?
    let server: any ServerControl
    let authenticator: Authenticator
    private let table = HandlerTable.all

    package init(
        store: any Store, clock: any RuntimeClock, chance: Chance = Chance(), server: any ServerControl,
        terminalHost: (any TerminalHost)? = nil, surroundings: TerminalSurroundings = TerminalSurroundings(),
        checkouts: (any CheckoutProbe)? = nil, checkoutHost: (any CheckoutHost)? = nil, worktreeFolder: String = "",
        sandboxes: SandboxPool? = nil, membership: Membership? = nil
    ) {
        self.membership = membership
        let node = membership?.node ?? ""
        self.sandboxes = sandboxes
        self.store = store
        self.clock = clock
        self.chance = chance
        self.server = server
        self.terminalHost = terminalHost
        self.checkouts = checkouts
        self.checkoutHost = checkoutHost
        self.worktreeFolder = worktreeFolder
        feed = EventFeed(store: store)
        let feed = feed
        terminals = terminalHost.map {
            TerminalService(
                host: $0, store: store, clock: clock, chance: chance, server: server, surroundings: surroundings,
                node: node)
        }
        post = terminalHost.map {
            TerminalPost(
                host: $0, store: store, feed: feed, clock: clock, chance: chance, server: server, node: node)
        }
        authenticator = Authenticator(store: store, clock: clock)
    }

    /// What must be true before the first call: the default workspace is there, and every lease that was alive when
    /// the last server ended gets one more time to live. Answers how many leases those are.
    ///
    /// - Parameter grantsGrace: whether nobody could renew until now; false where another server was there.
    package func prepare(grantsGrace: Bool = true) async throws -> Int {
        try await store.write { [self] tx in
            let context = systemContext("Start")
            try CreateWorkspace.ensureDefault(in: tx, context)
            return grantsGrace ? try GrantRestartGrace.run((), in: tx, context) : 0
        }
    }

    /// Names this server among those on the same database; empty where it is the only one.
    var node: String { membership?.node ?? "" }

    package func perform(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ProtoMessage {
        do {
            guard let handler = table.handlers[operation.name] else {
                throw DomainError(.unimplemented, "\(operation.name) is not available in this version.")
            }
            let invocation = try await admit(operation, handler.need, call)
            return try await handler.run(request, invocation)
        } catch {
            throw report(error, operation, call)
        }
    }

    package func open(
        _ operation: APIOperation, _ request: any ProtoMessage, _ call: CallContext
    ) async throws -> any ResponseStream {
        do {
            guard let request = request as? OrcaV1.WatchEventsRequest else {
                throw DomainError(.unimplemented, "\(operation.name) is no stream of this version.")
            }
            let invocation = try await admit(operation, .read, call)
            return try await EventStream.open(request, invocation)
        } catch {
            throw report(error, operation, call)
        }
    }

    func handler(of operation: APIOperation) -> Handler? { table.handlers[operation.name] }

    func admit(
        _ operation: APIOperation, _ need: Authority.Need, _ call: CallContext
    ) async throws -> Invocation {
        let actor = try await authenticator.actor(for: call.caller)
        try Authority.check(actor, may: need, operation: operation.name)
        return Invocation(operation: operation, actor: actor, call: call, runtime: self)
    }

    /// Refusals go to the caller only; what we did not foresee goes to the log as well.
    private func report(_ error: any Error, _ operation: APIOperation, _ call: CallContext) -> APIError {
        let told = APIError(anything: error)
        if told.category == .internal || told.code == "store_corrupt" || told.code == "store_full" {
            server.note("\(operation.name) failed (request \(call.requestID)): \(String(reflecting: error))")
        }
        return told
    }
}

extension Runtime {
    /// Throws unless the caller may read; for what is served beside the operations.
    package func authorizeReading(_ caller: Caller) async throws {
        do {
            _ = try await authenticator.actor(for: caller)
        } catch {
            throw APIError(anything: error)
        }
    }
}
