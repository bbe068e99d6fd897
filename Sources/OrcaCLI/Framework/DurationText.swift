/// Durations as people write them on a command line.
package enum DurationText {
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Milliseconds of `500ms`, `30s`, `5m`, `2h`, `1d`, `1h30m` or a bare number of seconds; `nil` for anything
    /// else, for negative ones and for more than ten years.
    package static func milliseconds(_ text: String) -> Int64? {
        if let seconds = Int64(text) { return bounded(seconds.multipliedReportingOverflow(by: 1000)) }
        var total: Int64 = 0
        var rest = text[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let count = Int64(digits) else { return nil }
            rest = rest.dropFirst(digits.count)
            let suffix = String(rest.prefix { $0.isLetter })
            guard let unit = units.first(where: { $0.suffix == suffix }),
                let part = bounded(count.multipliedReportingOverflow(by: unit.milliseconds)),
                let sum = bounded(total.addingReportingOverflow(part))
            else { return nil }
            rest = rest.dropFirst(suffix.count)
            total = sum
        }
        return text.isEmpty ? nil : total
    }

    /// `3s`, `4m 10s`, `2h 5m`, `3d 4h`: the two largest units, for people.
    package static func text(milliseconds: Int64) -> String {
        let seconds = max(milliseconds, 0) / 1000
        switch seconds {
        case 0: return milliseconds > 0 ? "\(milliseconds)ms" : "0s"
        case ..<60: return "\(seconds)s"
        case ..<3600: return join(seconds / 60, "m", seconds % 60, "s")
        case ..<86_400: return join(seconds / 3600, "h", seconds % 3600 / 60, "m")
        default: return join(seconds / 86_400, "d", seconds % 86_400 / 3600, "h")
        }
    }

    private static func join(_ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String) -> String {
        small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit) \(small)\(smallUnit)"
    }

    private static func bounded(_ result: (partialValue: Int64, overflow: Bool)) -> Int64? {
        let tenYears: Int64 = 3650 * 86_400_000
        return result.overflow || result.partialValue < 0 || result.partialValue > tenYears ? nil : result.partialValue
    }
}
