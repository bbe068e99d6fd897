import OrcaProtobuf

/// Times of messages for people.
enum Clock {
    /// `in 4m 10s`, `3s ago`, `now`.
    static func relative(_ time: ProtoTimestamp?, now: Int64) -> String {
        guard let time else { return "" }
        let difference = time.milliseconds - now
        if abs(difference) < 1000 { return "now" }
        return difference > 0
            ? "in " + DurationText.text(milliseconds: difference)
            : DurationText.text(milliseconds: -difference) + " ago"
    }

    /// `2030-01-31 08:00:00 (3s ago)`
    static func full(_ time: ProtoTimestamp?, now: Int64) -> String? {
        time.map { TimeText.utc(milliseconds: $0.milliseconds) + " UTC (" + relative($0, now: now) + ")" }
    }

    /// The time of day, UTC.
    static func ofDay(_ time: ProtoTimestamp?) -> String {
        guard let time else { return "" }
        let day: Int64 = 86_400
        return TimeText.clock((time.seconds % day + day) % day)
    }

    /// From one time to another, or to now.
    static func span(_ start: ProtoTimestamp?, _ end: ProtoTimestamp?, now: Int64) -> String {
        guard let start else { return "" }
        return DurationText.text(milliseconds: (end?.milliseconds ?? now) - start.milliseconds)
    }
}
