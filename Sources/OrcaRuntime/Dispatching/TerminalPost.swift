import OrcaAgents
import OrcaDomain
import OrcaEngine
import OrcaStore
import OrcaSupport
import OrcaTerminal
import Synchronization

/// Brings prompts and mail into terminals. What has to be delivered stands in the store, so nothing is lost with this
/// process; how far each text came is written down before and after it is typed, so nothing is typed twice.
final class TerminalPost: Sendable {
    /// How long it can take until something that nobody announced is noticed.
    private static let tickMS: Int64 = 5_000
    private static let undeliveredMax = 1_000
    private static let eventsMax = 500
    /// A program that has much to do shows late what was typed into it.
    private static let settleMS: Int64 = 1_000
    private static let looksMax = 5

    private let host: any TerminalHost
    private let store: any Store
    private let feed: EventFeed
    private let clock: any RuntimeClock
    private let chance: Chance
    private let server: any ServerControl
    private let book: AgentRuleBook
    private let node: String
    /// Terminals that are being served, and whether something came up meanwhile.
    private let served = Mutex<[TerminalID: Bool]>([:])

    init(
        host: any TerminalHost, store: any Store, feed: EventFeed, clock: any RuntimeClock, chance: Chance,
        server: any ServerControl, book: AgentRuleBook = .builtIn, node: String = ""
    ) {
        self.node = node
        self.host = host
        self.book = book
        self.store = store
        self.feed = feed
        self.clock = clock
        self.chance = chance
        self.server = server
    }

    /// Serves all terminals until the calling task is cancelled.
    func run() async {
        let changes = host.changes()
        await recover()
        await withDiscardingTaskGroup { group in
            group.addTask { [self] in await followEvents() }
            group.addTask { [self] in
                while !Task.isCancelled {
                    for terminal in await waiting() { await serve(terminal) }
                    await clock.sleep(milliseconds: Self.tickMS)
                }
            }
            for await change in changes where change.status.isIdleSinceInput {
                let terminal = TerminalID(stored: change.status.handle)
                group.addTask { [self] in await serve(terminal) }
            }
        }
    }

    /// Delivers what waits for this terminal, as far as it can take it now. Only one caller at a time works on a
    /// terminal; the others have it look again.
    func serve(_ terminal: TerminalID) async {
        let isMine = served.withLock { served in
            guard served[terminal] == nil else {
                served[terminal] = true
                return false
            }
            served[terminal] = false
            return true
        }
        guard isMine else { return }
        while true {
            do {
                try await deliver(to: terminal)
            } catch {
                // The next tick tries again; until then the log says what is wrong.
                server.note("delivering to \(terminal) failed: \(String(reflecting: error))")
            }
            let isDone = served.withLock { served in
                guard served[terminal] == true else {
                    served[terminal] = nil
                    return true
                }
                served[terminal] = false
                return false
            }
            if isDone { return }
        }
    }

    // MARK: What comes up

    /// New mail and new dispatches, the moment they are committed.
    private func followEvents() async {
        let workspaces: [WorkspaceID]
        do {
            workspaces = try await store.read { try $0.workspaces.page(PageRequest(limit: Limits.pageRowsMax)).rows }
                .map(\.id)
        } catch {
            return server.note("mail is only looked for every \(Self.tickMS) ms: \(String(reflecting: error))")
        }
        await withDiscardingTaskGroup { group in
            for workspace in workspaces { group.addTask { [self] in await follow(workspace) } }
        }
    }

    private func follow(_ workspace: WorkspaceID) async {
        var filter = EventFilter(workspace: workspace)
        filter.types = [.messageSent, .dispatchCreated]
        let news = filter
        await feed.withInterest(in: workspace) {
            // What is older than this is found by the first tick.
            var position = (try? await store.read { try $0.events.lastSequence(in: workspace) }) ?? 0
            while !Task.isCancelled {
                await feed.wait(news, after: position)
                let seen = position
                // A store that cannot be read now is read again by the tick, which also finds what was missed.
                let found = try? await store.read { store in
                    (
                        events: try store.events.page(news, after: seen, limit: Self.eventsMax),
                        last: try store.events.lastSequence(in: workspace)
                    )
                }
                guard let found else {
                    await clock.sleep(milliseconds: Self.tickMS)
                    continue
                }
                for event in found.events {
                    if let terminal = Self.terminal(in: event) { Task { await serve(terminal) } }
                }
                // Past what is no news as well: a position far behind is news to the feed every time.
                position = found.events.count < Self.eventsMax ? found.last : found.events[Self.eventsMax - 1].sequence
            }
        }
    }

