import Glibc

/// Where log records go.
package protocol LogSink: Sendable {
    /// Takes the record and returns soon; it may drop it, and then counts that.
    func write(_ record: LogRecord)
}

/// Writes records of one part of the program to a sink. A value: copy it and add what your part always says.
package struct Logger: Sendable {
    package var label: String
    package var level: LogLevel
    /// Facts that every record carries.
    package var fields: [(name: String, value: LogValue)] = []
    private let sink: (any LogSink)?
    private let now: @Sendable () -> Int64

    /// A logger that says nothing.
    package static let silent = Logger("", to: nil)

    /// `now` gives milliseconds since 1970.
    package init(
        _ label: String, level: LogLevel = .info, to sink: (any LogSink)?,
        now: @escaping @Sendable () -> Int64 = Logger.wallClock
    ) {
        self.label = label
        self.level = level
        self.sink = sink
        self.now = now
    }

    /// The same for another part of the program.
    package func labeled(_ label: String) -> Logger {
        var copy = self
        copy.label = label
        return copy
    }

    package func debug(_ message: @autoclosure () -> String, _ facts: KeyValuePairs<String, LogValue> = [:]) {
        log(.debug, message(), facts)
    }

    package func info(_ message: @autoclosure () -> String, _ facts: KeyValuePairs<String, LogValue> = [:]) {
        log(.info, message(), facts)
    }

    package func notice(_ message: @autoclosure () -> String, _ facts: KeyValuePairs<String, LogValue> = [:]) {
        log(.notice, message(), facts)
    }

    package func warning(_ message: @autoclosure () -> String, _ facts: KeyValuePairs<String, LogValue> = [:]) {
        log(.warning, message(), facts)
    }

    package func error(_ message: @autoclosure () -> String, _ facts: KeyValuePairs<String, LogValue> = [:]) {
        log(.error, message(), facts)
    }

    package func log(_ level: LogLevel, _ message: @autoclosure () -> String, _ facts: KeyValuePairs<String, LogValue>)
    {
        guard let sink, level >= self.level else { return }
        sink.write(
            LogRecord(
                milliseconds: now(), level: level, label: label, message: message(),
                fields: fields + facts.map { (name: $0.key, value: $0.value) }))
    }

    package static let wallClock: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// Writes each record to standard error at once; for programs that run in the foreground.
package struct StandardErrorSink: LogSink {
    package init() {}

    package func write(_ record: LogRecord) {
        let line = record.line
        _ = line.withUnsafeBytes { Glibc.write(2, $0.baseAddress!, $0.count) }
    }
}
