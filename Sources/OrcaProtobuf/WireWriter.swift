/// Writes the protobuf wire format. `singular` forms leave out default values, as proto3 does.
package struct WireWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(reserving capacity: Int = 128) {
        bytes.reserveCapacity(capacity)
    }

    /// Writes a scalar unless it has its default value.
    package mutating func singular<K: ProtoKind>(_ kind: K.Type, _ number: Int, _ value: K.Value) {
        if !K.isDefault(value) { field(kind, number, value) }
    }

    /// Writes a scalar that has presence: also its default value, but not `nil`.
    package mutating func optional<K: ProtoKind>(_ kind: K.Type, _ number: Int, _ value: K.Value?) {
        if let value { field(kind, number, value) }
    }

    /// Writes a scalar in any case.
    package mutating func field<K: ProtoKind>(_ kind: K.Type, _ number: Int, _ value: K.Value) {
        tag(number, K.wireType)
        K.write(value, to: &self)
    }

    /// Writes the elements one by one, or packed when their kind allows.
    package mutating func repeated<K: ProtoKind>(_ kind: K.Type, _ number: Int, _ values: [K.Value]) {
        guard !values.isEmpty else { return }
        if K.wireType == .lengthDelimited {
            for value in values { field(kind, number, value) }
        } else {
            tag(number, .lengthDelimited)
            delimited { writer in
                for value in values { K.write(value, to: &writer) }
            }
        }
    }

    package mutating func message<M: ProtoWritable>(_ number: Int, _ value: M?) {
        if let value { message(number, value) }
    }

    package mutating func message<M: ProtoWritable>(_ number: Int, _ value: M) {
        tag(number, .lengthDelimited)
        delimited { writer in value.write(to: &writer) }
    }

    package mutating func messages<M: ProtoWritable>(_ number: Int, _ values: [M]) {
        for value in values { message(number, value) }
    }

    /// Writes a map, sorted by key, so that equal messages have equal bytes.
    package mutating func map<K: ProtoKind, V: ProtoKind>(
        _ key: K.Type, _ value: V.Type, _ number: Int, _ map: [K.Value: V.Value]
    ) where K.Value: Hashable & Comparable {
        guard !map.isEmpty else { return }
        for (entryKey, entryValue) in map.sorted(by: { $0.key < $1.key }) {
            tag(number, .lengthDelimited)
            delimited { writer in
                writer.field(K.self, 1, entryKey)
                writer.field(V.self, 2, entryValue)
            }
        }
    }

    /// Fields that were read and not known.
    package mutating func unknown(_ fields: [UInt8]) {
        bytes.append(contentsOf: fields)
    }

    // MARK: Steps

    mutating func tag(_ number: Int, _ type: WireType) {
        varint(UInt64(number) << 3 | UInt64(type.rawValue))
    }

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func littleEndian(_ value: UInt64, count: Int) {
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    mutating func data(_ value: some Collection<UInt8>) {
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// Writes the length of what `body` writes in front of it. One byte is set aside for it; longer ones move the body.
    mutating func delimited(_ body: (inout WireWriter) -> Void) {
        let start = bytes.count
        bytes.append(0)
        body(&self)
        let count = bytes.count - start - 1
        guard count >= 0x80 else {
            bytes[start] = UInt8(count)
            return
        }
        var length = WireWriter(reserving: 8)
        length.varint(UInt64(count))
        bytes.replaceSubrange(start...start, with: length.bytes)
    }
}
