package import OrcaSupport

/// `google.protobuf.Timestamp`: a moment in UTC, from 0001-01-01 to 9999-12-31.
public struct ProtoTimestamp: ProtoMessage, Sendable, Hashable, Comparable {
    /// Since 1970-01-01T00:00:00Z; negative before it.
    public var seconds: Int64 = 0
    /// 0 to 999999999, forward in time also before 1970.
    public var nanos: Int32 = 0

    public init() {}

    public init(seconds: Int64, nanos: Int32 = 0) {
        self.seconds = seconds
        self.nanos = nanos
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) {
        let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        seconds = remainder < 0 ? quotient - 1 : quotient
        nanos = Int32((remainder < 0 ? remainder + 1000 : remainder) * 1_000_000)
    }

    /// Rounded down; clamped to the range of the type.
    public var milliseconds: Int64 {
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, carry) = scaled.addingReportingOverflow(Int64(nanos / 1_000_000))
        return carry ? .max : sum
    }

    public static func < (left: ProtoTimestamp, right: ProtoTimestamp) -> Bool {
        (left.seconds, left.nanos) < (right.seconds, right.nanos)
    }

    package static let protoMessageName = "google.protobuf.Timestamp"
    package static let protoFields = ProtoFields([(1, "seconds"), (2, "nanos")])

    package mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: seconds = try reader.int64()
        case 2: nanos = try reader.int32()
        default: try reader.skip()
        }
    }

    package func write(to writer: inout WireWriter) {
        writer.singular(ProtoInt64.self, 1, seconds)
        writer.singular(ProtoInt32.self, 2, nanos)
    }

    package mutating func mergeJSON(field number: Int, from reader: inout ProtoJSONReader) throws(ProtoError) {
        // Never called: the JSON form is a string, read below.
    }

    package mutating func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) {
        let offset = reader.json.position
        do {
            self = try ProtoTimestamp(text: try reader.string())
        } catch {
            var located = error
            located.offset = offset
            throw located
        }
    }

    package func writeJSON(to writer: inout JSONWriter) {
        writer.string(text)
    }
}
