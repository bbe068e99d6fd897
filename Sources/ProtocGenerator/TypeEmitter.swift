/// Writes the messages and enums as TypeScript types, in the form that the proto3 JSON mapping gives them, one a line.
struct TypeEmitter {
    let schema: Schema
    /// What a caller may send: every field that is not required may be missing there, and numbers of 64 bits may be numbers.
    private let sent: Set<String>

    init(schema: Schema) {
        self.schema = schema
        var sent: Set<String> = []
        func follow(_ name: String) {
            guard let message = schema.message(name), sent.insert(name).inserted else { return }
            for field in message.fields {
                if case .map(_, let value) = field.shape {
                    follow(value.typeName)
                } else {
                    follow(field.descriptor.typeName)
                }
            }
        }
        for method in schema.methods { follow(method.input) }
        self.sent = sent
    }

    /// As a Swift string.
    func swift() throws(GeneratorError) -> String {
        let lines = try declarations()
        guard !lines.contains(where: { $0.contains("\\") || $0.range(of: "\"\"\"") != nil }) else {
            throw GeneratorError("a type's text cannot stand in a Swift string")
        }
        return MessageEmitter.header + """

            /// The requests and responses of all operations in TypeScript, one type a line.
            package enum TypeDeclarations {
                package static let text: StaticString = \"""

            """ + lines.map { "        \($0)\n" }.joined() + """
                        \"""
                }

                """
    }

    func declarations() throws(GeneratorError) -> [String] {
        var lines: [String] = []
        for file in schema.files {
            for message in file.messages { try add(message, to: &lines) }
            for enumeration in file.enums { lines.append(Self.line(enumeration)) }
        }
        let names = lines.compactMap { $0.split(separator: " ").dropFirst().first }
        guard Set(names).count == names.count else {
            throw GeneratorError("two types have the same name in TypeScript")
        }
        return lines
    }

    private func add(_ message: Schema.Message, to lines: inout [String]) throws(GeneratorError) {
        let isSent = sent.contains(message.fullName)
        var fields: [String] = []
        for field in message.fields {
            let mayBeMissing = isSent ? !schema.isRequired(field, of: message) : Self.mayBeMissing(field)
            let mark = mayBeMissing ? "?" : ""
            let name = FieldCode(field: field, package: "").plainJSONName
            fields.append("\(name)\(mark): \(try Self.type(field, isSent: isSent))")
        }
        let body = fields.isEmpty ? "{}" : "{ \(fields.joined(separator: "; ")) }"
        lines.append("type \(Self.name(message.fullName)) = \(body)")
        for inner in message.messages { try add(inner, to: &lines) }
        for inner in message.enums { lines.append(Self.line(inner)) }
    }

    private static func line(_ enumeration: Schema.Enumeration) -> String {
        let values = enumeration.values.map { "\"\($0.name)\"" }
        return "type \(name(enumeration.fullName)) = \(values.joined(separator: " | "))"
    }

    /// In answers only what has no value is left out.
    private static func mayBeMissing(_ field: Schema.Field) -> Bool {
        switch field.shape {
        case .optional, .oneof: true
        case .singular: field.isMessage
        case .repeated, .map: false
        }
    }

    private static func type(_ field: Schema.Field, isSent: Bool) throws(GeneratorError) -> String {
        switch field.shape {
        case .repeated:
            let one = try scalar(field.descriptor, isSent)
            return one.contains(" ") ? "(\(one))[]" : one + "[]"
        case .map(_, let value): return "Record<string, \(try scalar(value, isSent))>"
        case .singular, .optional, .oneof: return try scalar(field.descriptor, isSent)
        }
    }

    private static func scalar(_ field: FieldDescriptor, _ isSent: Bool) throws(GeneratorError) -> String {
        switch field.kind {
        case .double, .float, .int32, .sint32, .sfixed32, .uint32, .fixed32: return "number"
        case .int64, .sint64, .sfixed64, .uint64, .fixed64: return isSent ? "string | number" : "string"
        case .bool: return "boolean"
        case .string, .bytes: return "string"
        case .enumeration, .message: return reference(field.typeName)
        case .group: throw GeneratorError("\(field.name): no groups")
        }
    }

    private static func reference(_ fullName: String) -> String {
        switch fullName {
        case ".google.protobuf.Timestamp": "string"
        case ".google.protobuf.Struct": "Record<string, unknown>"
        case ".google.protobuf.Value": "unknown"
        default: name(fullName)
        }
    }

    /// `.orca.v1.Agent.Kind` becomes `AgentKind`.
    static func name(_ fullName: String) -> String {
        fullName.split(separator: ".").drop { $0.first?.isLowercase == true }.joined()
    }
}
