package import OrcaSupport

/// Something that can be read field by field from the protobuf wire format.
package protocol ProtoDecodable: Sendable {
    init()

    /// Takes in the field the reader stands at; called once per occurrence on the wire.
    mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError)

    /// Name of a field for error messages; the number when there is none.
    static func fieldName(_ number: Int) -> String
}

/// Something that can be written in the protobuf wire format.
package protocol ProtoWritable {
    func write(to writer: inout WireWriter)
}

/// A message of the API. The conforming types are generated from the protos.
///
/// Wire: fields that this version does not know are kept and written again, after the known ones. JSON: the proto3 JSON
/// mapping in lowerCamelCase, with one addition: scalars, enums, lists and maps are always written, also when empty, so
/// that the shape does not depend on the values; messages and `optional` fields only when set. Map keys are sorted.
package protocol ProtoMessage: ProtoDecodable, ProtoWritable, Hashable {
    /// Full name, `orca.v1.Task`.
    static var protoMessageName: String { get }

    /// Names and numbers of the fields, in the order of the proto.
    static var protoFields: ProtoFields { get }

    /// Writes the JSON value. Nearly always an object; well-known types have forms of their own.
    func writeJSON(to writer: inout JSONWriter)

    /// Takes in the member of a JSON object that is the field of that number.
    mutating func mergeJSON(field number: Int, from reader: inout ProtoJSONReader) throws(ProtoError)

    /// Whether `null` is a value of the field: true for `google.protobuf.Value` only.
    static func takesNull(field number: Int) -> Bool

    /// Reads a whole JSON value. Generated messages have the default, which reads an object.
    mutating func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError)

    /// Takes in a path or query parameter by its proto or JSON name. Generated for requests only.
    mutating func set(parameter name: String, to value: String) throws(ProtoError) -> ParameterUse

    /// Hands every field that can be a parameter to the writer. Generated for requests only.
    func writeParameters(to writer: inout ParameterWriter)
}

extension ProtoMessage {
    /// A message with the fields that `configure` sets.
    package static func with(_ configure: (inout Self) throws -> Void) rethrows -> Self {
        var message = Self()
        try configure(&message)
        return message
    }

    package init(wireBytes: [UInt8], limits: ProtoLimits = ProtoLimits()) throws(ProtoError) {
        self.init()
        try limits.check(size: wireBytes.count)
        var reader = WireReader(wireBytes, depthMax: limits.depthMax)
        try reader.readFields(into: &self)
    }

    package func wireBytes() -> [UInt8] {
        var writer = WireWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// Reads one JSON value. A field the message does not have is refused with its path, unless `unknownFields` says that
    /// it is skipped: servers refuse, so that a mistyped name is noticed; clients skip, so that they work with newer servers.
    package init(
        jsonBytes: [UInt8], unknownFields: UnknownJSONFields = .refuse, limits: ProtoLimits = ProtoLimits()
    ) throws(ProtoError) {
        self.init()
        try limits.check(size: jsonBytes.count)
        var reader = ProtoJSONReader(jsonBytes, unknownFields: unknownFields, depthMax: limits.depthMax)
        try readJSON(from: &reader)
        try reader.finish()
    }

    package func jsonBytes() -> [UInt8] {
        var writer = JSONWriter()
        writeJSON(to: &writer)
        return writer.bytes
    }

    /// The JSON as text.
    package var jsonText: String { String(decoding: jsonBytes(), as: UTF8.self) }

    package static func fieldName(_ number: Int) -> String { protoFields.name(of: number) }

    package mutating func readJSON(from reader: inout ProtoJSONReader) throws(ProtoError) {
        try reader.readObject(into: &self)
    }

    package static func takesNull(field number: Int) -> Bool { false }

    package mutating func set(parameter name: String, to value: String) throws(ProtoError) -> ParameterUse { .unknown }

    package func writeParameters(to writer: inout ParameterWriter) {}
}

/// What became of a path or query parameter.
package enum ParameterUse: Sendable {
    /// The request has no such parameter.
    case unknown
    /// A field took the value; it takes only one.
    case set
    /// A list took the value; it takes more.
    case appended
}

/// What the JSON reader does with a member that is no field of the message.
package enum UnknownJSONFields: Sendable {
    case refuse
    case skip
}

/// How much one message may hold.
package struct ProtoLimits: Sendable {
    package var bytesMax: Int
    /// Messages inside each other.
    package var depthMax: Int

    package init(bytesMax: Int = 64 << 20, depthMax: Int = 100) {
        self.bytesMax = bytesMax
        self.depthMax = depthMax
    }

    func check(size: Int) throws(ProtoError) {
        guard size <= bytesMax else {
            throw ProtoError(.tooLarge, "\(size) bytes; the limit is \(bytesMax)")
        }
    }
}

/// The table of a message's fields.
package struct ProtoFields: Sendable {
    package struct Field: Sendable {
        package let number: Int
        package let name: String
        package let jsonName: String
    }

    package let all: [Field]
    private let numberByName: [String: Int]

    /// Pairs of number and proto name; JSON names follow by the rule of the proto3 JSON mapping.
    package init(_ fields: [(number: Int, name: String)]) {
        all = fields.map { Field(number: $0.number, name: $0.name, jsonName: Self.jsonName(of: $0.name)) }
        var numbers: [String: Int] = [:]
        for field in all {
            numbers[field.name] = field.number
            numbers[field.jsonName] = field.number
        }
        numberByName = numbers
    }

    /// The number of the field with that JSON or proto name.
    package func number(of name: String) -> Int? { numberByName[name] }

    package func name(of number: Int) -> String {
        all.first { $0.number == number }?.name ?? "field \(number)"
    }

    /// `not_before` becomes `notBefore`: an underscore goes, the letter after it is a capital one.
    package static func jsonName(of name: String) -> String {
        var result = ""
        var raise = false
        for character in name {
            if character == "_" {
                raise = true
            } else {
                result += raise ? character.uppercased() : String(character)
                raise = false
            }
        }
        return result
    }
}
