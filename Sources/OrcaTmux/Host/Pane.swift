import OrcaSupport
import OrcaTerminal
import Synchronization

/// One terminal. Its state is changed in short sections; what must be told about a change is answered to the caller.
final class Pane: Sendable {
    let handle: String
    private let state: Mutex<PaneState>
    /// One injection at a time.
    let turns = Turns()
    /// One save at a time, the newest last.
    private let saving = Mutex<Void>(())

    init(_ state: PaneState) {
        handle = state.facts.handle
        self.state = Mutex(state)
    }

    func look<R>(_ body: (borrowing PaneState) throws -> R) rethrows -> R {
        try state.withLock { try body($0) }
    }

    var status: TerminalStatus { state.withLock(\.status) }
    var facts: TerminalFacts { state.withLock(\.facts) }
    var isLive: Bool { state.withLock(\.isLive) }

    /// Changes the state, decides anew, and answers what others must be told.
    @discardableResult
    func change(at now: Int64 = HostClock.now, _ body: (inout PaneState) -> Void) -> [TerminalChange] {
        state.withLock { state in
            let before = Before(state)
            body(&state)
            if state.isLive { state.detector.decide(at: now) }
            return before.changes(to: &state)
        }
    }

    /// What was the case before a change.
    private struct Before {
        let state: TerminalState
        let reason: String
        let idleEpoch: Int64
        let title: String
        let isAgentAlive: Bool
        let hasExited: Bool

        init(_ pane: PaneState) {
            state = pane.detector.verdict.state
            reason = pane.detector.verdict.blockedReason
            idleEpoch = pane.detector.idleEpoch
            title = pane.title ?? pane.programTitle
            isAgentAlive = !pane.facts.agentKind.isEmpty && pane.isLive && !pane.detector.hasAgentEnded
            hasExited = pane.exit != nil
        }

        func changes(to pane: inout PaneState) -> [TerminalChange] {
            let after = Before(pane)
            var kinds: [TerminalChange.Kind] = []
            if after.hasExited, !hasExited {
                kinds.append(.exited)
            } else if after.state != state || after.reason != reason || after.idleEpoch != idleEpoch {
                kinds.append(.state(from: state))
            }
            if after.isAgentAlive != isAgentAlive, after.hasExited == hasExited {
                kinds.append(after.isAgentAlive ? .agentStarted : .agentEnded)
            }
            if after.title != title { kinds.append(.title) }
            guard !kinds.isEmpty else { return [] }
            pane.needsSave = true
            let status = pane.status
            return kinds.map { TerminalChange($0, status) }
        }
    }

    /// Writes the checkpoint when there is something new in it. Answers what went wrong.
    func save(_ places: TmuxPlaces, force: Bool = false) -> String? {
        saving.withLock { _ in
            let point: Checkpoint? = state.withLock { state in
                guard state.needsSave || force, !state.isClosed else { return nil }
                state.needsSave = false
                state.savedAt = HostClock.now
                return state.checkpoint
            }
            guard let point else { return nil }
            do {
                try point.save(to: places.checkpoint(handle))
                return nil
            } catch {
                return "\(error)"
            }
        }
    }

    /// The processes that came from it.
    var tree: ProcessTree {
        state.withLock { state in
            let isSame = state.root?.isAlive ?? false
            return ProcessTree(root: isSame ? state.facts.pid : 0, marker: "ORCA_TREE=\(handle)")
        }
    }
}
