import Synchronization

/// Counters of the server itself, for Prometheus.
final class GRPCMetrics: Sendable {
    private struct Key: Hashable {
        let operation: String
        let code: Int32
    }

    private struct State {
        var calls: [Key: Int] = [:]
        var open = 0
        var streams = 0
        var streamed = 0
    }

    private let state = Mutex(State())

    /// A call begins; false when there are too many.
    func enter(max: Int) -> Bool {
        state.withLock { state in
            guard state.open < max else { return false }
            state.open += 1
            return true
        }
    }

    func leave(operation: String, code: RPCCode) {
        state.withLock { state in
            state.open -= 1
            state.calls[Key(operation: operation, code: code.rawValue), default: 0] += 1
        }
    }

    func streamOpened() { state.withLock { $0.streams += 1 } }
    func streamClosed() { state.withLock { $0.streams -= 1 } }
    func countStreamed(_ messages: Int) { state.withLock { $0.streamed += messages } }

    func text(connections: Int) -> String {
        let state = state.withLock { $0 }
        var text = Self.header("orca_grpc_connections", "gauge", "Open gRPC connections.")
        text += "orca_grpc_connections \(connections)\n"
        text += Self.header("orca_grpc_open_calls", "gauge", "gRPC calls in flight.")
        text += "orca_grpc_open_calls \(state.open)\n"
        text += Self.header("orca_grpc_streams", "gauge", "Open gRPC streams of operations.")
        text += "orca_grpc_streams \(state.streams)\n"
        text += Self.header("orca_grpc_streamed_messages_total", "counter", "Messages sent on gRPC streams.")
        text += "orca_grpc_streamed_messages_total \(state.streamed)\n"
        text += Self.header("orca_grpc_calls_total", "counter", "gRPC calls by operation and status code.")
        for (key, count) in state.calls.sorted(by: {
            ($0.key.operation, $0.key.code) < ($1.key.operation, $1.key.code)
        }) {
            text += "orca_grpc_calls_total{operation=\"\(key.operation)\",code=\"\(key.code)\"} \(count)\n"
        }
        return text
    }

    private static func header(_ name: String, _ kind: String, _ help: String) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }
}
