/// Reads the protobuf wire format from bytes.
package struct WireReader: Sendable {
    private let bytes: [UInt8]
    package private(set) var position = 0
    /// Where the message being read ends.
    private var end: Int
    private var depth = 0
    private let depthMax: Int
    /// The field being read.
    private(set) var type = WireType.varint
    private var tagStart = 0

    package init(_ bytes: [UInt8], depthMax: Int = 100) {
        self.bytes = bytes
        self.end = bytes.count
        self.depthMax = depthMax
    }

    /// Reads fields until the message ends.
    package mutating func readFields<M: ProtoDecodable>(into message: inout M) throws(ProtoError) {
        while position < end {
            tagStart = position
            let number = try readTag()
            do {
                try message.merge(field: number, from: &self)
            } catch {
                throw error.inside(M.fieldName(number))
            }
        }
    }

    private mutating func readTag() throws(ProtoError) -> Int {
        let tag = try varint()
        guard tag <= UInt64(UInt32.max), let type = WireType(rawValue: UInt8(tag & 7)), tag >> 3 != 0 else {
            throw ProtoError(.malformed, "not a field tag", offset: tagStart)
        }
        guard type != .endGroup else {
            throw ProtoError(.malformed, "the end of a group that never began", offset: tagStart)
        }
        self.type = type
        return Int(tag >> 3)
    }

    // MARK: Fields this version does not know

    /// Moves over the field and keeps its bytes, tag included.
    package mutating func keep(in unknown: inout [UInt8]) throws(ProtoError) {
        let start = tagStart
        try skip()
        unknown.append(contentsOf: bytes[start..<position])
    }

    /// Moves over the field.
    package mutating func skip() throws(ProtoError) {
        switch type {
        case .varint: _ = try varint()
        case .fixed64: try advance(8)
        case .fixed32: try advance(4)
        case .lengthDelimited: try advance(try length())
        case .startGroup: try skipGroup()
        case .endGroup: throw malformed("the end of a group that never began")
        }
    }

    private mutating func skipGroup() throws(ProtoError) {
        depth += 1
        guard depth <= depthMax else { throw ProtoError(.tooDeep, "more than \(depthMax) levels", offset: position) }
        while true {
            let tag = try varint()
            guard let type = WireType(rawValue: UInt8(tag & 7)), tag >> 3 != 0 else {
                throw malformed("not a field tag")
            }
            if type == .endGroup { break }
            self.type = type
            try skip()
        }
        depth -= 1
    }

    // MARK: Scalars

    package mutating func int32() throws(ProtoError) -> Int32 { Int32(truncatingIfNeeded: try varintField()) }
    package mutating func int64() throws(ProtoError) -> Int64 { Int64(bitPattern: try varintField()) }
    package mutating func uint32() throws(ProtoError) -> UInt32 { UInt32(truncatingIfNeeded: try varintField()) }
    package mutating func uint64() throws(ProtoError) -> UInt64 { try varintField() }
    package mutating func bool() throws(ProtoError) -> Bool { try varintField() != 0 }

    package mutating func sint32() throws(ProtoError) -> Int32 {
        let value = UInt32(truncatingIfNeeded: try varintField())
        return Int32(bitPattern: value >> 1) ^ -Int32(value & 1)
    }

    package mutating func sint64() throws(ProtoError) -> Int64 {
        let value = try varintField()
        return Int64(bitPattern: value >> 1) ^ -Int64(value & 1)
    }

    package mutating func fixed32() throws(ProtoError) -> UInt32 {
        try require(.fixed32)
        return UInt32(truncatingIfNeeded: try littleEndian(4))
    }

    package mutating func fixed64() throws(ProtoError) -> UInt64 {
        try require(.fixed64)
        return try littleEndian(8)
    }

    package mutating func sfixed32() throws(ProtoError) -> Int32 { Int32(bitPattern: try fixed32()) }
    package mutating func sfixed64() throws(ProtoError) -> Int64 { Int64(bitPattern: try fixed64()) }
    package mutating func float() throws(ProtoError) -> Float { Float(bitPattern: try fixed32()) }
    package mutating func double() throws(ProtoError) -> Double { Double(bitPattern: try fixed64()) }

    package mutating func enumeration<E: ProtoEnum>() throws(ProtoError) -> E { E(rawValue: try int32()) }

    package mutating func string() throws(ProtoError) -> String {
        let range = try delimited()
        let text = bytes.withUnsafeBufferPointer {
            String(validating: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
        }
        guard let text else { throw ProtoError(.invalidUTF8, "not UTF-8", offset: range.lowerBound) }
        return text
    }

    package mutating func data() throws(ProtoError) -> [UInt8] { Array(bytes[try delimited()]) }

    // MARK: Messages, lists, maps

    /// Reads a message into one that may have been read in part already.
    package mutating func message<M: ProtoDecodable>(into message: inout M) throws(ProtoError) {
        try require(.lengthDelimited)
        let count = try length()
        let outer = end
        depth += 1
        guard depth <= depthMax else { throw ProtoError(.tooDeep, "more than \(depthMax) levels", offset: position) }
        end = position + count
        try readFields(into: &message)
        end = outer
        depth -= 1
    }

    package mutating func message<M: ProtoDecodable>(into message: inout M?) throws(ProtoError) {
        var value = message ?? M()
        try self.message(into: &value)
        message = value
    }

    package mutating func message<M: ProtoDecodable>() throws(ProtoError) -> M {
        var value = M()
        try message(into: &value)
        return value
    }

    package mutating func append<M: ProtoDecodable>(to list: inout [M]) throws(ProtoError) {
        do {
            list.append(try message())
        } catch {
            throw error.inside(index: list.count)
        }
    }

    /// Appends one element, or all elements of a packed run.
    package mutating func append<K: ProtoKind>(_ kind: K.Type, to list: inout [K.Value]) throws(ProtoError) {
        guard type == .lengthDelimited, K.wireType != .lengthDelimited else {
            list.append(try K.read(from: &self))
            return
        }
        let count = try length()
        let stop = position + count
        let outer = end
        end = stop
        type = K.wireType
        while position < stop { list.append(try K.read(from: &self)) }
        end = outer
        type = .lengthDelimited
    }

    package mutating func insert<K: ProtoKind, V: ProtoKind>(
        _ key: K.Type, _ value: V.Type, into map: inout [K.Value: V.Value]
    ) throws(ProtoError) where K.Value: Hashable {
        let entry: MapEntry<K, V> = try message()
        map[entry.key] = entry.value
    }

    // MARK: Steps

    /// Refuses a field whose wire type is not the one its kind is written with.
    private func require(_ wanted: WireType) throws(ProtoError) {
        guard type == wanted else {
            throw ProtoError(.wrongType, "expected \(wanted), found \(type)", offset: position)
        }
    }

    private mutating func varintField() throws(ProtoError) -> UInt64 {
        try require(.varint)
        return try varint()
    }

    private mutating func varint() throws(ProtoError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                guard shift < 63 || byte <= 1 else { throw malformed("a number of more than 64 bits") }
                return value
            }
            shift += 7
            guard shift <= 63 else { throw malformed("a number of more than 64 bits") }
        }
        throw truncated()
    }

    private mutating func littleEndian(_ count: Int) throws(ProtoError) -> UInt64 {
        guard end - position >= count else { throw truncated() }
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
        position += count
        return value
    }

    private mutating func length() throws(ProtoError) -> Int {
        let value = try varint()
        guard value <= UInt64(end - position) else { throw truncated() }
        return Int(value)
    }

    private mutating func delimited() throws(ProtoError) -> Range<Int> {
        try require(.lengthDelimited)
        let count = try length()
        position += count
        return position - count..<position
    }

    private mutating func advance(_ count: Int) throws(ProtoError) {
        guard end - position >= count else { throw truncated() }
        position += count
    }

    private func truncated() -> ProtoError { ProtoError(.truncated, "the bytes end too early", offset: position) }
    private func malformed(_ message: String) -> ProtoError { ProtoError(.malformed, message, offset: position) }
}
