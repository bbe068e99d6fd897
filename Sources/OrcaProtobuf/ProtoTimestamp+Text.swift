/// The text form: RFC 3339 in UTC with 0, 3, 6 or 9 digits of a second.
extension ProtoTimestamp {
    static let secondsMin: Int64 = -62_135_596_800
    static let secondsMax: Int64 = 253_402_300_799

    package var text: String {
        let clamped = min(max(seconds, Self.secondsMin), Self.secondsMax)
        let dayNumber = clamped >= 0 ? clamped / 86_400 : (clamped - 86_399) / 86_400
        let second = Int(clamped - dayNumber * 86_400)
        let date = Self.date(daysSince1970: dayNumber)
        var text = Self.padded(date.year, 4) + "-" + Self.padded(date.month, 2) + "-" + Self.padded(date.day, 2)
        text += "T" + Self.padded(second / 3600, 2) + ":" + Self.padded(second / 60 % 60, 2)
        text += ":" + Self.padded(second % 60, 2)
        let fraction = Int(min(max(nanos, 0), 999_999_999))
        if fraction == 0 { return text + "Z" }
        if fraction % 1_000_000 == 0 { return text + "." + Self.padded(fraction / 1_000_000, 3) + "Z" }
        if fraction % 1000 == 0 { return text + "." + Self.padded(fraction / 1000, 6) + "Z" }
        return text + "." + Self.padded(fraction, 9) + "Z"
    }

    /// Reads `2026-01-31T12:00:00.5Z`; an offset such as `+02:00` is taken into account.
    package init(text: String) throws(ProtoError) {
        var parser = Parser(rest: Array(text.utf8)[...])
        guard let moment = parser.moment() else {
            throw ProtoError(.wrongType, "expected a time like 2026-01-31T12:00:00Z, found \"\(text)\"")
        }
        guard moment.seconds >= Self.secondsMin, moment.seconds <= Self.secondsMax else {
            throw ProtoError(.outOfRange, "the time is outside the years 0001 to 9999")
        }
        self = moment
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Proleptic Gregorian calendar. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
    private static func date(daysSince1970: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = Int(daysSince1970) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// Source: as above, days_from_civil.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func daysIn(month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    private struct Parser {
        var rest: ArraySlice<UInt8>

        mutating func moment() -> ProtoTimestamp? {
            guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2),
                take("T") || take("t"), let hour = digits(2), take(":"), let minute = digits(2), take(":"),
                let second = digits(2), (1...12).contains(month), (1...daysIn(month: month, of: year)).contains(day),
                hour < 24, minute < 60, second < 60, year > 0, let nanos = fraction(), let offset = offset(),
                rest.isEmpty
            else { return nil }
            let days = days(year: year, month: month, day: day)
            let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
            return ProtoTimestamp(seconds: Int64(seconds), nanos: nanos)
        }

        private mutating func fraction() -> Int32? {
            guard take(".") else { return 0 }
            var value: Int32 = 0
            var count = 0
            while let digit = rest.first, digit >= 0x30, digit <= 0x39 {
                guard count < 9 else { return nil }
                value = value * 10 + Int32(digit - 0x30)
                count += 1
                rest.removeFirst()
            }
            guard count > 0 else { return nil }
            for _ in count..<9 { value *= 10 }
            return value
        }

        /// Seconds east of UTC.
        private mutating func offset() -> Int? {
            if take("Z") || take("z") { return 0 }
            let sign = take("+") ? 1 : take("-") ? -1 : 0
            guard sign != 0, let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60 else {
                return nil
            }
            return sign * (hours * 3600 + minutes * 60)
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        private mutating func digits(_ count: Int) -> Int? {
            guard rest.count >= count else { return nil }
            var value = 0
            for _ in 0..<count {
                let digit = rest.removeFirst()
                guard digit >= 0x30, digit <= 0x39 else { return nil }
                value = value * 10 + Int(digit - 0x30)
            }
            return value
        }
    }
}
