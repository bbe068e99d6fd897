/// Collects the fields of a request as path and query parameters. Fields with default values are left out.
package struct ParameterWriter: Sendable {
    package private(set) var values: [(name: String, value: String)] = []

    package init() {}

    package mutating func singular<K: ProtoKind>(_ kind: K.Type, _ name: String, _ value: K.Value) {
        if !K.isDefault(value) { values.append((name, K.text(value))) }
    }

    package mutating func optional<K: ProtoKind>(_ kind: K.Type, _ name: String, _ value: K.Value?) {
        if let value { values.append((name, K.text(value))) }
    }

    package mutating func repeated<K: ProtoKind>(_ kind: K.Type, _ name: String, _ list: [K.Value]) {
        for value in list { values.append((name, K.text(value))) }
    }

    package mutating func timestamp(_ name: String, _ value: ProtoTimestamp?) {
        if let value { values.append((name, value.text)) }
    }
}
