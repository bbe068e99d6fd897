// Rounding a Double needs libm; a target that imports neither Glibc nor Foundation is not linked with it.
import Glibc
package import OrcaSupport

/// Reads the proto3 JSON mapping. Source: the "ProtoJSON format" page of the protobuf documentation.
package struct ProtoJSONReader: Sendable {
    package var json: JSONReader
    private let unknownFields: UnknownJSONFields

    package init(_ bytes: [UInt8], unknownFields: UnknownJSONFields = .refuse, depthMax: Int = 100) {
        json = JSONReader(bytes, depthMax: depthMax)
        self.unknownFields = unknownFields
    }

    // MARK: Objects

    /// Reads an object's members into the fields of a message. `null` leaves a field as it is.
    package mutating func readObject<M: ProtoMessage>(into message: inout M) throws(ProtoError) {
        try run { json throws(JSONError) in try json.beginObject() }
        let fields = M.protoFields
        var seen: Set<Int> = []
        var first = true
        while let name = try nextKey(&first) {
            guard let number = fields.number(of: name) else {
                guard unknownFields == .skip else {
                    throw ProtoError(
                        .unknownField, "\(M.protoMessageName) has no such field", path: name, offset: json.position)
                }
                try run { json throws(JSONError) in try json.skip() }
                continue
            }
            guard seen.insert(number).inserted else {
                throw ProtoError(.duplicateField, "the field is there twice", path: name, offset: json.position)
            }
            do {
                if try skipNull(for: number, of: M.self) { continue }
                try message.mergeJSON(field: number, from: &self)
            } catch {
                throw error.inside(name)
            }
        }
    }

    /// Moves over `null`, which leaves a field as it is; only a `google.protobuf.Value` takes it as a value.
    private mutating func skipNull<M: ProtoMessage>(for field: Int, of type: M.Type) throws(ProtoError) -> Bool {
        guard try run({ json throws(JSONError) in try json.peek() }) == .null, !M.takesNull(field: field) else {
            return false
        }
        return try run { json throws(JSONError) in try json.skipNull() }
    }

    package mutating func nextKey(_ first: inout Bool) throws(ProtoError) -> String? {
        do { return try json.nextKey(&first) } catch { throw ProtoError(error) }
    }

    /// Refuses a second member of a oneof.
    package func checkUnset(_ isUnset: Bool) throws(ProtoError) {
        guard isUnset else {
            throw ProtoError(.duplicateField, "only one of its group may be set", offset: json.position)
        }
    }

    package mutating func finish() throws(ProtoError) {
        try run { json throws(JSONError) in try json.finish() }
    }

    package mutating func run<R>(_ body: (inout JSONReader) throws(JSONError) -> R) throws(ProtoError) -> R {
        do { return try body(&json) } catch { throw ProtoError(error) }
    }

    // MARK: Values

    package mutating func string() throws(ProtoError) -> String {
        do { return try json.string() } catch { throw ProtoError(error) }
    }

    package mutating func bool() throws(ProtoError) -> Bool {
        do { return try json.bool() } catch { throw ProtoError(error) }
    }

    /// A whole number, as a number or as a string of digits.
    package mutating func integer<I: FixedWidthInteger>() throws(ProtoError) -> I {
        let offset = json.position
        do {
            if try json.peek() == .string {
                let text = try json.string()
                if let value = I(decimal: text.utf8) { return value }
            } else {
                let token = try json.number()
                if token.isInteger, let value = I(decimal: json.text(token).utf8) { return value }
                if !token.isInteger, let value = I(exactly: json.double(token)) { return value }
            }
        } catch {
            throw ProtoError(error)
        }
        throw ProtoError(.outOfRange, "expected a whole number of \(I.bitWidth) bits", offset: offset)
    }

    /// A number, as a number or as a string; `NaN`, `Infinity` and `-Infinity` as strings.
    package mutating func double() throws(ProtoError) -> Double {
        let offset = json.position
        let value: Double
        if try run({ json throws(JSONError) in try json.peek() }) == .string {
            switch try string() {
            case "NaN": return .nan
            case "Infinity": return .infinity
            case "-Infinity": return -.infinity
            case let text: value = try Self.double(text, at: offset)
            }
        } else {
            value = try run { json throws(JSONError) in try json.double() }
        }
        guard value.isFinite else { throw ProtoError(.outOfRange, "the number is too large", offset: offset) }
        return value
    }

    private static func double(_ text: String, at offset: Int) throws(ProtoError) -> Double {
        var inner = JSONReader(Array(text.utf8))
        do {
            let value = try inner.double()
            try inner.finish()
            return value
        } catch {
            throw ProtoError(.wrongType, "expected a number, found \"\(text)\"", offset: offset)
        }
    }

    package mutating func float() throws(ProtoError) -> Float {
        let wide = try double()
        let value = Float(wide)
        guard value.isFinite || !wide.isFinite else {
            throw ProtoError(.outOfRange, "the number is too large for 32 bits", offset: json.position)
        }
        return value
    }

    /// An enum, by name or by number.
    package mutating func enumeration<E: ProtoEnum>() throws(ProtoError) -> E {
        let offset = json.position
        guard try run({ json throws(JSONError) in try json.peek() }) == .string else {
            return E(rawValue: try integer())
        }
        let name = try string()
        if let value = E(protoName: name) { return value }
        if unknownFields == .skip { return E() }
        var error = ProtoEnumeration<E>.unknownName(name)
        error.offset = offset
        throw error
    }

    // MARK: Messages, lists, maps

    package mutating func message<M: ProtoMessage>() throws(ProtoError) -> M {
        var value = M()
        try value.readJSON(from: &self)
        return value
    }

    package mutating func read<K: ProtoKind>(_ kind: K.Type) throws(ProtoError) -> K.Value {
        try K.readJSON(from: &self)
    }

    package mutating func list<M: ProtoMessage>() throws(ProtoError) -> [M] {
        try elements { reader throws(ProtoError) in try reader.message() }
    }

    package mutating func list<K: ProtoKind>(_ kind: K.Type) throws(ProtoError) -> [K.Value] {
        try elements { reader throws(ProtoError) in try K.readJSON(from: &reader) }
    }

    package mutating func map<K: ProtoKind, V: ProtoKind>(
        _ key: K.Type, _ value: V.Type
    ) throws(ProtoError) -> [K.Value: V.Value] where K.Value: Hashable {
        try run { json throws(JSONError) in try json.beginObject() }
        var map: [K.Value: V.Value] = [:]
        var first = true
        while let name = try nextKey(&first) {
            do throws(ProtoError) {
                let entry = try K.read(text: name)
                guard map.updateValue(try V.readJSON(from: &self), forKey: entry) == nil else {
                    throw ProtoError(.duplicateField, "the key is there twice", offset: json.position)
                }
            } catch {
                throw error.inside(name)
            }
        }
        return map
    }

    private mutating func elements<E>(
        _ read: (inout ProtoJSONReader) throws(ProtoError) -> E
    ) throws(ProtoError) -> [E] {
        try run { json throws(JSONError) in try json.beginArray() }
        var values: [E] = []
        var first = true
        while try run({ json throws(JSONError) in try json.nextElement(&first) }) {
            do {
                values.append(try read(&self))
            } catch {
                throw error.inside(index: values.count)
            }
        }
        return values
    }
}
