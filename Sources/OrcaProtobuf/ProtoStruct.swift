package import OrcaSupport

/// `google.protobuf.Struct`: a JSON object.
public struct ProtoStruct: ProtoMessage, Sendable, Hashable, ExpressibleByDictionaryLiteral {
    public var fields: [String: ProtoValue] = [:]

    public init() {}

    public init(_ fields: [String: ProtoValue]) { self.fields = fields }

    public init(dictionaryLiteral elements: (String, ProtoValue)...) {
        fields = Dictionary(elements) { _, last in last }
    }

    public subscript(name: String) -> ProtoValue? {
        get { fields[name] }
        set { fields[name] = newValue }
    }

    package static let protoMessageName = "google.protobuf.Struct"
    package static let protoFields = ProtoFields([(1, "fields")])

    package mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1: try reader.insert(ProtoString.self, ProtoMessageKind<ProtoValue>.self, into: &fields)
        default: try reader.skip()
        }
    }

    package func write(to writer: inout WireWriter) {
        writer.map(ProtoString.self, ProtoMessageKind<ProtoValue>.self, 1, fields)
    }

    package mutating func mergeJSON(field number: Int, from reader: inout ProtoJSONReader) throws(ProtoError) {
        // Never called: the JSON form is the object itself, read below.
    }

    package mutating func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) {
        fields = try reader.map(ProtoString.self, ProtoMessageKind<ProtoValue>.self)
    }

    package func writeJSON(to writer: inout JSONWriter) {
        writer.beginObject()
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            writer.key(name)
            value.writeJSON(to: &writer)
        }
        writer.endObject()
    }
}

/// `google.protobuf.Value`: any JSON value. Numbers are doubles: whole numbers beyond 2^53 lose digits.
public indirect enum ProtoValue: ProtoMessage, Sendable, Hashable {
    case null
    case number(Double)
    case string(String)
    case bool(Bool)
    case object(ProtoStruct)
    case list([ProtoValue])

    public init() { self = .null }

    public var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    public var numberValue: Double? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    package static let protoMessageName = "google.protobuf.Value"
    package static let protoFields = ProtoFields([
        (1, "null_value"), (2, "number_value"), (3, "string_value"), (4, "bool_value"), (5, "struct_value"),
        (6, "list_value"),
    ])

    package mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
        switch number {
        case 1:
            _ = try reader.int32()
            self = .null
        case 2: self = .number(try reader.double())
        case 3: self = .string(try reader.string())
        case 4: self = .bool(try reader.bool())
        case 5:
            var object = ProtoStruct()
            if case .object(let earlier) = self { object = earlier }
            try reader.message(into: &object)
            self = .object(object)
        case 6:
            var list = ListValue()
            if case .list(let earlier) = self { list.values = earlier }
            try reader.message(into: &list)
            self = .list(list.values)
        default: try reader.skip()
        }
    }

    package func write(to writer: inout WireWriter) {
        switch self {
        case .null: writer.field(ProtoInt32.self, 1, 0)
        case .number(let value): writer.field(ProtoDouble.self, 2, value)
        case .string(let value): writer.field(ProtoString.self, 3, value)
        case .bool(let value): writer.field(ProtoBool.self, 4, value)
        case .object(let value): writer.message(5, value)
        case .list(let values):
            writer.tag(6, .lengthDelimited)
            writer.delimited { writer in writer.messages(1, values) }
        }
    }

    package mutating func mergeJSON(field number: Int, from reader: inout ProtoJSONReader) throws(ProtoError) {
        // Never called: the JSON form is the value itself, read below.
    }

    package mutating func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) {
        switch try reader.run({ json throws(JSONError) in try json.peek() }) {
        case .null:
            _ = try reader.run { json throws(JSONError) in try json.skipNull() }
            self = .null
        case .number: self = .number(try reader.double())
        case .string: self = .string(try reader.string())
        case .bool: self = .bool(try reader.bool())
        case .object: self = .object(try reader.message())
        case .array: self = .list(try reader.list())
        }
    }

    package func writeJSON(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .number(let value): writer.number(value)
        case .string(let value): writer.string(value)
        case .bool(let value): writer.bool(value)
        case .object(let value): value.writeJSON(to: &writer)
        case .list(let values):
            writer.beginArray()
            for value in values { value.writeJSON(to: &writer) }
            writer.endArray()
        }
    }

    /// `google.protobuf.ListValue`, as it stands inside a value.
    private struct ListValue: ProtoDecodable {
        var values: [ProtoValue] = []

        mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
            switch number {
            case 1: try reader.append(to: &values)
            default: try reader.skip()
            }
        }

        static func fieldName(_ number: Int) -> String { number == 1 ? "values" : "field \(number)" }
    }
}

extension ProtoValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(nilLiteral: ()) { self = .null }
}
