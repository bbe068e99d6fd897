import Glibc
import OrcaAPI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Synchronization

/// A server stream over HTTP: server-sent events, or JSON objects a line each (`{"result": …}`, `{"error": …}`).
final class HTTPStream: ClientStream {
    private struct State {
        var socket: Socket
        var body: HTTPBodyReader
        var pending: [UInt8] = []
        var pendingStart = 0
        var events = ServerSentEvents()
        var isOver = false
    }

    private let state: Mutex<State>
    private let raw: OwnedDescriptor
    private let isCanceled = Atomic(false)
    private let responseType: any ProtoMessage.Type
    private let isEventStream: Bool

    /// The server sends a heartbeat at least this often; when nothing comes for this long the connection is dead.
    static let silenceMax = Duration.seconds(90)
    /// Bytes of one message.
    static let lineBytesMax = 8 << 20

    init(_ socket: Socket, _ head: HTTPResponseHead, _ responseType: any ProtoMessage.Type) {
        raw = socket.descriptor
        state = Mutex(State(socket: socket, body: HTTPBodyReader(head)))
        self.responseType = responseType
        isEventStream = head.headers["content-type"]?.lowercased().hasPrefix("text/event-stream") == true
    }

    func cancel() {
        if !isCanceled.exchange(true, ordering: .acquiringAndReleasing) { shutdown(raw.raw, Int32(SHUT_RDWR)) }
    }

    func next() throws(APIError) -> (any ProtoMessage)? {
        let result: Result<(any ProtoMessage)?, APIError> = state.withLock { state in
            do throws(APIError) { return .success(try advance(&state)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func advance(_ state: inout State) throws(APIError) -> (any ProtoMessage)? {
        while !state.isOver {
            guard let line = try nextLine(&state) else {
                state.isOver = true
                return nil
            }
            if let message = try isEventStream ? message(fromEventLine: line, &state) : message(fromJSONLine: line) {
                return message
            }
        }
        return nil
    }

    private func nextLine(_ state: inout State) throws(APIError) -> [UInt8]? {
        while true {
            if let end = state.pending[state.pendingStart...].firstIndex(of: 0x0A) {
                let line = state.pending[state.pendingStart..<end]
                state.pendingStart = end + 1
                return Array(line.last == 0x0D ? line.dropLast() : line)
            }
            if state.pendingStart > 0 {
                state.pending.removeFirst(state.pendingStart)
                state.pendingStart = 0
            }
            guard state.pending.count <= Self.lineBytesMax else {
                throw APIError(
                    "stream_broken", .unavailable, "The server sent a message of more than \(Self.lineBytesMax) bytes.")
            }
            if isCanceled.load(ordering: .acquiring) || state.body.isAtEnd { return nil }
            do throws(TransportError) {
                state.pending += try state.body.next(&state.socket, until: .after(Self.silenceMax))
            } catch {
                if isCanceled.load(ordering: .acquiring) { return nil }
                state.isOver = true
                throw APIError(
                    "stream_broken", .unavailable,
                    "The connection to the server broke; follow again from the last sequence.")
            }
        }
    }

    private func message(fromEventLine line: [UInt8], _ state: inout State) throws(APIError) -> (any ProtoMessage)? {
        guard let event = state.events.take(line) else { return nil }
        if event.type == "error" { throw WireError.decode(event.data, status: 500) }
        return try decode(event.data)
    }

    private func message(fromJSONLine line: [UInt8]) throws(APIError) -> (any ProtoMessage)? {
        if line.isEmpty { return nil }
        // What exactly is wrong with a line that no server should send helps nobody.
        guard let value = try? JSONValue(jsonBytes: line) else { throw Self.unreadable() }
        if let error = value["error"] { throw WireError.decode(error.jsonBytes(), status: 500) }
        guard let result = value["result"] else { return try decode(line) }
        return try decode(result.jsonBytes())
    }

    private func decode(_ bytes: [UInt8]) throws(APIError) -> any ProtoMessage {
        // The reason does not help whoever follows a stream; that the message is unreadable does.
        guard let message = try? responseType.init(jsonBytes: bytes, unknownFields: .skip) else {
            throw Self.unreadable()
        }
        return message
    }

    private static func unreadable() -> APIError {
        APIError(
            "stream_broken", .unavailable,
            "The server sent a message this orca cannot read. Compare 'orca version' with 'orca status'.")
    }
}
