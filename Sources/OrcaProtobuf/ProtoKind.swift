package import OrcaSupport

/// One of the kinds of values a field can have: how it stands on the wire and in JSON.
package protocol ProtoKind {
    associatedtype Value: Sendable

    static var wireType: WireType { get }
    static var defaultValue: Value { get }
    static func isDefault(_ value: Value) -> Bool
    static func read(from reader: inout WireReader) throws(ProtoError) -> Value
    static func write(_ value: Value, to writer: inout WireWriter)
    static func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) -> Value
    static func writeJSON(_ value: Value, to writer: inout JSONWriter)
    /// Reads the text of a map key, a path segment or a query parameter.
    static func read(text: String) throws(ProtoError) -> Value
    /// Writes the text of a map key, a path segment or a query parameter.
    static func text(_ value: Value) -> String
}

extension ProtoKind where Value: Equatable {
    package static func isDefault(_ value: Value) -> Bool { value == defaultValue }
}

extension ProtoKind {
    package static func read(text: String) throws(ProtoError) -> Value {
        throw ProtoError(.wrongType, "a field of this kind cannot be written as text")
    }

    package static func text(_ value: Value) -> String { "" }
}

/// An entry of a map: a message with the key as field 1 and the value as field 2.
struct MapEntry<K: ProtoKind, V: ProtoKind>: ProtoDecodable where K.Value: Sendable, V.Value: Sendable {
    var key = K.defaultValue
    var value = V.defaultValue

    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: key = try K.read(from: &reader)
        case 2: value = try V.read(from: &reader)
        default: try reader.skip()
        }
    }

    static func fieldName(_ number: Int) -> String {
        switch number {
        case 1: "key"
        case 2: "value"
        default: "field \(number)"
        }
    }
}
