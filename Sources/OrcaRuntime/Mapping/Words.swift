import OrcaDomain
import OrcaProtobuf

/// Enums have the same words in the domain and in the API; this is the bridge between them.
enum Words {
    /// The API's value for a domain value. A test holds all domain values against the protos.
    static func api<Wire: ProtoEnum>(_ value: some RawRepresentable<String>) -> Wire {
        Wire(protoName: value.rawValue) ?? Wire(rawValue: 0)
    }

    /// The domain's value for what a client sent; `standard` when it sent nothing.
    static func domain<Value: RawRepresentable<String>>(
        _ wire: some ProtoEnum, or standard: Value, field: String
    ) throws -> Value {
        if wire.rawValue == 0 { return standard }
        guard let value = Value(rawValue: wire.protoName) else {
            throw DomainError(
                .invalidArgument, "\(wire.protoName) is no value for \(field).", details: ["field": field])
        }
        return value
    }

    static func optional<Value: RawRepresentable<String>>(_ wire: some ProtoEnum, field: String) throws -> Value? {
        if wire.rawValue == 0 { return nil }
        guard let value = Value(rawValue: wire.protoName) else {
            throw DomainError(
                .invalidArgument, "\(wire.protoName) is no value for \(field).", details: ["field": field])
        }
        return value
    }
}

extension ProtoTimestamp {
    init(_ time: Timestamp) { self.init(milliseconds: time.milliseconds) }
}

extension Timestamp {
    init(_ time: ProtoTimestamp) { self.init(milliseconds: time.milliseconds) }
}

extension Int32 {
    /// Zero means "not said" in requests.
    var nonZero: Int? { self == 0 ? nil : Int(self) }
}
