package import OrcaSupport

/// Proto kind `string`.
package enum ProtoString: ProtoKind {
    package static var wireType: WireType { .lengthDelimited }
    package static var defaultValue: String { "" }
    package static func isDefault(_ value: String) -> Bool { value.isEmpty }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> String { try reader.string() }
    package static func write(_ value: String, to writer: inout WireWriter) { writer.data(value.utf8) }
    package static func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) -> String {
        try reader.string()
    }
    package static func writeJSON(_ value: String, to writer: inout JSONWriter) { writer.string(value) }
    package static func read(text: String) throws(ProtoError) -> String { text }
    package static func text(_ value: String) -> String { value }
}

/// Proto kind `bytes`; base64 in JSON.
package enum ProtoBytes: ProtoKind {
    package static var wireType: WireType { .lengthDelimited }
    package static var defaultValue: [UInt8] { [] }
    package static func isDefault(_ value: [UInt8]) -> Bool { value.isEmpty }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> [UInt8] { try reader.data() }
    package static func write(_ value: [UInt8], to writer: inout WireWriter) { writer.data(value) }

    package static func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) -> [UInt8] {
        try read(text: try reader.string())
    }

    package static func writeJSON(_ value: [UInt8], to writer: inout JSONWriter) {
        writer.string(Base64.encode(value))
    }

    package static func read(text: String) throws(ProtoError) -> [UInt8] {
        guard let value = Base64.decode(text) else { throw ProtoError(.wrongType, "expected base64") }
        return value
    }

    package static func text(_ value: [UInt8]) -> String { Base64.encode(value) }
}

/// Proto kind `bool`.
package enum ProtoBool: ProtoKind {
    package static var wireType: WireType { .varint }
    package static var defaultValue: Bool { false }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> Bool { try reader.bool() }
    package static func write(_ value: Bool, to writer: inout WireWriter) { writer.varint(value ? 1 : 0) }
    package static func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) -> Bool { try reader.bool() }
    package static func writeJSON(_ value: Bool, to writer: inout JSONWriter) { writer.bool(value) }

    package static func read(text: String) throws(ProtoError) -> Bool {
        switch text {
        case "true", "1": return true
        case "false", "0": return false
        default: throw ProtoError(.wrongType, "expected true or false, found \"\(text)\"")
        }
    }

    package static func text(_ value: Bool) -> String { value ? "true" : "false" }
}

/// Proto kind `double`.
package enum ProtoDouble: ProtoKind {
    package static var wireType: WireType { .fixed64 }
    package static var defaultValue: Double { 0 }
    /// Negative zero is not the default.
    package static func isDefault(_ value: Double) -> Bool { value.bitPattern == 0 }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> Double { try reader.double() }
    package static func write(_ value: Double, to writer: inout WireWriter) {
        writer.littleEndian(value.bitPattern, count: 8)
    }
    package static func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) -> Double {
        try reader.double()
    }
    package static func writeJSON(_ value: Double, to writer: inout JSONWriter) { writer.number(value) }

    package static func read(text: String) throws(ProtoError) -> Double {
        guard let value = Double(text) else { throw ProtoError(.wrongType, "expected a number, found \"\(text)\"") }
        return value
    }

    package static func text(_ value: Double) -> String { value.description }
}

/// Proto kind `float`.
package enum ProtoFloat: ProtoKind {
    package static var wireType: WireType { .fixed32 }
    package static var defaultValue: Float { 0 }
    package static func isDefault(_ value: Float) -> Bool { value.bitPattern == 0 }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> Float { try reader.float() }
    package static func write(_ value: Float, to writer: inout WireWriter) {
        writer.littleEndian(UInt64(value.bitPattern), count: 4)
    }
    package static func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) -> Float { try reader.float() }
    package static func writeJSON(_ value: Float, to writer: inout JSONWriter) { writer.number(value) }

    package static func read(text: String) throws(ProtoError) -> Float {
        guard let value = Float(text) else { throw ProtoError(.wrongType, "expected a number, found \"\(text)\"") }
        return value
    }

    package static func text(_ value: Float) -> String { value.description }
}

/// Proto kind of an enum; its name in JSON.
package enum ProtoEnumeration<E: ProtoEnum>: ProtoKind {
    package static var wireType: WireType { .varint }
    package static var defaultValue: E { E() }
    package static func isDefault(_ value: E) -> Bool { value.rawValue == 0 }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> E { try reader.enumeration() }
    package static func write(_ value: E, to writer: inout WireWriter) {
        writer.varint(UInt64(bitPattern: Int64(value.rawValue)))
    }
    package static func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) -> E {
        try reader.enumeration()
    }

    package static func writeJSON(_ value: E, to writer: inout JSONWriter) {
        if let known = E.protoCases.first(where: { $0.value == value }) {
            writer.string(known.name)
        } else {
            writer.integer(Int64(value.rawValue))
        }
    }

    package static func read(text: String) throws(ProtoError) -> E {
        if let value = E(protoName: text) { return value }
        if let number = Int32(decimal: text.utf8) { return E(rawValue: number) }
        throw unknownName(text)
    }

    package static func text(_ value: E) -> String { value.protoName }

    static func unknownName(_ name: String) -> ProtoError {
        let names = E.protoCases.map(\.name).joined(separator: ", ")
        return ProtoError(.unknownEnumName, "\"\(name)\" is none of: \(names)")
    }
}

/// A message as the value of a map.
package enum ProtoMessageKind<M: ProtoMessage>: ProtoKind {
    package static var wireType: WireType { .lengthDelimited }
    package static var defaultValue: M { M() }
    package static func isDefault(_ value: M) -> Bool { false }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> M { try reader.message() }
    package static func write(_ value: M, to writer: inout WireWriter) {
        writer.delimited { writer in value.write(to: &writer) }
    }
    package static func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) -> M {
        var value = M()
        try value.readJSON(from: &reader)
        return value
    }
    package static func writeJSON(_ value: M, to writer: inout JSONWriter) { value.writeJSON(to: &writer) }
}
