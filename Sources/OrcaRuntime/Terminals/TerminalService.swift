import OrcaDomain
import OrcaEngine
import OrcaStore
import OrcaSupport
package import OrcaTerminal
import Synchronization

/// Owns the terminals: opens them, keeps their rows in line with what their host sees, and answers for them. Everything
/// that types into terminals or waits for them goes through here or through the host behind it.
package final class TerminalService: Sendable {
    /// How often changes are written at most; a working agent changes all the time.
    static let recordEveryMS: Int64 = 100
    /// Titles and times of last output are not news; they are written with the next change, or this often.
    static let refreshEveryMS: Int64 = 5_000

    package let host: any TerminalHost
    let store: any Store
    let clock: any RuntimeClock
    let chance: Chance
    let server: any ServerControl
    let surroundings: TerminalSurroundings
    let book: AgentRuleBook
    /// Only rows of this server's machine are its own.
    let node: String
    let sends: SendsDone
    /// Terminals in which a dialog is being answered.
    let answering = Mutex<Set<String>>([])
    /// Terminals whose agent is answered when it asks for trust: nobody else need be told of that question.
    let trusted = Mutex<Set<String>>([])
    private let starting = Mutex<Task<Void, any Error>?>(nil)

    init(
        host: any TerminalHost, store: any Store, clock: any RuntimeClock, chance: Chance, server: any ServerControl,
        surroundings: TerminalSurroundings = TerminalSurroundings(), book: AgentRuleBook = .builtIn, node: String = ""
    ) {
        self.node = node
        self.host = host
        self.store = store
        self.clock = clock
        self.chance = chance
        self.server = server
        self.surroundings = surroundings
        self.book = book
        sends = SendsDone(run: chance.uuid())
    }

    /// Returns when the terminals of earlier servers have been taken over; starts that when nobody has.
    package func ready() async throws {
        let task = starting.withLock { starting in
            if let starting { return starting }
            let task = Task { try await self.takeOver() }
            starting = task
            return task
        }
        do {
            try await task.value
        } catch {
            // The next caller tries again.
            starting.withLock { if $0 == task { $0 = nil } }
            throw Self.told(error)
        }
    }

    /// Keeps the rows in line until the calling task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do {
                try await ready()
                await follow()
                return
            } catch {
                server.note("terminals cannot be taken over: \(String(reflecting: error))")
                await clock.sleep(milliseconds: Self.refreshEveryMS)
            }
        }
    }

    // MARK: Rows

    private func takeOver() async throws {
        let adopted = try await host.start()
        let known = Dictionary(adopted.map { ($0.status.handle, $0) }, uniquingKeysWith: { first, _ in first })
        let rows = try await store.read { [node] store in
            try store.terminals.allLive(limit: Limits.liveTerminalsMax).filter { $0.node == node }
        }
        var observations = adopted.map { observation($0.status, $0.facts) }
        // Rows without a pane: opened by a server that ended in the middle of it, or lost with the terminals' server.
        for row in rows where known[row.id.text] == nil {
            observations.append(
                RecordTerminals.Observation(id: row.id, state: .exited, stateSince: clock.now))
        }
        try await record(observations)
    }

    private func follow() async {
        await withDiscardingTaskGroup { group in
            let pending = PendingTerminals()
            let changes = host.changes()
            group.addTask {
                for await change in changes { pending.note(change) }
            }
            group.addTask { [self] in await recordChanges(pending) }
        }
    }

    private func recordChanges(_ pending: PendingTerminals) async {
        var refreshAt = clock.now.adding(milliseconds: Self.refreshEveryMS)
        while !Task.isCancelled {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await pending.arrival() }
                group.addTask { [clock] in await clock.sleep(milliseconds: Self.refreshEveryMS) }
                await group.next()
                group.cancelAll()
            }
            let isRefresh = clock.now >= refreshAt
            if isRefresh { refreshAt = clock.now.adding(milliseconds: Self.refreshEveryMS) }
            let statuses = isRefresh ? await host.list() : []
            let found = pending.take(refreshed: statuses)
            if found.isEmpty { continue }
            do {
                try await record(await withFacts(found))
            } catch {
                // They are still pending for the refresh; until then the log says what is wrong.
                server.note("states of terminals cannot be written: \(String(reflecting: error))")
            }
            await clock.sleep(milliseconds: Self.recordEveryMS)
        }
    }

    private func withFacts(_ statuses: [TerminalStatus]) async -> [RecordTerminals.Observation] {
        var found: [RecordTerminals.Observation] = []
        for status in statuses {
            // A terminal that was closed meanwhile has no facts any more.
            found.append(observation(status, try? await host.facts(status.handle)))
        }
        return found
    }

    func record(_ observations: [RecordTerminals.Observation]) async throws {
        guard !observations.isEmpty else { return }
        _ = try await store.write { [clock, chance] tx in
            let context = CommandContext(now: clock.now, actor: .system, operation: "RecordTerminals", chance: chance)
            return try RecordTerminals.run(observations, in: tx, context)
        }
    }

    func observation(_ status: TerminalStatus, _ facts: TerminalFacts?) -> RecordTerminals.Observation {
        var seen = RecordTerminals.Observation(
            id: TerminalID(stored: status.handle), state: Self.state(status.state),
            stateSince: Timestamp(milliseconds: status.sinceMS))
        seen.blockedReason = status.blockedReason
        seen.isAgentAlive = status.isAgentAlive
        seen.kind = status.agentKind
        seen.title = status.programTitle
        if status.title != status.programTitle { seen.name = status.title }
        seen.exitCode = (status.exit?.code ?? status.commandExit).map(Int.init)
        seen.lastOutputAt = status.lastOutputAtMS.map { Timestamp(milliseconds: $0) }
        seen.pane = facts?.paneID ?? ""
        seen.processID = Int(facts?.pid ?? 0)
        return seen
    }

    static func state(_ state: TerminalState) -> Terminal.State {
        switch state {
        case .starting: .starting
        case .idle: .idle
        case .working: .working
        case .waitingInput: .waitingInput
        case .permission: .permission
        case .rateLimited: .rateLimited
        case .exited: .exited
        }
    }

    /// What callers are told about what the host refused.
    static func told(_ error: any Error) -> any Error {
        guard let error = error as? TerminalError else { return error }
        let code: ErrorCode =
            switch error.code {
            case .stale: .terminalStale
            case .exited: .terminalExited
            case .gone: .terminalGone
            case .unavailable: .terminalsUnavailable
            case .missing: .tmuxMissing
            case .tooOld: .tmuxTooOld
            case .invalid: .invalidArgument
            case .limitReached: .overloaded
            }
        return DomainError(code, error.message)
    }
}
