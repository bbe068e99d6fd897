import Glibc

/// A blocking client on a raw socket, for what well-behaved clients never send. Reads give up after ten seconds, so that a test fails
/// instead of hanging.
final class RawClient {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Response {
        var status = 0
        var fields: [(name: String, value: String)] = []
        var body: [UInt8] = []

        var text: String { String(decoding: body, as: UTF8.self) }

        subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
    }

    private(set) var descriptor: Int32
    private var buffer: [UInt8] = []

    init(unix path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            for (index, byte) in path.utf8.enumerated() { bytes[index] = byte }
        }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw Failure(description: "connect \(path): \(errno)") }
        setTimeout()
    }

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(description: "connect \(port): \(errno)") }
        setTimeout()
    }

    deinit { close() }

    func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    func closeWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    private func setTimeout() {
        var time = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    // MARK: Sending

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "send: \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends a whole request and reads its answer.
    func request(_ method: String, _ target: String, fields: [String] = [], body: String? = nil) throws -> Response {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost"] + fields
        if let body {
            lines.append("Content-Length: \(body.utf8.count)")
            if !fields.contains(where: { $0.lowercased().hasPrefix("content-type") }) {
                lines.append("Content-Type: application/json")
            }
        }
        try send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
        return try readResponse(hasBody: method != "HEAD")
    }

    // MARK: Reading

    /// One more piece of what the server sends; empty at the end.
    private func receive() throws -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count < 0, errno == ECONNRESET { return [] }
        guard count >= 0 else {
            throw Failure(description: "nothing came: \(errno), have \(String(decoding: buffer, as: UTF8.self))")
        }
        return Array(chunk[..<count])
    }

    /// Bytes up to and including `end`.
    func read(until end: String) throws -> String {
        let wanted = Array(end.utf8)
        var searched = 0
        while true {
            while searched + wanted.count <= buffer.count {
                if buffer[searched..<searched + wanted.count].elementsEqual(wanted) {
                    let text = String(decoding: buffer[..<(searched + wanted.count)], as: UTF8.self)
                    buffer.removeFirst(searched + wanted.count)
                    return text
                }
                searched += 1
            }
            let more = try receive()
            guard !more.isEmpty else {
                throw Failure(description: "the server closed; have \(String(decoding: buffer, as: UTF8.self))")
            }
            buffer += more
        }
    }

    func read(count: Int) throws -> [UInt8] {
        while buffer.count < count {
            let more = try receive()
            guard !more.isEmpty else {
                throw Failure(description: "the server closed after \(buffer.count) of \(count) bytes")
            }
            buffer += more
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// Everything until the server closes.
    func readToEnd() throws -> String {
        while true {
            let more = try receive()
            if more.isEmpty { break }
            buffer += more
        }
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    func readHead() throws -> Response {
        var response = Response()
        let lines = try read(until: "\r\n\r\n").split(separator: "\r\n")
        response.status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            response.fields.append((line[..<colon].lowercased(), String(line[line.index(colon, offsetBy: 2)...])))
        }
        return response
    }

    func readResponse(hasBody: Bool = true) throws -> Response {
        var response = try readHead()
        guard hasBody, response.status != 204, response.status != 304 else { return response }
        if let length = response["content-length"].flatMap({ Int($0) }) {
            response.body = try read(count: length)
        } else if response["transfer-encoding"] == "chunked" {
            while let chunk = try readChunk() { response.body += chunk }
        } else {
            response.body = Array(try readToEnd().utf8)
        }
        return response
    }

    /// The next chunk of a stream, or `nil` at its proper end.
    func readChunk() throws -> [UInt8]? {
        let line = try read(until: "\r\n")
        guard let count = Int(line.dropLast(1), radix: 16) ?? Int(String(line.dropLast()), radix: 16) else {
            throw Failure(description: "no chunk size: \(line)")
        }
        let chunk = try read(count: count)
        _ = try read(until: "\r\n")
        return count == 0 ? nil : chunk
    }

    func readChunkText() throws -> String? { try readChunk().map { String(decoding: $0, as: UTF8.self) } }
}
