import Glibc
import OrcaSupport
import Synchronization

/// A request as the fake server received it.
struct FakeRequest: Sendable {
    var method = ""
    var target = ""
    /// Names in lower case.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    var bodyText: String { String(decoding: body, as: UTF8.self) }
}

/// What the fake server does with a request.
enum FakeReply: Sendable {
    case json(Int, String)
    /// An answer, then the end of the connection without a word in its head about it.
    case jsonThenClose(Int, String)
    /// The end of the connection instead of an answer.
    case close
    /// These bytes and then the end of the connection.
    case raw(String)
    /// These bytes, with the connection left open.
    case rawOpen(String)
    /// Nothing until the client gives up.
    case silence
}

/// A server on a unix socket that answers what a test tells it to.
final class FakeServer: Sendable {
    let path: String
    private let listener: OwnedDescriptor
    private let stop = StopSignal()
    private let log = Mutex<(requests: [FakeRequest], connections: Int)>(([], 0))
    private let threads = Mutex<[ManagedThread]>([])
    private let reply: @Sendable (FakeRequest) -> FakeReply

    init(_ reply: @escaping @Sendable (FakeRequest) -> FakeReply) throws {
        var template = Array("/tmp/orca-test-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template)!) + "/s"
        self.reply = reply
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        listener = OwnedDescriptor(raw)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(raw, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        precondition(bound == 0 && listen(raw, 64) == 0)
        let thread = try ManagedThread("fake-accept") { [weak self] in self?.accept() }
        threads.withLock { $0.append(thread) }
    }

    var requests: [FakeRequest] { log.withLock { $0.requests } }
    var connections: Int { log.withLock { $0.connections } }

    func close() {
        stop.raise()
        let all = threads.withLock { $0 }
        for thread in all { thread.join() }
        unlink(path)
        rmdir(String(path.dropLast(2)))
    }

    private func accept() {
        while !stop.isRaised {
            let ready = Poll.readable([stop.descriptor, listener.raw], until: .never)
            guard ready.contains(1) else { continue }
            let raw = Glibc.accept(listener.raw, nil, nil)
            guard raw >= 0 else { continue }
            log.withLock { $0.connections += 1 }
            let connection = OwnedDescriptor(raw)
            // A test that runs out of threads fails by itself.
            guard let thread = try? ManagedThread("fake-serve", { self.serve(connection) }) else { continue }
            threads.withLock { $0.append(thread) }
        }
    }

    private func serve(_ connection: OwnedDescriptor) {
        var buffer: [UInt8] = []
        while let request = next(connection, &buffer) {
            log.withLock { $0.requests.append(request) }
            if !answer(reply(request), connection) { return }
        }
    }

    private func answer(_ reply: FakeReply, _ connection: OwnedDescriptor) -> Bool {
        func send(_ text: String) { try? connection.write(Array(text.utf8)) }
        func body(_ status: Int, _ text: String) -> String {
            "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
        }
        switch reply {
        case .json(let status, let text):
            send(body(status, text))
            return true
        case .jsonThenClose(let status, let text):
            send(body(status, text))
            return false
        case .close: return false
        case .raw(let text):
            send(text)
            return false
        case .rawOpen(let text): send(text)
        case .silence: break
        }
        _ = Poll.readable([stop.descriptor, connection.raw], until: .never)
        return false
    }

    private func next(_ connection: OwnedDescriptor, _ buffer: inout [UInt8]) -> FakeRequest? {
        while true {
            if let request = take(&buffer) { return request }
            let ready = Poll.readable([stop.descriptor, connection.raw], until: .never)
            guard !ready.contains(0), let bytes = try? connection.read(atMost: 65_536), !bytes.isEmpty else {
                return nil
            }
            buffer += bytes
        }
    }

    private func take(_ buffer: inout [UInt8]) -> FakeRequest? {
        let text = String(decoding: buffer, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        var request = FakeRequest()
        let words = lines[0].split(separator: " ")
        request.method = String(words[0])
        request.target = String(words[1])
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            request.headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let headSize = text[..<end.upperBound].utf8.count
        let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
        guard buffer.count >= headSize + length else { return nil }
        request.body = Array(buffer[headSize..<(headSize + length)])
        buffer.removeFirst(headSize + length)
        return request
    }
}

extension String {
    /// The first place of another string.
    func range(of other: String) -> Range<String.Index>? { self.firstRange(of: other) }
}
