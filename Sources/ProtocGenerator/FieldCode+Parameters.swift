import OrcaProtobuf

extension FieldCode {
    /// Whether the field can be a path or query parameter at all.
    var isParameter: Bool {
        switch field.shape {
        case .singular, .optional:
            !field.isMessage || field.descriptor.typeName == ".google.protobuf.Timestamp"
        case .repeated: !field.isMessage
        case .map, .oneof: false
        }
    }

    /// The labels of the parameter's case: proto and JSON name.
    var parameterNames: String {
        let names = [field.name, ProtoFields.jsonName(of: field.name)]
        return (names[0] == names[1] ? [names[0]] : names).map(SwiftNames.literal).joined(separator: ", ")
    }

    func parameterRead() throws(GeneratorError) -> [String] {
        switch field.shape {
        case .singular where field.isMessage, .optional where field.isMessage:
            return ["self.\(property) = try ProtoTimestamp(text: value)", "return .set"]
        case .repeated:
            return ["self.\(property).append(try \(try kindName()).read(text: value))", "return .appended"]
        case .singular, .optional:
            return ["self.\(property) = try \(try kindName()).read(text: value)", "return .set"]
        case .map, .oneof: throw GeneratorError("\(field.name) cannot be a parameter")
        }
    }

    func parameterWrite() throws(GeneratorError) -> String {
        let name = SwiftNames.literal(field.name)
        switch field.shape {
        case .singular where field.isMessage, .optional where field.isMessage:
            return "writer.timestamp(\(name), self.\(property))"
        case .singular: return "writer.singular(\(try kindName()).self, \(name), self.\(property))"
        case .optional: return "writer.optional(\(try kindName()).self, \(name), self.\(property))"
        case .repeated: return "writer.repeated(\(try kindName()).self, \(name), self.\(property))"
        case .map, .oneof: throw GeneratorError("\(field.name) cannot be a parameter")
        }
    }

    private func kindName() throws(GeneratorError) -> String { try Self.kind(field.descriptor, package: package) }
}
