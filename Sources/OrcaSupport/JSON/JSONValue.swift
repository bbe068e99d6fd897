/// A JSON value as a tree, for texts whose shape is not known beforehand (configuration, log lines, other programs' output).
/// Messages of the API are read and written without it.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    /// Members in the order of the text. A repeated name is refused by the reader.
    case object([Member])

    package struct Member: Sendable, Hashable {
        package var name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Reads exactly one value.
    package init(jsonBytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(jsonBytes)
        self = try Self.read(&reader)
        try reader.finish()
    }

    package func jsonBytes() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// The member of that name, if this is an object that has it.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    package var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    package var integerValue: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    package var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    package var arrayValue: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    package static func read(_ reader: inout JSONReader) throws(JSONError) -> JSONValue {
        switch try reader.peek() {
        case .null:
            _ = try reader.skipNull()
            return .null
        case .bool: return .bool(try reader.bool())
        case .string: return .string(try reader.string())
        case .number:
            let token = try reader.number()
            if token.isInteger, let value = Int64(decimal: reader.text(token).utf8) { return .integer(value) }
            return .number(reader.double(token))
        case .array:
            try reader.beginArray()
            var values: [JSONValue] = []
            var first = true
            while try reader.nextElement(&first) { values.append(try read(&reader)) }
            return .array(values)
        case .object: return try readObject(&reader)
        }
    }

    private static func readObject(_ reader: inout JSONReader) throws(JSONError) -> JSONValue {
        try reader.beginObject()
        var members: [Member] = []
        var names: Set<String> = []
        var first = true
        while let name = try reader.nextKey(&first) {
            guard names.insert(name).inserted else {
                throw JSONError(.malformed, "\"\(name)\" is there twice", at: reader.position)
            }
            members.append(Member(name, try read(&reader)))
        }
        return .object(members)
    }

    package func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.integer(value)
        case .number(let value): writer.number(value)
        case .string(let value): writer.string(value)
        case .array(let values):
            writer.beginArray()
            for value in values { value.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.key(member.name)
                member.value.write(to: &writer)
            }
            writer.endObject()
        }
    }
}