    private static func terminal(in event: Event) -> TerminalID? {
        // The engine wrote it as an object; an event that cannot be read is found by the tick.
        guard let data = try? JSONValue(jsonBytes: Array(event.data.utf8)) else { return nil }
        let address = data[event.type == .messageSent ? "to" : "terminal"]?.stringValue ?? ""
        return address.hasPrefix(TerminalKind.prefix) ? TerminalID(stored: address) : nil
    }

    private func waiting() async -> Set<TerminalID> {
        do {
            return try await store.read { [node] store in
                var found = Set(
                    try store.dispatches.allUndelivered(limit: Self.undeliveredMax).map(\.terminal)
                        .filter { try $0.isOn(node, store) })
                for terminal in try store.terminals.allLive(limit: Limits.liveTerminalsMax)
                where terminal.node == node {
                    let mail = try store.messages.queued(for: terminal.id.text, in: terminal.workspace, limit: 1)
                    if !mail.isEmpty { found.insert(terminal.id) }
                }
                return found
            }
        } catch {
            server.note("cannot look for undelivered prompts: \(String(reflecting: error))")
            return []
        }
    }

    // MARK: Delivering

    private func deliver(to terminal: TerminalID) async throws {
        let records = try await store.read { try $0.dispatches.undelivered(to: terminal) }
        for record in records {
            switch record.prompt {
            case .queued: guard try await type(record) else { return }
            case .injected: try await lookForWork(record)
            case .none, .injecting, .submitted, .failed: continue
            }
        }
        try await push(to: terminal)
    }

    /// False when the terminal takes nothing now.
    private func type(_ record: DispatchRecord) async throws -> Bool {
        guard await isReady(record.terminal) else { return false }
        guard let current = try await advance(record, .typingBegan), current.prompt == .injecting else { return true }
        let receipt: InjectionReceipt
        do {
            receipt = try await host.inject(record.terminal.text, record.promptText, InjectionOptions())
        } catch let error as TerminalError {
            return try await failed(record, error)
        }
        switch receipt.stage {
        case .refused: _ = try await advance(record, .refused)
        case .written, .unconfirmed: _ = try await advance(record, .typed)
        case .submitted: _ = try await advance(record, .taken)
        }
        return receipt.refusal == nil
    }

    private func push(to terminal: TerminalID) async throws {
        guard await isReady(terminal) else { return }
        let batch = try await write("PushMail") { tx, context -> (BeginPush.Batch, Terminal)? in
            guard let row = try tx.terminals.find(terminal), row.isLive else { return nil }
            return try BeginPush.run(row, in: tx, context).map { ($0, row) }
        }
        guard let (batch, row) = batch else { return }
        let submits = AgentCatalogue.find(row.kind)?.submitsPushedText ?? true
        let outcome: EndPush.Outcome
        do {
            let receipt = try await host.inject(terminal.text, batch.text, InjectionOptions(submits: submits))
            switch receipt.stage {
            case .refused: outcome = .refused
            case .written, .unconfirmed: outcome = .typed
            case .submitted: outcome = .submitted
            }
        } catch let error as TerminalError {
            server.note("mail could not be typed into \(terminal): \(error)")
            outcome = .typed  // nobody knows how much arrived; it stays unread for 'check'
        }
        let input = EndPush.Input(messages: batch.messages.map(\.id), outcome: outcome)
        _ = try await write("PushMail") { tx, context in try EndPush.run(input, in: tx, context) }
    }

    private func isReady(_ terminal: TerminalID) async -> Bool {
        // A terminal that is gone takes nothing; whoever watches the workers takes its task back.
        guard let status = try? await host.status(terminal.text) else { return false }
        return status.isIdleSinceInput && status.isAgentAlive
    }

