/// Assembles server-sent events from lines (WHATWG HTML, section 9.2.6), without the parts a client of ours needs not:
/// `retry` is ignored.
struct ServerSentEvents: Sendable {
    struct Event: Sendable, Hashable {
        /// `message` unless the server says otherwise.
        var type = "message"
        var id: String?
        var data: [UInt8] = []
    }

    private var event = Event()
    private var hasData = false

    /// Takes one line without its end; the event it completes, if it does.
    mutating func take(_ line: [UInt8]) -> Event? {
        if line.isEmpty {
            defer {
                event = Event()
                hasData = false
            }
            return hasData ? event : nil
        }
        guard let colon = line.firstIndex(of: 0x3A) else { return nil }
        if colon == 0 { return nil }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        var value = line[(colon + 1)...]
        if value.first == 0x20 { value.removeFirst() }
        switch name {
        case "data":
            if hasData { event.data.append(0x0A) }
            event.data += value
            hasData = true
        case "event": event.type = String(decoding: value, as: UTF8.self)
        case "id": event.id = String(decoding: value, as: UTF8.self)
        default: break
        }
        return nil
    }
}
