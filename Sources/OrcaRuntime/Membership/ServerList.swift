import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaStore

/// The servers of a database, as the one that answers sees them.
struct ServerList {
    private let runtime: Runtime

    init(_ runtime: Runtime) { self.runtime = runtime }

    func all() async throws -> [OrcaV1.Server] {
        guard let membership = runtime.membership else { return [alone()] }
        let (node, now) = (runtime.node, runtime.clock.now)
        let leads = membership.epoch != nil
        return try await runtime.store.read { store in
            let leader = try store.servers.leader()
            let terminals = try store.terminals.allLive(limit: Limits.liveTerminalsMax)
            let runs = try store.runs.allLive(limit: Limits.runsLiveMax)
            return try store.servers.all(limit: Limits.serversMax).map { record in
                var server = OrcaV1.Server(record, at: now)
                let isLost = record.isLost(at: now)
                if isLost {
                    server.givenUpAt = ProtoTimestamp(
                        record.seenAt.adding(milliseconds: membership.givenUpAfterMS))
                }
                server.answers = record.node == node
                server.leads = server.answers ? leads : !isLost && record.node == leader
                server.liveTerminals = Int32(terminals.count { $0.node == record.node })
                server.liveRuns = Int32(runs.count { $0.node == record.node })
                return server
            }
        }
    }

    /// Where the database is not shared there is one, and it has no name.
    private func alone() -> OrcaV1.Server {
        let info = runtime.server.info()
        return .with {
            $0.pid = info.pid
            $0.version = info.version
            $0.state = .alive
            $0.startedAt = info.startedAt
            $0.seenAt = ProtoTimestamp(runtime.clock.now)
            $0.leads = true
            $0.answers = true
        }
    }
}

extension OrcaV1.Server {
    init(_ record: ServerRecord, at now: Timestamp) {
        self.init()
        id = record.node
        host = record.host
        pid = Int32(record.processID)
        version = record.version
        url = record.address
        state = record.isLost(at: now) ? .lost : .alive
        startedAt = ProtoTimestamp(record.startedAt)
        seenAt = ProtoTimestamp(record.seenAt)
        clockAheadMs = record.skewMS
    }
}
