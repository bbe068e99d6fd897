package import OrcaSupport

/// What generated messages write their JSON members with.
extension JSONWriter {
    package mutating func field<K: ProtoKind>(_ kind: K.Type, _ name: StaticString, _ value: K.Value) {
        key(name)
        K.writeJSON(value, to: &self)
    }

    package mutating func optional<K: ProtoKind>(_ kind: K.Type, _ name: StaticString, _ value: K.Value?) {
        if let value { field(kind, name, value) }
    }

    package mutating func repeated<K: ProtoKind>(_ kind: K.Type, _ name: StaticString, _ values: [K.Value]) {
        key(name)
        beginArray()
        for value in values { K.writeJSON(value, to: &self) }
        endArray()
    }

    package mutating func message<M: ProtoMessage>(_ name: StaticString, _ value: M?) {
        guard let value else { return }
        key(name)
        value.writeJSON(to: &self)
    }

    package mutating func messages<M: ProtoMessage>(_ name: StaticString, _ values: [M]) {
        key(name)
        beginArray()
        for value in values { value.writeJSON(to: &self) }
        endArray()
    }

    /// Sorted by key, so that equal messages have equal text.
    package mutating func map<K: ProtoKind, V: ProtoKind>(
        _ key: K.Type, _ value: V.Type, _ name: StaticString, _ map: [K.Value: V.Value]
    ) where K.Value: Hashable & Comparable {
        self.key(name)
        beginObject()
        for (entryKey, entryValue) in map.sorted(by: { $0.key < $1.key }) {
            self.key(K.text(entryKey))
            V.writeJSON(entryValue, to: &self)
        }
        endObject()
    }
}