    private func failed(_ record: DispatchRecord, _ error: TerminalError) async throws -> Bool {
        switch error.code {
        case .stale, .exited, .gone: _ = try await advance(record, .lost)
        case .unavailable, .missing, .tooOld, .invalid, .limitReached: _ = try await advance(record, .refused)
        }
        server.note("\(DispatchRecord.shownID(of: record.attempt)) could not be typed: \(error)")
        return false
    }

    /// It was typed, and nothing showed at once that it was taken. An agent that has done anything since has taken it.
    private func lookForWork(_ record: DispatchRecord) async throws {
        guard let status = try? await host.status(record.terminal.text) else { return }  // gone: the watch sees to it
        let hasActed = status.state == .working || record.heartbeatAt != nil || status.isIdleSinceInput
        if hasActed { _ = try await advance(record, .taken) }
    }

    // MARK: After a restart

    /// What was being typed when the last server ended: what the terminal shows tells how far it came.
    private func recover() async {
        do {
            let records = try await store.read { [node] store in
                try store.dispatches.allUndelivered(limit: Self.undeliveredMax)
                    .filter { try $0.prompt == .injecting && $0.terminal.isOn(node, store) }
            }
            for (record, arrival) in zip(records, await arrivals(of: records)) {
                switch arrival {
                case .nothing: _ = try await advance(record, .refused)
                case .unsent:
                    // It was pasted, and nobody pressed Enter.
                    try await host.press(record.terminal.text, .enter)
                    _ = try await advance(record, .typed)
                case .sent: _ = try await advance(record, .typed)
                }
            }
        } catch {
            server.note("recovering prompts failed: \(String(reflecting: error))")
        }
    }

    /// How far a prompt came that was being typed.
    private enum Arrival {
        case nothing, unsent, sent
    }

    /// Looks until two looks agree.
    private func arrivals(of records: [DispatchRecord]) async -> [Arrival] {
        var last = await look(at: records)
        for _ in 1..<Self.looksMax where last.contains(where: { $0 != .sent }) {
            await clock.sleep(milliseconds: Self.settleMS)
            let next = await look(at: records)
            if next == last { break }
            last = next
        }
        return last
    }

    private func look(at records: [DispatchRecord]) async -> [Arrival] {
        var found: [Arrival] = []
        for record in records { found.append(await arrival(of: record)) }
        return found
    }

    private func arrival(of record: DispatchRecord) async -> Arrival {
        let handle = record.terminal.text
        // A terminal that cannot be asked has gone; whoever watches the workers takes the task back.
        guard let status = try? await host.status(handle) else { return .sent }
        if status.state == .working || status.state.isBlocked { return .sent }
        // What cannot be read shows nothing.
        if let screen = try? await host.screen(handle) {
            // Long pastes are shown as a placeholder: that the input is not empty has to do.
            let reading = book.rules(for: status.agentKind).read(screen)
            if reading.hasPrompt, !reading.isPromptEmpty, reading.dialog == nil { return .unsent }
            if screen.rows.contains(where: { $0.contains(DispatchRecord.shownID(of: record.attempt)) }) { return .sent }
        }
        // The same for what was written.
        let output = try? await host.read(handle, .tail(lines: TerminalLimits.linesMax))
        let mark = DispatchRecord.shownID(of: record.attempt)
        return output?.lines.contains { $0.contains(mark) } == true ? .sent : .nothing
    }

    private func advance(
        _ record: DispatchRecord, _ trigger: DispatchRecord.Prompt.Trigger
    ) async throws -> DispatchRecord? {
        let input = AdvancePrompt.Input(attempt: record.attempt, trigger: trigger)
        return try await write("DeliverPrompt") { tx, context in try AdvancePrompt.run(input, in: tx, context) }
    }

    private func write<Result: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (any StoreTransaction, CommandContext) throws -> Result
    ) async throws -> Result {
        try await store.write { [clock, chance, node] tx in
            try body(
                tx, CommandContext(now: clock.now, actor: .system, operation: operation, chance: chance, node: node))
        }
    }
}
