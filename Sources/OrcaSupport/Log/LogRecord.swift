import Glibc

/// How much a log record matters.
package enum LogLevel: Int, Sendable, Hashable, Comparable, CaseIterable {
    case debug, info, notice, warning, error

    package var name: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .notice: "notice"
        case .warning: "warning"
        case .error: "error"
        }
    }

    package init?(name: some StringProtocol) {
        guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}

/// A fact in a log record.
package enum LogValue: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    case text(String)
    case number(Int64)
    case flag(Bool)

    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
}

/// One line of the log.
package struct LogRecord: Sendable, Hashable {
    package var milliseconds: Int64
    package var level: LogLevel
    /// Which part of the program says it: `http`, `store`, `worker`.
    package var label: String
    package var message: String
    package var fields: [(name: String, value: LogValue)]

    package init(
        milliseconds: Int64, level: LogLevel, label: String, message: String,
        fields: [(name: String, value: LogValue)] = []
    ) {
        self.milliseconds = milliseconds
        self.level = level
        self.label = label
        self.message = message
        self.fields = fields
    }

    /// One JSON object and a newline: `time`, `level`, `label`, `message`, then the fields in their order.
    package var line: [UInt8] {
        var out = Array("{\"time\":\"\(Self.time(milliseconds))\",\"level\":\"\(level.name)\",\"label\":".utf8)
        Self.quote(label, into: &out)
        out += Array(",\"message\":".utf8)
        Self.quote(message, into: &out)
        for (name, value) in fields {
            out.append(UInt8(ascii: ","))
            Self.quote(name, into: &out)
            out.append(UInt8(ascii: ":"))
            switch value {
            case .text(let text): Self.quote(text, into: &out)
            case .number(let number): out += Array(String(number).utf8)
            case .flag(let flag): out += Array((flag ? "true" : "false").utf8)
            }
        }
        out += [UInt8(ascii: "}"), UInt8(ascii: "\n")]
        return out
    }

    package static func == (left: LogRecord, right: LogRecord) -> Bool { left.line == right.line }
    package func hash(into hasher: inout Hasher) { hasher.combine(line) }

    /// RFC 3339 in UTC with milliseconds.
    package static func time(_ milliseconds: Int64) -> String {
        let below = ((milliseconds % 1000) + 1000) % 1000
        var seconds = time_t((milliseconds - below) / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ number: some BinaryInteger, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
        let clock = "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
        return "\(date)T\(clock).\(padded(below, 3))Z"
    }

    private static func quote(_ text: String, into out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): out += Array("\\n".utf8)
            case 0..<0x20, 0x7f:
                let digits = String(byte, radix: 16)
                out += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
