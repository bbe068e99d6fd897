import OrcaProtobuf

/// The Swift code for one field.
struct FieldCode {
    let field: Schema.Field
    let package: String

    var property: String { SwiftNames.property(field.name) }
    var number: Int { field.number }
    var plainJSONName: String { ProtoFields.jsonName(of: field.name) }
    var jsonName: String { SwiftNames.literal(plainJSONName) }

    /// The kind type of a scalar, enum or map message: `ProtoString`, `ProtoEnumeration<OrcaV1.Task.Status>`.
    static func kind(_ field: FieldDescriptor, package: String) throws(GeneratorError) -> String {
        switch field.kind {
        case .double: return "ProtoDouble"
        case .float: return "ProtoFloat"
        case .int64: return "ProtoInt64"
        case .uint64: return "ProtoUInt64"
        case .int32: return "ProtoInt32"
        case .fixed64: return "ProtoFixed64"
        case .fixed32: return "ProtoFixed32"
        case .bool: return "ProtoBool"
        case .string: return "ProtoString"
        case .bytes: return "ProtoBytes"
        case .uint32: return "ProtoUInt32"
        case .sfixed32: return "ProtoSFixed32"
        case .sfixed64: return "ProtoSFixed64"
        case .sint32: return "ProtoSInt32"
        case .sint64: return "ProtoSInt64"
        case .enumeration: return "ProtoEnumeration<\(try SwiftNames.type(field.typeName, package: package))>"
        case .message: return "ProtoMessageKind<\(try SwiftNames.type(field.typeName, package: package))>"
        case .group: throw GeneratorError("\(field.name): no groups")
        }
    }

    /// The Swift type of one value.
    static func type(_ field: FieldDescriptor, package: String) throws(GeneratorError) -> String {
        switch field.kind {
        case .double: return "Double"
        case .float: return "Float"
        case .int64, .sint64, .sfixed64: return "Int64"
        case .uint64, .fixed64: return "UInt64"
        case .int32, .sint32, .sfixed32: return "Int32"
        case .uint32, .fixed32: return "UInt32"
        case .bool: return "Bool"
        case .string: return "String"
        case .bytes: return "[UInt8]"
        case .enumeration, .message: return try SwiftNames.type(field.typeName, package: package)
        case .group: throw GeneratorError("\(field.name): no groups")
        }
    }

    /// The reader's method for one scalar, the same on the wire and (where there is one) in JSON.
    private static func wireRead(_ field: FieldDescriptor) -> String {
        switch field.kind {
        case .enumeration: "enumeration()"
        case .bytes: "data()"
        default: "\(field.kind)()"
        }
    }

    func declaration() throws(GeneratorError) -> String {
        let type = try Self.type(field.descriptor, package: package)
        switch field.shape {
        case .singular where field.isMessage, .optional: return "public var \(property): \(type)?"
        case .singular: return "public var \(property): \(type) = \(defaultValue(type))"
        case .repeated: return "public var \(property): [\(type)] = []"
        case .map(let key, let value):
            let keyType = try Self.type(key, package: package)
            return "public var \(property): [\(keyType): \(try Self.type(value, package: package))] = [:]"
        case .oneof: throw GeneratorError("\(field.name): members of a oneof have no property")
        }
    }

    private func defaultValue(_ type: String) -> String {
        switch field.descriptor.kind {
        case .string: "\"\""
        case .bytes: "[]"
        case .bool: "false"
        case .enumeration: "\(type)()"
        default: "0"
        }
    }

    func wireRead() throws(GeneratorError) -> [String] {
        let scalar = "try reader.\(Self.wireRead(field.descriptor))"
        switch field.shape {
        case .singular where field.isMessage: return ["try reader.message(into: &self.\(property))"]
        case .singular, .optional: return ["self.\(property) = \(scalar)"]
        case .repeated where field.isMessage: return ["try reader.append(to: &self.\(property))"]
        case .repeated: return ["try reader.append(\(try kind()).self, to: &self.\(property))"]
        case .map(let key, let value):
            let kinds = "\(try Self.kind(key, package: package)).self, \(try Self.kind(value, package: package)).self"
            return ["try reader.insert(\(kinds), into: &self.\(property))"]
        case .oneof(let oneof):
            let holder = SwiftNames.property(oneof)
            guard field.isMessage else { return ["self.\(holder) = .\(property)(\(scalar))"] }
            return [
                "var value = \(try Self.type(field.descriptor, package: package))()",
                "if case .\(property)(let earlier) = self.\(holder) { value = earlier }",
                "try reader.message(into: &value)",
                "self.\(holder) = .\(property)(value)",
            ]
        }
    }

    func wireWrite() throws(GeneratorError) -> String {
        switch field.shape {
        case .singular where field.isMessage: return "writer.message(\(number), self.\(property))"
        case .singular: return "writer.singular(\(try kind()).self, \(number), self.\(property))"
        case .optional: return "writer.optional(\(try kind()).self, \(number), self.\(property))"
        case .repeated where field.isMessage: return "writer.messages(\(number), self.\(property))"
        case .repeated: return "writer.repeated(\(try kind()).self, \(number), self.\(property))"
        case .map(let key, let value):
            let kinds = "\(try Self.kind(key, package: package)).self, \(try Self.kind(value, package: package)).self"
            return "writer.map(\(kinds), \(number), self.\(property))"
        case .oneof:
            return field.isMessage
                ? "writer.message(\(number), value)" : "writer.field(\(try kind()).self, \(number), value)"
        }
    }

    func jsonRead() throws(GeneratorError) -> [String] {
        let scalar = "try reader.read(\(try kind()).self)"
        switch field.shape {
        case .singular where field.isMessage: return ["self.\(property) = try reader.message()"]
        case .singular, .optional: return ["self.\(property) = \(scalar)"]
        case .repeated where field.isMessage: return ["self.\(property) = try reader.list()"]
        case .repeated: return ["self.\(property) = try reader.list(\(try kind()).self)"]
        case .map(let key, let value):
            let kinds = "\(try Self.kind(key, package: package)).self, \(try Self.kind(value, package: package)).self"
            return ["self.\(property) = try reader.map(\(kinds))"]
        case .oneof(let oneof):
            let holder = SwiftNames.property(oneof)
            let value = field.isMessage ? "try reader.message()" : scalar
            return ["try reader.checkUnset(self.\(holder) == nil)", "self.\(holder) = .\(property)(\(value))"]
        }
    }

    func jsonWrite() throws(GeneratorError) -> String {
        switch field.shape {
        case .singular where field.isMessage: return "writer.message(\(jsonName), self.\(property))"
        case .singular: return "writer.field(\(try kind()).self, \(jsonName), self.\(property))"
        case .optional: return "writer.optional(\(try kind()).self, \(jsonName), self.\(property))"
        case .repeated where field.isMessage: return "writer.messages(\(jsonName), self.\(property))"
        case .repeated: return "writer.repeated(\(try kind()).self, \(jsonName), self.\(property))"
        case .map(let key, let value):
            let kinds = "\(try Self.kind(key, package: package)).self, \(try Self.kind(value, package: package)).self"
            return "writer.map(\(kinds), \(jsonName), self.\(property))"
        case .oneof:
            return field.isMessage
                ? "writer.message(\(jsonName), value)" : "writer.field(\(try kind()).self, \(jsonName), value)"
        }
    }

    private func kind() throws(GeneratorError) -> String { try Self.kind(field.descriptor, package: package) }
}
