import Synchronization

/// Counters of the server itself, for Prometheus.
final class HTTPMetrics: Sendable {
    private struct Key: Hashable {
        let operation: String
        let status: Int
    }

    fileprivate struct Histogram {
        var buckets = [Int](repeating: 0, count: HTTPMetrics.bounds.count)
        var count = 0
        var microseconds: Int64 = 0
    }

    private struct State {
        var requests: [Key: Int] = [:]
        var durations: [String: Histogram] = [:]
        var faults: [String: Int] = [:]
        var streams = 0
        var streamed = 0
    }

    /// Upper bounds of the latency buckets, in microseconds.
    private static let bounds: [Int64] = [
        500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000, 10_000_000,
        60_000_000,
    ]

    private let state = Mutex(State())

    func count(operation: String, status: Int, microseconds: Int64) {
        state.withLock { state in
            state.requests[Key(operation: operation, status: status), default: 0] += 1
            guard let index = Self.bounds.firstIndex(where: { microseconds <= $0 }) else {
                state.durations[operation, default: Histogram()].add(microseconds, to: nil)
                return
            }
            state.durations[operation, default: Histogram()].add(microseconds, to: index)
        }
    }

    func countFault(_ code: String) { state.withLock { $0.faults[code, default: 0] += 1 } }
    func streamOpened() { state.withLock { $0.streams += 1 } }
    func streamClosed() { state.withLock { $0.streams -= 1 } }
    func countStreamed(_ messages: Int) { state.withLock { $0.streamed += messages } }

    /// All of it in Prometheus' text format.
    func text(connections: Int) -> String {
        let state = state.withLock { $0 }
        var text = Self.header("orca_http_connections", "gauge", "Open connections.")
        text += "orca_http_connections \(connections)\n"
        text += Self.header("orca_http_streams", "gauge", "Open event streams.")
        text += "orca_http_streams \(state.streams)\n"
        text += Self.header("orca_http_streamed_messages_total", "counter", "Messages sent on streams.")
        text += "orca_http_streamed_messages_total \(state.streamed)\n"
        text += Self.header("orca_http_refused_total", "counter", "Requests refused before any operation saw them.")
        for (code, count) in state.faults.sorted(by: { $0.key < $1.key }) {
            text += "orca_http_refused_total{code=\"\(code)\"} \(count)\n"
        }
        text += Self.header("orca_http_requests_total", "counter", "Requests by operation and status.")
        for (key, count) in state.requests.sorted(by: {
            ($0.key.operation, $0.key.status) < ($1.key.operation, $1.key.status)
        }) {
            text += "orca_http_requests_total{operation=\"\(key.operation)\",status=\"\(key.status)\"} \(count)\n"
        }
        text += Self.header(
            "orca_http_request_seconds", "histogram", "Time from the last byte of a request to its answer.")
        for (operation, histogram) in state.durations.sorted(by: { $0.key < $1.key }) {
            text += Self.lines(operation, histogram)
        }
        return text
    }

    private static func lines(_ operation: String, _ histogram: Histogram) -> String {
        let name = "orca_http_request_seconds"
        var text = ""
        var sum = 0
        for (bound, count) in zip(bounds, histogram.buckets) {
            sum += count
            text += "\(name)_bucket{operation=\"\(operation)\",le=\"\(seconds(bound))\"} \(sum)\n"
        }
        text += "\(name)_bucket{operation=\"\(operation)\",le=\"+Inf\"} \(histogram.count)\n"
        text += "\(name)_sum{operation=\"\(operation)\"} \(seconds(histogram.microseconds))\n"
        text += "\(name)_count{operation=\"\(operation)\"} \(histogram.count)\n"
        return text
    }

    private static func seconds(_ microseconds: Int64) -> Double { Double(microseconds) / 1_000_000 }

    private static func header(_ name: String, _ kind: String, _ help: String) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }
}

extension HTTPMetrics.Histogram {
    fileprivate mutating func add(_ value: Int64, to bucket: Int?) {
        if let bucket { buckets[bucket] += 1 }
        count += 1
        microseconds += value
    }
}
