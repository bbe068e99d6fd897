package import OrcaSupport

/// Proto kind `int32`.
package enum ProtoInt32: ProtoIntegerKind {
    package static var wireType: WireType { .varint }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> Int32 { try reader.int32() }
    package static func write(_ value: Int32, to writer: inout WireWriter) {
        writer.varint(UInt64(bitPattern: Int64(value)))
    }
    package static func writeJSON(_ value: Int32, to writer: inout JSONWriter) { writer.integer(Int64(value)) }
}

/// Proto kind `int64`.
package enum ProtoInt64: ProtoIntegerKind {
    package static var wireType: WireType { .varint }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> Int64 { try reader.int64() }
    package static func write(_ value: Int64, to writer: inout WireWriter) {
        writer.varint(UInt64(bitPattern: value))
    }
    package static func writeJSON(_ value: Int64, to writer: inout JSONWriter) { writer.quotedInteger(value) }
}

/// Proto kind `uint32`.
package enum ProtoUInt32: ProtoIntegerKind {
    package static var wireType: WireType { .varint }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> UInt32 { try reader.uint32() }
    package static func write(_ value: UInt32, to writer: inout WireWriter) {
        writer.varint(UInt64(value))
    }
    package static func writeJSON(_ value: UInt32, to writer: inout JSONWriter) { writer.integer(Int64(value)) }
}

/// Proto kind `uint64`.
package enum ProtoUInt64: ProtoIntegerKind {
    package static var wireType: WireType { .varint }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> UInt64 { try reader.uint64() }
    package static func write(_ value: UInt64, to writer: inout WireWriter) {
        writer.varint(value)
    }
    package static func writeJSON(_ value: UInt64, to writer: inout JSONWriter) { writer.quotedInteger(value) }
}

/// Proto kind `sint32`.
package enum ProtoSInt32: ProtoIntegerKind {
    package static var wireType: WireType { .varint }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> Int32 { try reader.sint32() }
    package static func write(_ value: Int32, to writer: inout WireWriter) {
        writer.varint(UInt64(UInt32(bitPattern: value << 1 ^ value >> 31)))
    }
    package static func writeJSON(_ value: Int32, to writer: inout JSONWriter) { writer.integer(Int64(value)) }
}

/// Proto kind `sint64`.
package enum ProtoSInt64: ProtoIntegerKind {
    package static var wireType: WireType { .varint }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> Int64 { try reader.sint64() }
    package static func write(_ value: Int64, to writer: inout WireWriter) {
        writer.varint(UInt64(bitPattern: value << 1 ^ value >> 63))
    }
    package static func writeJSON(_ value: Int64, to writer: inout JSONWriter) { writer.quotedInteger(value) }
}

/// Proto kind `fixed32`.
package enum ProtoFixed32: ProtoIntegerKind {
    package static var wireType: WireType { .fixed32 }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> UInt32 { try reader.fixed32() }
    package static func write(_ value: UInt32, to writer: inout WireWriter) {
        writer.littleEndian(UInt64(value), count: 4)
    }
    package static func writeJSON(_ value: UInt32, to writer: inout JSONWriter) { writer.integer(Int64(value)) }
}

/// Proto kind `fixed64`.
package enum ProtoFixed64: ProtoIntegerKind {
    package static var wireType: WireType { .fixed64 }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> UInt64 { try reader.fixed64() }
    package static func write(_ value: UInt64, to writer: inout WireWriter) {
        writer.littleEndian(value, count: 8)
    }
    package static func writeJSON(_ value: UInt64, to writer: inout JSONWriter) { writer.quotedInteger(value) }
}

/// Proto kind `sfixed32`.
package enum ProtoSFixed32: ProtoIntegerKind {
    package static var wireType: WireType { .fixed32 }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> Int32 { try reader.sfixed32() }
    package static func write(_ value: Int32, to writer: inout WireWriter) {
        writer.littleEndian(UInt64(UInt32(bitPattern: value)), count: 4)
    }
    package static func writeJSON(_ value: Int32, to writer: inout JSONWriter) { writer.integer(Int64(value)) }
}

/// Proto kind `sfixed64`.
package enum ProtoSFixed64: ProtoIntegerKind {
    package static var wireType: WireType { .fixed64 }
    package static func read(from reader: inout WireReader) throws(ProtoError) -> Int64 { try reader.sfixed64() }
    package static func write(_ value: Int64, to writer: inout WireWriter) {
        writer.littleEndian(UInt64(bitPattern: value), count: 8)
    }
    package static func writeJSON(_ value: Int64, to writer: inout JSONWriter) { writer.quotedInteger(value) }
}

/// What all kinds of whole numbers share.
package protocol ProtoIntegerKind: ProtoKind where Value: FixedWidthInteger {}

extension ProtoIntegerKind {
    package static var defaultValue: Value { 0 }

    package static func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) -> Value {
        try reader.integer()
    }

    package static func read(text: String) throws(ProtoError) -> Value {
        guard let value = Value(decimal: text.utf8) else {
            throw ProtoError(.wrongType, "expected a whole number of \(Value.bitWidth) bits, found \"\(text)\"")
        }
        return value
    }

    package static func text(_ value: Value) -> String { String(value) }
}
