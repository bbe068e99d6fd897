/// Points in time as people write and read them: RFC 3339, UTC when printed.
package enum TimeText {
    /// Whether `milliseconds(_:now:)` would accept it.
    package static func isWellFormed(_ text: String) -> Bool { milliseconds(text, now: 0) != nil }

    /// Milliseconds since 1970 of an RFC 3339 time, or of `+` and a duration after `now`.
    package static func milliseconds(_ text: String, now: Int64) -> Int64? {
        if text.hasPrefix("+") { return DurationText.milliseconds(String(text.dropFirst())).map { now + $0 } }
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[13] == 0x3A, bytes[16] == 0x3A,
            [0x54, 0x74, 0x20].contains(bytes[10]),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            (1...12).contains(month), (1...daysIn(month, year)).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var at = 19
        guard let fraction = fraction(bytes, &at), let offset = offset(bytes, at) else { return nil }
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        return seconds * 1000 + fraction
    }

    /// `2030-01-31 08:00:00`, in UTC.
    package static func utc(milliseconds: Int64) -> String {
        let seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
        let dayNumber = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let (year, month, day) = date(dayNumber)
        let rest = seconds - dayNumber * 86_400
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2)) \(clock(rest))"
    }

    /// `08:00:00` of a number of seconds since midnight.
    package static func clock(_ seconds: Int64) -> String {
        "\(pad(seconds / 3600 % 24, 2)):\(pad(seconds % 3600 / 60, 2)):\(pad(seconds % 60, 2))"
    }

    private static func fraction(_ bytes: [UInt8], _ at: inout Int) -> Int64? {
        guard at < bytes.count, bytes[at] == 0x2E else { return 0 }
        at += 1
        var value: Int64 = 0
        var digits = 0
        while at < bytes.count, (0x30...0x39).contains(bytes[at]) {
            if digits < 3 { value = value * 10 + Int64(bytes[at] - 0x30) }
            digits += 1
            at += 1
        }
        guard digits > 0 else { return nil }
        for _ in 0..<max(0, 3 - digits) { value *= 10 }
        return value
    }

    private static func offset(_ bytes: [UInt8], _ at: Int) -> Int64? {
        guard at < bytes.count else { return nil }
        if bytes[at] == 0x5A || bytes[at] == 0x7A { return at + 1 == bytes.count ? 0 : nil }
        guard bytes[at] == 0x2B || bytes[at] == 0x2D, at + 6 == bytes.count, bytes[at + 3] == 0x3A,
            let hours = number(bytes[(at + 1)..<(at + 3)]), let minutes = number(bytes[(at + 4)...]),
            hours < 24, minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (bytes[at] == 0x2D ? -1 : 1)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        var value: Int64 = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        return value
    }

    private static func daysIn(_ month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // Days since 1970 in the proleptic Gregorian calendar, counting years from March (Howard Hinnant,
    // "chrono-Compatible Low-Level Date Algorithms").
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(_ dayNumber: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let z = dayNumber + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
