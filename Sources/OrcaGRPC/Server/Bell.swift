import Synchronization

/// Lets one task wait for some time, or until somebody rings. A ring is remembered.
final class Bell: Sendable {
    private let state = Mutex<(rung: Bool, waiting: Task<Void, Never>?)>((false, nil))

    func ring() {
        let waiting = state.withLock { state in
            state.rung = true
            return state.waiting
        }
        waiting?.cancel()
    }

    func wait(milliseconds: Int64) async {
        let pause = Task<Void, Never> {
            // It ends early when it is cancelled, which is what a ring does.
            _ = try? await Task.sleep(for: .milliseconds(milliseconds))
        }
        let isRung = state.withLock { state in
            state.waiting = pause
            return state.rung
        }
        if isRung { pause.cancel() }
        await pause.value
    }
}
