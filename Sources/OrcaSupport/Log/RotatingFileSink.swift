import Glibc
import Synchronization

/// Log files of bounded size and number: `orcad.log`, and older ones as `orcad.log.1` and up.
///
/// Records go through a bounded queue to a thread of its own, so that a slow or full disk never holds up whoever
/// logs. What does not fit is dropped and counted; the count is logged when there is room again.
package final class RotatingFileSink: LogSink {
    /// How large, how many, how much may wait.
    package struct Limits: Sendable, Hashable {
        package var fileBytes: Int
        /// Files kept, the current one included.
        package var files: Int
        package var queuedBytes: Int

        package init(fileBytes: Int = 8 << 20, files: Int = 5, queuedBytes: Int = 4 << 20) {
            self.fileBytes = fileBytes
            self.files = files
            self.queuedBytes = queuedBytes
        }
    }

    private let queue: LogQueue
    private let thread: ManagedThread

    /// Starts writing to the file; what is there is kept and added to.
    package init(path: String, limits: Limits = Limits()) throws(SystemError) {
        precondition(limits.files >= 1 && limits.fileBytes > 0 && limits.queuedBytes > 0)
        let queue = LogQueue(limit: limits.queuedBytes)
        let opened = try RotatingFile(path: path, limits: limits)
        self.queue = queue
        thread = try ManagedThread("orca-log") {
            var file = opened
            queue.run { bytes, dropped in
                file.append(bytes)
                if dropped > 0 { file.append(Self.dropNotice(dropped)) }
            }
        }
    }

    deinit {
        queue.stop.raise()
    }

    package func write(_ record: LogRecord) {
        queue.add(record.line)
    }

    /// Waits until everything logged so far has been handed to the system.
    package func flush() {
        queue.flush()
    }

    /// Writes what waits and ends the thread. Records that come later are dropped.
    package func close() {
        queue.stop.raise()
        thread.join()
    }

    private static func dropNotice(_ count: Int64) -> [UInt8] {
        LogRecord(
            milliseconds: Logger.wallClock(), level: .warning, label: "log",
            message: "records were dropped because the disk could not keep up", fields: [("count", .number(count))]
        ).line
    }
}

/// Lines that wait for the writing thread.
private final class LogQueue: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var dropped: Int64 = 0
        var isWriting = false
    }

    let stop = StopSignal()
    private let state = Mutex(State())
    private let work = Wakeup()
    private let written = Wakeup()
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    func add(_ line: [UInt8]) {
        state.withLock { state in
            if state.bytes.count + line.count > limit { state.dropped += 1 } else { state.bytes += line }
        }
        work.ring()
    }

    func flush() {
        work.ring()
        while state.withLock({ !$0.bytes.isEmpty || $0.isWriting }), !stop.isRaised {
            // Several threads may flush: a ring taken by one must not leave the others waiting for ever.
            written.hear(until: .after(.milliseconds(20)))
        }
    }

    /// Hands batches on until `stop` is raised and nothing waits.
    func run(_ write: ([UInt8], Int64) -> Void) {
        while true {
            _ = Poll.readable([work.descriptor, stop.descriptor], until: .never)
            let isLast = stop.isRaised
            work.hear(until: .now)
            let batch = state.withLock { state in
                defer { state = State(isWriting: true) }
                return state
            }
            write(batch.bytes, batch.dropped)
            state.withLock { $0.isWriting = false }
            written.ring()
            if isLast { return }
        }
    }
}

/// The current file and the numbered ones behind it.
private struct RotatingFile {
    private let path: String
    private let limits: RotatingFileSink.Limits
    private var file: OwnedDescriptor?
    private var size = 0

    init(path: String, limits: RotatingFileSink.Limits) throws(SystemError) {
        self.path = path
        self.limits = limits
        try open()
    }

    private mutating func open() throws(SystemError) {
        file = try OwnedDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND)
        size = Files.size(path) ?? 0
    }

    /// Adds whole lines, as many as fit into each file. When the disk refuses, they are lost: nothing below the
    /// log can report that the log cannot be written.
    mutating func append(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let room = rest.prefix(max(0, limits.fileBytes - size))
            var end = room.count == rest.count ? rest.endIndex : room.lastIndex(of: newline).map { $0 + 1 }
            if end == nil && size > 0 {
                rotate()
                continue
            }
            // A line longer than a file has one to itself.
            end = end ?? rest.firstIndex(of: newline).map { $0 + 1 } ?? rest.endIndex
            if file == nil { try? open() }
            try? file?.write(Array(rest[..<end!]), to: path)
            size += end! - rest.startIndex
            rest = rest[end!...]
        }
    }

    private var newline: UInt8 { UInt8(ascii: "\n") }

    private mutating func rotate() {
        file = nil
        unlink("\(path).\(limits.files - 1)")
        for number in stride(from: limits.files - 2, to: 0, by: -1) {
            rename("\(path).\(number)", "\(path).\(number + 1)")
        }
        if limits.files > 1 { rename(path, "\(path).1") } else { unlink(path) }
        size = 0
    }
}
