import OrcaAPI
import OrcaProtobuf
import OrcaSupport
import Synchronization

/// How the messages of a stream are written.
enum StreamFormat: Sendable, Hashable {
    /// Server-sent events. Source: the HTML standard, 9.2.
    case events
    /// One `{"result": …}` a line.
    case lines

    /// Events, unless the client asks for lines only.
    init(accept: String?) throws(HTTPFault) {
        let types = (accept ?? "*/*").split(separator: ",").map { part in
            part.split(separator: ";").first?.trimmingSpaces().lowercased() ?? ""
        }
        if types.contains("application/x-ndjson") {
            self = .lines
        } else if types.contains(where: ["text/event-stream", "text/*", "*/*"].contains) {
            self = .events
        } else {
            throw HTTPFault(
                406, "not_acceptable", "A stream is text/event-stream or application/x-ndjson; accept one of them.")
        }
    }

    var contentType: String {
        switch self {
        case .events: "text/event-stream"
        case .lines: "application/x-ndjson"
        }
    }

    /// What is sent after a silence: a comment, which clients skip, and nothing between lines.
    var heartbeat: [UInt8] {
        switch self {
        case .events: Array(": heartbeat\n\n".utf8)
        case .lines: [0x0A]
        }
    }
}

/// Writes the messages of streams. An event that many clients watch is encoded once.
final class StreamEncoder: Sendable {
    private struct Key: Hashable {
        let workspace: String
        let sequence: Int64
        let format: StreamFormat
    }

    private struct Entry {
        let message: OrcaV1.Event
        let bytes: [UInt8]
    }

    /// The events encoded last, a ring.
    private struct Recent {
        var entries: [Key: Entry] = [:]
        var order: [Key] = []
        var next = 0
    }

    /// Enough for clients that are a few batches apart.
    private static let recentMax = 1024

    private let recent = Mutex(Recent())

    func encode(_ messages: [any ProtoMessage], as format: StreamFormat) -> [UInt8] {
        if messages.count == 1 { return encode(messages[0], as: format) }
        var bytes: [UInt8] = []
        for message in messages { bytes.append(contentsOf: encode(message, as: format)) }
        return bytes
    }

    private func encode(_ message: any ProtoMessage, as format: StreamFormat) -> [UInt8] {
        guard let response = message as? OrcaV1.WatchEventsResponse else {
            return write(message, name: "message", id: nil, format)
        }
        switch response.item {
        case .event(let event):
            let key = Key(workspace: event.workspace, sequence: event.sequence, format: format)
            if let known = recent.withLock({ $0.entries[key] }), known.message == event { return known.bytes }
            let bytes = write(response, name: "event", id: event.sequence, format)
            remember(Entry(message: event, bytes: bytes), key)
            return bytes
        case .gap: return write(response, name: "gap", id: nil, format)
        case nil: return write(response, name: "message", id: nil, format)
        }
    }

    /// The error that ends a stream.
    func encode(_ error: OrcaV1.Error, as format: StreamFormat) -> [UInt8] {
        write(error, name: "error", id: nil, format)
    }

    private func remember(_ entry: Entry, _ key: Key) {
        recent.withLock { recent in
            if recent.entries.updateValue(entry, forKey: key) != nil { return }
            if recent.order.count < Self.recentMax {
                recent.order.append(key)
            } else {
                recent.entries[recent.order[recent.next]] = nil
                recent.order[recent.next] = key
                recent.next = (recent.next + 1) % Self.recentMax
            }
        }
    }

    private func write(_ message: any ProtoMessage, name: String, id: Int64?, _ format: StreamFormat) -> [UInt8] {
        switch format {
        case .events:
            var bytes: [UInt8] = []
            if let id { bytes.append(contentsOf: "id: \(id)\n".utf8) }
            // JSON as we write it has no line ends, so one data line holds it.
            bytes.append(contentsOf: "event: \(name)\ndata: ".utf8)
            bytes.append(contentsOf: message.jsonBytes())
            bytes.append(contentsOf: "\n\n".utf8)
            return bytes
        case .lines:
            var writer = JSONWriter()
            writer.beginObject()
            writer.key(name == "error" ? "error" : "result")
            message.writeJSON(to: &writer)
            writer.endObject()
            return writer.bytes + [0x0A]
        }
    }
}
