import OrcaDomain
package import OrcaEngine
package import OrcaStore
import OrcaSupport
import Synchronization

/// This server among others on the same database: gives signs of life, goes by the database's time, and takes the lead
/// when nobody has it.
///
/// Who leads is decided by a lock of the database; that nobody acts on a lead that was lost, by a number that grows with
/// every change and is checked within each transaction.
package final class Membership: Sendable {
    /// How often a sign of life is given.
    package static let beatMS: Int64 = 2_000
    /// When nobody was heard of for this long, leases could not be renewed.
    static let silenceMS: Int64 = 5_000

    package struct Identity: Sendable {
        package var node: String
        package var instance: String
        package var host: String
        package var processID: Int
        package var version: String
        /// The newest schema this program knows.
        package var schema: Int

        package init(
            node: String, instance: String, host: String, processID: Int, version: String, schema: Int
        ) {
            self.node = node
            self.instance = instance
            self.host = host
            self.processID = processID
            self.version = version
            self.schema = schema
        }
    }

    private struct State {
        var epoch: Int64?
        var startedAt = Timestamp(milliseconds: 0)
        var address = ""
        var skewMS: Int64 = 0
        var isSkewTold = false
    }

    private let identity: Identity
    /// How long a lost server may come back before it is given up.
    package let givenUpAfterMS: Int64
    private let store: any Store
    private let sharing: any StoreSharing
    private let clock: ServerClock
    private let server: any ServerControl
    private let state = Mutex(State())

    package init(
        _ identity: Identity, store: any Store, sharing: any StoreSharing, clock: ServerClock,
        server: any ServerControl, givenUpAfterMS: Int64 = Limits.serverGivenUpMS
    ) {
        self.givenUpAfterMS = givenUpAfterMS
        self.identity = identity
        self.store = store
        self.sharing = sharing
        self.clock = clock
        self.server = server
        sharing.onTime { [clock] in clock.follow($0) }
    }

    package var node: String { identity.node }

    /// The epoch in which this server leads; `nil` while another does.
    package var epoch: Int64? { sharing.holdsLead ? state.withLock(\.epoch) : nil }

    /// - Parameter address: a URL where others reach this server; empty for none.
    package func listening(at address: String) { state.withLock { $0.address = address } }

    /// Enters the list of servers. To be called before anything else is done with the store. Answers whether nobody was
    /// there until now.
    package func join() async throws -> Bool {
        try await readTime()
        let now = clock.now
        state.withLock { $0.startedAt = now }
        let record = record()
        let wasSilent = try await sharing.quietly { tx in
            let others = try tx.servers.all(limit: Limits.serversMax)
            if let twin = others.first(where: { $0.node == record.node }), twin.host != record.host,
                !twin.isLost(at: now)
            {
                throw DomainError(
                    .storeBusy,
                    "A server on \(twin.host) uses the same identity: one of the two homes is a copy of the other. Remove "
                        + "the file 'node' from this one's data directory, and start again.",
                    details: ["host": twin.host])
            }
            try tx.put(record)
            return others.allSatisfy { $0.seenAt.adding(milliseconds: Self.silenceMS) < now }
        }
        sharing.seekLead()
        return wasSilent
    }

    /// Gives signs of life until the calling task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do {
                try await beat()
            } catch {
                // Whoever needs the database learns of it; the next beat tries again.
                server.note("no sign of life could be given: \(String(reflecting: error))")
            }
            await clock.sleep(milliseconds: Self.beatMS)
        }
    }

    /// One sign of life.
    package func beat() async throws {
        try await readTime()
        let record = record()
        let isMissingLead = sharing.holdsLead && state.withLock { $0.epoch == nil }
        let (epoch, supported) = try await sharing.quietly { tx in
            try tx.put(record)
            return (isMissingLead ? try tx.takeLead(record.node) : nil, try tx.servers.supportedSchema())
        }
        let holds = sharing.holdsLead
        state.withLock { state in
            if let epoch { state.epoch = epoch }
            if !holds { state.epoch = nil }
        }
        if supported > identity.schema {
            server.stop(reason: "a newer version has changed the database's schema; this one knows \(identity.schema)")
        }
    }

    /// For a server that leaves nothing on its machine and does not come back: it need not be remembered.
    package func leave() async {
        var record = record()
        record.seenAt = Timestamp(milliseconds: 0)
        let last = record
        // Without this it is forgotten after a day.
        try? await sharing.quietly { try $0.put(last) }
    }

    private func record() -> ServerRecord {
        let state = state.withLock { $0 }
        return ServerRecord(
            node: identity.node, instance: identity.instance, host: identity.host, processID: identity.processID,
            version: identity.version, schema: identity.schema, address: state.address, skewMS: state.skewMS,
            startedAt: state.startedAt, seenAt: clock.now)
    }

    // MARK: Time

    private func readTime() async throws {
        let before = SystemTime.monotonicMilliseconds()
        let read = try await sharing.databaseTime()
        let trip = SystemTime.monotonicMilliseconds() - before
        // Never ahead of the database: where two servers' times differ, both are late.
        clock.follow(read)
        // It was read somewhere on the way.
        let skew = SystemTime.wallMilliseconds() - (read + trip / 2)
        let isNews = state.withLock { state in
            state.skewMS = skew
            let isOff = abs(skew) > Limits.clockSkewMaxMS + trip
            defer { state.isSkewTold = isOff }
            return isOff && !state.isSkewTold
        }
        if isNews {
            server.note(
                "this machine's clock is \(Self.words(skew)) the database's; times are the database's, but correct the "
                    + "clock")
        }
    }

    /// What a person should know although the server is ready: that this machine's clock is wrong.
    package var warnings: [String] {
        let skew = state.withLock(\.skewMS)
        guard abs(skew) > Limits.clockSkewMaxMS else { return [] }
        return ["this machine's clock is \(Self.words(skew)) the database's, by which the servers go"]
    }

    private static func words(_ skew: Int64) -> String { "\(abs(skew)) ms \(skew > 0 ? "ahead of" : "behind")" }

    /// How far this machine's clock is ahead of the database's.
    package var clockAheadMS: Int64 { state.withLock(\.skewMS) }

    /// What is wrong among the servers, for 'orca doctor'.
    package func findings() async throws -> [StoreFinding] {
        let now = clock.now
        let all = try await store.read { try $0.servers.all(limit: Limits.serversMax) }
        let alive = all.filter { !$0.isLost(at: now) }
        let lost = all.filter { $0.isLost(at: now) }
            .map { "\($0.host) (pid \($0.processID)) was not heard of since \($0.seenAt.rfc3339)" }
        let skewed = alive.filter { abs($0.skewMS) > Limits.clockSkewMaxMS }
        let names = alive.map { "\($0.host) (pid \($0.processID), \($0.version))" }.joined(separator: ", ")
        let present = "\(alive.count) on this database: \(names); this one \(epoch == nil ? "follows" : "leads")"
        return [
            StoreFinding(
                check: "servers", isOK: lost.isEmpty, detail: ([present] + lost).joined(separator: "; ")),
            StoreFinding(
                check: "clocks", isOK: skewed.isEmpty,
                detail: skewed.isEmpty
                    ? "the servers' clocks agree with the database's"
                    : skewed.map {
                        "the clock of \($0.host) (pid \($0.processID)) is \(Self.words($0.skewMS)) the database's"
                    }
                    .joined(separator: ", ")
                        + ". Leases go by the database's time; correct the clocks all the same."),
        ]
    }
}

/// Another server leads now.
package struct LeadLost: Error {}

extension Runtime {
    /// Whether this server does what only one of several may do.
    package var leads: Bool { membership.map { $0.epoch != nil } ?? true }

    /// A transaction of what only one server may do. Throws `LeadLost` when that is not this one any more.
    package func writeAsLeader<Result: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (any StoreTransaction, CommandContext) throws -> Result
    ) async throws -> Result {
        let epoch = membership?.epoch
        if membership != nil, epoch == nil { throw LeadLost() }
        return try await store.write { [self] tx in
            if let epoch, try tx.servers.epoch() != epoch { throw LeadLost() }
            return try body(tx, systemContext(operation))
        }
    }
}
