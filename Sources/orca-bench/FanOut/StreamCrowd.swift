import Glibc
import OrcaSupport

/// Followers of the event streams of several servers, all read by one thread: NDJSON over unix sockets, from now on.
final class StreamCrowd {
    private struct Follower {
        let server: Int
        var seen = 0
        /// The last byte read, for lines that end with the first byte of the next read.
        var last: UInt8 = 0
    }

    private var polls: [pollfd] = []
    private var followers: [Follower] = []
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private let serverCount: Int

    /// Milliseconds until a silence is an error.
    private static let patienceMS: Int32 = 30_000

    /// `each` followers of the events whose type begins with `type`, on each of the servers.
    init(_ sockets: [String], each: Int, type: String) throws {
        serverCount = sockets.count
        let request =
            "GET /v1/workspaces/default/events:watch?after=-1&type_prefix=\(type) HTTP/1.1\r\nHost: x\r\n"
            + "Accept: application/x-ndjson\r\n\r\n"
        for (server, socket) in sockets.enumerated() {
            for _ in 0..<each {
                let descriptor = try Self.connect(socket)
                polls.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
                followers.append(Follower(server: server))
                try Self.send(descriptor, request)
                try Self.readHead(descriptor)
            }
        }
    }

    deinit { for poll in polls { close(poll.fd) } }

    /// Runs `write`, which must not block, and reads until everybody has so many events more. Answers for each server when
    /// the last of its followers had them.
    func follow(_ events: Int, _ write: () throws -> Void) throws -> [ContinuousClock.Instant] {
        var missing = [Int](repeating: 0, count: serverCount)
        for follower in followers { missing[follower.server] += 1 }
        let targets = followers.map { $0.seen + events }
        var times = [ContinuousClock.Instant](repeating: .now, count: serverCount)
        try write()
        while missing.contains(where: { $0 > 0 }) {
            guard poll(&polls, nfds_t(polls.count), Self.patienceMS) > 0 else {
                throw Bench.Failure(description: "\(missing) followers still lack events after a long silence")
            }
            for index in polls.indices where polls[index].revents != 0 {
                let before = followers[index].seen
                try read(index)
                guard before < targets[index], followers[index].seen >= targets[index] else { continue }
                let server = followers[index].server
                missing[server] -= 1
                if missing[server] == 0 { times[server] = .now }
            }
        }
        guard zip(followers, targets).allSatisfy({ $0.seen == $1 }) else {
            throw Bench.Failure(description: "somebody had more events than there are")
        }
        return times
    }

    /// Counts the lines that end an object: chunks end with a carriage return before, and what is sent after a silence is empty.
    private func read(_ index: Int) throws {
        let count = recv(polls[index].fd, &buffer, buffer.count, 0)
        guard count > 0 else { throw Bench.Failure(description: "a stream ended") }
        var last = followers[index].last
        var seen = 0
        buffer.withUnsafeBufferPointer { bytes in
            for byte in bytes[..<count] {
                if byte == UInt8(ascii: "\n"), last == UInt8(ascii: "}") { seen += 1 }
                last = byte
            }
        }
        followers[index].last = last
        followers[index].seen += seen
    }

    // MARK: Sockets

    private static func connect(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw Bench.Failure(description: "\(path) is too long for a socket; run this in a shorter folder")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            for (index, byte) in path.utf8.enumerated() { bytes[index] = byte }
        }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw Bench.Failure(description: "connect \(path): errno \(errno)") }
        return descriptor
    }

    private static func send(_ descriptor: Int32, _ text: String) throws {
        let bytes = Array(text.utf8)
        guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Bench.Failure(description: "send: errno \(errno)")
        }
    }

    /// Reads up to the empty line, byte by byte, so that nothing after it is lost.
    private static func readHead(_ descriptor: Int32) throws {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while head.suffix(4) != [0x0D, 0x0A, 0x0D, 0x0A] {
            guard recv(descriptor, &byte, 1, 0) == 1 else { throw Bench.Failure(description: "no answer") }
            head.append(byte)
        }
        guard head.starts(with: "HTTP/1.1 200 ".utf8) else {
            throw Bench.Failure(description: "no stream: \(String(decoding: head, as: UTF8.self))")
        }
    }
}
