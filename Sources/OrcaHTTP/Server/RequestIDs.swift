import Synchronization

/// Names requests, for logs and the change log.
final class RequestIDs: Sendable {
    private let prefix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    private let counter = Atomic<Int>(0)

    /// The client's own name for the request if it is a sound one, else a new one.
    func id(for head: RequestHead) -> String {
        if let own = head.value("x-request-id"), !own.isEmpty, own.utf8.count <= 128,
            own.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        {
            return own
        }
        return "req_\(prefix)_\(counter.add(1, ordering: .relaxed).newValue)"
    }
}
