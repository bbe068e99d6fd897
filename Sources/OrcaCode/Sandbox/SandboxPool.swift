import OrcaSupport
import Synchronization

/// Keeps processes ready, because a start takes longer than most scripts. Each serves one script.
package final class SandboxPool: Sendable {
    /// While another one is ready, a new one starts only when most scripts are over: it would take their processor.
    private static let startAfterMS: Int64 = 20

    private let program: SandboxProgram
    private let size: Int
    private struct State {
        var ready: [SandboxProcess] = []
        var starting = 0
        var isClosed = false
    }
    private let state = Mutex(State())

    /// - Parameter size: how many wait at most; none is started before the first script.
    package init(_ program: SandboxProgram, size: Int = 2) {
        self.program = program
        self.size = size
    }

    /// One that is ready. Blocks while one is started.
    func take() throws(ScriptError) -> SandboxProcess {
        defer { refill() }
        while let process = state.withLock({ $0.ready.popLast() }) {
            if process.child.status == nil { return process }
        }
        return try SandboxProcess.start(program)
    }

    /// Ends those that wait.
    package func close() {
        let rest = state.withLock { state in
            state.isClosed = true
            defer { state.ready = [] }
            return state.ready
        }
        for process in rest { process.child.kill() }
    }

    private func refill() {
        let spares: Int? = state.withLock { state in
            guard !state.isClosed, state.ready.count + state.starting < size else { return nil }
            state.starting += 1
            return state.ready.count
        }
        guard let spares else { return }
        do {
            // It ends with its body; nobody has to join it.
            _ = try ManagedThread("orca-sandbox") { [self] in
                if spares > 0 { _ = Poll.readable([], until: .after(.milliseconds(Self.startAfterMS))) }
                // The next script says why there is none.
                let process = try? SandboxProcess.start(program)
                state.withLock { state in
                    state.starting -= 1
                    if let process, !state.isClosed { state.ready.append(process) }
                }
            }
        } catch {
            state.withLock { $0.starting -= 1 }
        }
    }
}
