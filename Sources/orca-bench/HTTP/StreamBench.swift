import Glibc
import OrcaSupport

/// Event streams: what idle ones cost, and how fast events reach a thousand clients at once.
enum StreamBench {
    static func run(_ options: BenchOptions) throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try idle(10_000, options)
        try fanOut(1000, events: 300, options)
    }

    /// Resident memory of the server for each idle stream; kernel buffers are not in it.
    private static func idle(_ count: Int, _ options: BenchOptions) throws {
        var report = BenchReport("Streams: \(count) idle", columns: ["KiB/stream", "RSS MiB", "CPU ms in 2 s"])
        let server = try StreamServer()
        defer { server.end() }
        let before = server.process.residentKiB()
        let clients = try StreamClients(count, server)
        let after = server.process.residentKiB()
        let cpu = server.process.cpuSeconds()
        sleep(2)
        report.add(
            "orca", [(after - before) / Double(count), after / 1024, (server.process.cpuSeconds() - cpu) * 1000])
        report.note("budget: at most 20 KiB a stream; no work per idle client")
        clients.close()
        try report.finish(options)
    }

    private static func fanOut(_ count: Int, events: Int, _ options: BenchOptions) throws {
        var report = BenchReport(
            "Streams: events to \(count) clients, median of \(options.rounds)",
            columns: ["1 event ms", "\(events) at once ms", "events/s", "server CPU µs/event"])
        let server = try StreamServer()
        defer { server.end() }
        let clients = try StreamClients(count, server)
        var single: [Double] = []
        var burst: [Double] = []
        var cpu: [Double] = []
        for _ in 0..<options.rounds {
            single.append(try clients.receive(events: 1, from: server))
            let before = server.process.cpuSeconds()
            burst.append(try clients.receive(events: events, from: server))
            cpu.append((server.process.cpuSeconds() - before) * 1e6 / Double(count * events))
        }
        let rate = Double(count * events) / (burst.median / 1000)
        report.add("orca", [single.median, burst.median, rate, cpu.median])
        report.note("budget: 100000 events/s a core over 1000 streams; the reading client shares the machine")
        clients.close()
        try report.finish(options)
    }
}

/// The fixture on a unix socket.
private final class StreamServer {
    let process: BenchProcess
    let socket: String
    private let directory: String

    init() throws {
        var template = Array("/tmp/orca-bench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Bench.Failure(description: "no temporary directory") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        socket = directory + "/run/orca.sock"
        process = try BenchProcess("/proc/self/exe", ["http-fixture", socket])
        _ = try process.firstLine()
    }

    func end() {
        process.end()
        _ = try? Subprocess.run(SubprocessCommand("rm", ["-rf", directory]))  // in /tmp; harmless
    }

    func connect() throws -> Int32 {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            for (index, byte) in socket.utf8.enumerated() { bytes[index] = byte }
        }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw Bench.Failure(description: "connect: errno \(errno)") }
        return descriptor
    }
}

/// Many streams, read by one thread.
private final class StreamClients {
    private var polls: [pollfd] = []
    private let control: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var round = 0

    init(_ count: Int, _ server: StreamServer) throws {
        control = try server.connect()
        for _ in 0..<count {
            let descriptor = try server.connect()
            try Self.send(descriptor, "GET /v1/workspaces/w/events:watch HTTP/1.1\r\nHost: x\r\n\r\n")
            try Self.readHead(descriptor)
            polls.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        }
    }

    func close() {
        for poll in polls { Glibc.close(poll.fd) }
        Glibc.close(control)
    }

    /// Milliseconds from the request that makes the events until every client has read all of them.
    func receive(events: Int, from server: StreamServer) throws -> Double {
        round += 1
        let body = "{\"priority\":\(events)}"
        var start = timespec()
        clock_gettime(CLOCK_MONOTONIC, &start)
        // The fixture takes the request's name for the workspace, so that no round finds its events encoded already.
        try Self.send(
            control,
            "POST /v1/workspaces/w/tasks HTTP/1.1\r\nHost: x\r\nX-Request-Id: r\(round)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        // Each event is four lines that end with a bare line feed; the lines of the chunks end with two characters.
        var missing = polls.count * events * 4
        while missing > 0 {
            guard poll(&polls, nfds_t(polls.count), 10_000) > 0 else {
                throw Bench.Failure(description: "\(missing) lines are missing after ten seconds")
            }
            for index in polls.indices where polls[index].revents != 0 {
                let count = recv(polls[index].fd, &buffer, buffer.count, 0)
                guard count > 0 else { throw Bench.Failure(description: "a stream ended") }
                missing -= countLines(count)
            }
        }
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        try Self.readHead(control)
        return Double(end.tv_sec - start.tv_sec) * 1000 + Double(end.tv_nsec - start.tv_nsec) / 1e6
    }

    /// Line feeds that no carriage return stands before. One between two reads is taken for a bare one, which is made up for by
    /// the reads being far longer than a line; the count only ends the measurement.
    private func countLines(_ count: Int) -> Int {
        buffer.withUnsafeBufferPointer { bytes in
            var lines = 0
            for index in 0..<count where bytes[index] == 0x0A && (index == 0 || bytes[index - 1] != 0x0D) { lines += 1 }
            return lines
        }
    }

    private static func send(_ descriptor: Int32, _ text: String) throws {
        let bytes = Array(text.utf8)
        guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Bench.Failure(description: "send: errno \(errno)")
        }
    }

    /// Reads up to the empty line, byte by byte, so that nothing after it is lost.
    private static func readHead(_ descriptor: Int32) throws {
        var tail: [UInt8] = []
        var byte: UInt8 = 0
        while tail.suffix(4) != [0x0D, 0x0A, 0x0D, 0x0A] {
            guard recv(descriptor, &byte, 1, 0) == 1 else { throw Bench.Failure(description: "no answer") }
            tail.append(byte)
        }
    }
}
