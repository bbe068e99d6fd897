import OrcaProtobuf

/// How things of the protos are called in Swift.
enum SwiftNames {
    private static let keywords: Set<String> = [
        "as", "break", "case", "catch", "class", "continue", "default", "defer", "do", "else", "enum", "extension",
        "false",
        "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator",
        "package",
        "private", "protocol", "public", "repeat", "return", "self", "static", "struct", "subscript", "super", "switch",
        "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]

    /// `.orca.v1` becomes `OrcaV1`.
    static func namespace(of package: String) -> String {
        package.split(separator: ".").map { raised(String($0)) }.joined()
    }

    /// `.orca.v1.Agent.Kind` becomes `OrcaV1.Agent.Kind`; well-known types have names of their own.
    static func type(_ fullName: String, package: String) throws(GeneratorError) -> String {
        switch fullName {
        case ".google.protobuf.Timestamp": return "ProtoTimestamp"
        case ".google.protobuf.Struct": return "ProtoStruct"
        case ".google.protobuf.Value": return "ProtoValue"
        default:
            guard fullName.hasPrefix(".\(package).") else { throw GeneratorError("\(fullName) is not supported") }
            return namespace(of: package) + fullName.dropFirst(package.count + 1)
        }
    }

    static func property(_ name: String) -> String { escaped(ProtoFields.jsonName(of: name)) }

    /// The enum of a oneof: `requirement` becomes `Requirement`.
    static func oneofType(_ name: String) -> String { raised(ProtoFields.jsonName(of: name)) }

    static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

    static func raised(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

    static func lowered(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }

    /// A string literal without interpolation or escapes gone wrong.
    static func literal(_ text: String) -> String {
        var result = "\""
        for character in text {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result + "\""
    }
}
