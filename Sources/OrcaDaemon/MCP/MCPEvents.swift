import OrcaHTTP
import OrcaSupport
import Synchronization

/// Messages on their way to a client that reads them as events. Safe on any thread.
final class MCPEvents: EventSource {
    private struct State {
        var messages: [[UInt8]] = []
        /// Progress that was not read yet; only the newest is of interest.
        var progress: [UInt8]?
        var reader: CheckedContinuation<[[UInt8]]?, Never>?
        var isOver = false
        var work: Task<Void, Never>?
    }

    private let state = Mutex(State())

    /// What puts the messages here; cancelled when nobody reads any more.
    func follow(_ work: Task<Void, Never>) {
        let isOver = state.withLock { state in
            state.work = work
            return state.isOver
        }
        if isOver { work.cancel() }
    }

    func put(_ message: JSONValue) {
        let bytes = message.jsonBytes()
        deliver { state in
            // What was told before stays before.
            if let progress = state.progress { state.messages.append(progress) }
            state.progress = nil
            state.messages.append(bytes)
        }
    }

    /// Takes the place of earlier progress that nobody has read.
    func put(progress message: JSONValue) {
        let bytes = message.jsonBytes()
        deliver { $0.progress = bytes }
    }

    func end() { deliver { $0.isOver = true } }

    private func deliver(_ change: (inout sending State) -> Void) {
        let (reader, ready) = state.withLock { state -> (CheckedContinuation<[[UInt8]]?, Never>?, [[UInt8]]?) in
            change(&state)
            guard let reader = state.reader else { return (nil, nil) }
            guard let ready = Self.take(&state) else { return (nil, nil) }
            state.reader = nil
            return (reader, ready.isEmpty ? nil : ready)
        }
        reader?.resume(returning: ready)
    }

    /// What can be read now; empty at the end, `nil` when there is nothing yet.
    private static func take(_ state: inout State) -> [[UInt8]]? {
        let ready = state.messages + (state.progress.map { [$0] } ?? [])
        (state.messages, state.progress) = ([], nil)
        return ready.isEmpty && !state.isOver ? nil : ready
    }

    func next() async -> [[UInt8]]? {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> [[UInt8]]? in
                let ready = Self.take(&state)
                if ready == nil { state.reader = continuation }
                return ready
            }
            if let ready { continuation.resume(returning: ready.isEmpty ? nil : ready) }
        }
    }

    func cancel() {
        let (reader, work) = state.withLock { state in
            defer { (state.reader, state.work, state.messages, state.isOver) = (nil, nil, [], true) }
            return (state.reader, state.work)
        }
        work?.cancel()
        reader?.resume(returning: nil)
    }
}
