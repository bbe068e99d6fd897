import OrcaDomain
package import OrcaStore

/// Gives up the servers that were not heard of for longer than they may be away. Answers how many those are.
package enum ForgetServers: Command {
    package struct Input: Sendable {
        package var givenUpAfterMS: Int64

        package init(givenUpAfterMS: Int64 = Limits.serverGivenUpMS) { self.givenUpAfterMS = givenUpAfterMS }
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Int {
        let cutoff = context.now.adding(milliseconds: -input.givenUpAfterMS)
        let lost = try tx.servers.all(limit: Limits.serversMax).filter { $0.seenAt < cutoff }
        for server in lost { _ = try GiveUp.run(server, in: tx, context) }
        return lost.count
    }
}

/// Gives up one server because somebody says that it does not come back.
package enum ForgetServer: Command {
    package struct Input: Sendable {
        /// Its id, the beginning of its id, or its host.
        package var server: String

        package init(server: String) { self.server = server }
    }

    package struct Output: Sendable {
        package var server: ServerRecord
        package var terminals: Int
        package var runs: Int
    }

    package static func run(_ input: Input, in tx: any StoreTransaction, _ context: CommandContext) throws -> Output {
        let server = try named(input.server, tx)
        guard server.isLost(at: context.now) else {
            let seconds = max(0, context.now.milliseconds - server.seenAt.milliseconds) / 1_000
            throw DomainError(
                .inUse,
                "The server on \(server.host) (pid \(server.processID)) gave a sign of life \(seconds) s ago: only one that is "
                    + "lost can be given up. Stop it there ('orca stop'), and ask again "
                    + "\(Limits.serverLostMS / 1_000) s later.",
                details: ["server": server.node, "host": server.host])
        }
        return try GiveUp.run(server, in: tx, context)
    }

    private static func named(_ word: String, _ tx: any StoreTransaction) throws -> ServerRecord {
        let all = try tx.servers.all(limit: Limits.serversMax)
        if let server = all.first(where: { $0.node == word }) { return server }
        let found = word.isEmpty ? [] : all.filter { $0.host == word || $0.node.hasPrefix(word) }
        guard let server = found.first else {
            throw DomainError(
                .serverNotFound,
                "There is no server '\(word.prefix(80))' on this database. 'orca server list' shows those there are.",
                details: ["server": String(word.prefix(80))])
        }
        guard found.count == 1 else {
            throw DomainError(
                .selectorAmbiguous,
                "'\(word.prefix(80))' means \(found.count) servers: give the id of one, \(found.map(\.node).joined(separator: " or ")).",
                details: ["server": String(word.prefix(80))])
        }
        return server
    }
}

/// What giving a server up comes to: its terminals count as ended, its runs as failed, and it is not listed any more. Its
/// leases run out by themselves, like those of every worker that is not heard of, and the tasks are anybody's.
///
/// A server that comes back all the same finds its terminals as they are, and they count as live again.
enum GiveUp {
    static func run(
        _ server: ServerRecord, in tx: any StoreTransaction, _ context: CommandContext
    ) throws -> ForgetServer.Output {
        let ended = try tx.terminals.allLive(limit: Limits.liveTerminalsMax).filter { $0.node == server.node }
        _ = try RecordTerminals.run(
            ended.map { terminal in
                var seen = RecordTerminals.Observation(id: terminal.id, state: .exited, stateSince: context.now)
                seen.blockedReason = Terminal.serverGivenUp
                seen.title = terminal.title
                return seen
            }, in: tx, context)
        let runs = try tx.runs.allLive(limit: Limits.runsLiveMax).filter { $0.node == server.node }
        for run in runs {
            let report =
                "Its server, on \(server.host), was given up: it was last heard of at \(server.seenAt.rfc3339). What was not done "
                + "is open; another run or any worker can take it."
            _ = try EndRun.run(EndRun.Input(run: run, trigger: .gaveUp, report: report), in: tx, context)
        }
        try tx.forgetServer(server.node)
        return ForgetServer.Output(server: server, terminals: ended.count, runs: runs.count)
    }
}
