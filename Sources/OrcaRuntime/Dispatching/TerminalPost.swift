import OrcaDomain
import OrcaEngine
import OrcaStore
import OrcaTerminal
import Synchronization

/// Brings prompts into terminals. What has to be delivered stands in the store, so nothing is lost with this process;
/// how far each prompt came is written down before and after it is typed, so nothing is typed twice.
final class TerminalPost: Sendable {
    /// How long it can take until a prompt that nobody announced is noticed.
    private static let tickMS: Int64 = 2_000
    private static let undeliveredMax = 1_000

    private struct State {
        /// Terminals that are being served, and whether something came up meanwhile.
        var served: [TerminalID: Bool] = [:]
    }

    private let host: any TerminalHost
    private let store: any Store
    private let clock: any RuntimeClock
    private let chance: Chance
    private let server: any ServerControl
    private let state = Mutex(State())

    init(
        host: any TerminalHost, store: any Store, clock: any RuntimeClock, chance: Chance, server: any ServerControl
    ) {
        self.host = host
        self.store = store
        self.clock = clock
        self.chance = chance
        self.server = server
    }

    /// Serves all terminals until the calling task is cancelled.
    func run() async {
        await recover()
        await withDiscardingTaskGroup { group in
            group.addTask { [self] in
                while !Task.isCancelled {
                    for terminal in await waiting() { await serve(terminal) }
                    await clock.sleep(milliseconds: Self.tickMS)
                }
            }
            for await change in host.changes() where change.status.isIdleSinceInput {
                let terminal = TerminalID(stored: change.status.handle)
                group.addTask { [self] in await serve(terminal) }
            }
        }
    }

    /// Delivers what waits for this terminal, as far as it can take it now. Only one caller at a time works on a
    /// terminal; the others have it look again.
    func serve(_ terminal: TerminalID) async {
        let isMine = state.withLock { state in
            guard state.served[terminal] == nil else {
                state.served[terminal] = true
                return false
            }
            state.served[terminal] = false
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
            let isDone = state.withLock { state in
                guard state.served[terminal] == true else {
                    state.served[terminal] = nil
                    return true
                }
                state.served[terminal] = false
                return false
            }
            if isDone { return }
        }
    }

    private func waiting() async -> Set<TerminalID> {
        do {
            return try await store.read { store in
                Set(try store.dispatches.allUndelivered(limit: Self.undeliveredMax).map(\.terminal))
            }
        } catch {
            server.note("cannot look for undelivered prompts: \(String(reflecting: error))")
            return []
        }
    }

    private func deliver(to terminal: TerminalID) async throws {
        let records = try await store.read { try $0.dispatches.undelivered(to: terminal) }
        for record in records {
            switch record.prompt {
            case .queued: guard try await type(record) else { return }
            case .injected: try await lookForWork(record)
            case .none, .injecting, .submitted, .failed: continue
            }
        }
    }

    /// False when the terminal takes nothing now.
    private func type(_ record: DispatchRecord) async throws -> Bool {
        guard try await isReady(record.terminal) else { return false }
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

    private func isReady(_ terminal: TerminalID) async throws -> Bool {
        do {
            return try await host.status(terminal.text).isIdleSinceInput
        } catch is TerminalError {
            return false  // whoever watches the workers takes the task back
        }
    }

    private func failed(_ record: DispatchRecord, _ error: TerminalError) async throws -> Bool {
        switch error.code {
        case .stale, .exited, .gone: _ = try await advance(record, .lost)
        case .unavailable, .missing, .tooOld, .invalid, .limitReached: _ = try await advance(record, .refused)
        }
        server.note("\(DispatchRecord.shownID(of: record.attempt)) could not be typed: \(error)")
        return false
    }

    /// It was typed, and nothing showed at once that it was taken. An agent that works now has taken it.
    private func lookForWork(_ record: DispatchRecord) async throws {
        guard let status = try? await host.status(record.terminal.text) else { return }  // gone: the watch sees to it
        let hasActed = status.state == .working || record.heartbeatAt != nil || status.isIdleSinceInput
        if hasActed { _ = try await advance(record, .taken) }
    }

    /// What was being typed when the last server ended: what the terminal shows tells how far it came.
    private func recover() async {
        do {
            let records = try await store.read { try $0.dispatches.allUndelivered(limit: Self.undeliveredMax) }
            for record in records where record.prompt == .injecting {
                let hasArrived = await terminalShows(record)
                _ = try await advance(record, hasArrived ? .typed : .refused)
            }
        } catch {
            server.note("recovering prompts failed: \(String(reflecting: error))")
        }
    }

    private func terminalShows(_ record: DispatchRecord) async -> Bool {
        // A terminal that cannot be asked has gone; whoever watches the workers takes the task back.
        guard let status = try? await host.status(record.terminal.text) else { return true }
        if status.state == .working || status.state.isBlocked { return true }
        let mark = DispatchRecord.shownID(of: record.attempt)
        let range = TerminalReadRange.tail(lines: TerminalLimits.linesMax)
        if let output = try? await host.read(record.terminal.text, range),
            output.lines.contains(where: { $0.contains(mark) })
        {
            return true
        }
        guard let screen = try? await host.screen(record.terminal.text) else { return false }
        return screen.rows.contains { $0.contains(mark) }
    }

    private func advance(
        _ record: DispatchRecord, _ trigger: DispatchRecord.Prompt.Trigger
    ) async throws -> DispatchRecord? {
        let input = AdvancePrompt.Input(attempt: record.attempt, trigger: trigger)
        return try await store.write { [clock, chance] tx in
            let context = CommandContext(now: clock.now, actor: .system, operation: "DeliverPrompt", chance: chance)
            return try AdvancePrompt.run(input, in: tx, context)
        }
    }
}
