import OrcaAPI
import OrcaProtobuf

/// The types of the API by their names in TypeScript.
struct TypeBook: Sendable {
    struct Field: Sendable {
        let name: String
        let type: String
        let mayBeMissing: Bool
    }

    static let standard = TypeBook("\(TypeDeclarations.text)")

    /// What stands behind the `=`.
    private let bodies: [String: String]

    /// One `type Name = …` a line.
    init(_ text: String) {
        var bodies: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 3)
            guard parts.count == 4, parts[0] == "type" else { continue }
            bodies[String(parts[1])] = String(parts[3])
        }
        self.bodies = bodies
    }

    func body(_ name: String) -> String? { bodies[name] }

    /// `orca.v1.Agent.Kind` → `AgentKind`
    static func name(of type: any ProtoMessage.Type) -> String {
        type.protoMessageName.split(separator: ".").drop { $0.first?.isLowercase == true }.joined()
    }

    /// The fields of a message; none for an enum.
    func fields(_ name: String) -> [Field] {
        guard let body = bodies[name], body.hasPrefix("{ "), body.hasSuffix(" }") else { return [] }
        return body.dropFirst(2).dropLast(2).split(separator: ";").compactMap { part in
            let words = part.split(separator: " ", maxSplits: 1)
            guard words.count == 2, words[0].hasSuffix(":") else { return nil }
            let isOptional = words[0].hasSuffix("?:")
            return Field(
                name: String(words[0].dropLast(isOptional ? 2 : 1)), type: String(words[1]), mayBeMissing: isOptional)
        }
    }

    /// With enums replaced by their values.
    func spelledOut(_ type: String) -> String {
        let isList = type.hasSuffix("[]")
        let one = isList ? String(type.dropLast(2)) : type
        guard let body = bodies[one], body.hasPrefix("\"") else { return type }
        return isList && body.contains(" ") ? "(\(body))[]" : body
    }

    /// Whether a value of the type is an object with fields or keys.
    func isObject(_ type: String) -> Bool {
        type.hasPrefix("Record<") && !type.hasSuffix("[]") || bodies[type]?.hasPrefix("{") == true
    }

    /// The declarations of the types that a text names and those that these name, in the order they are met.
    func declarations(namedIn text: String) -> [String] {
        var seen: Set<String> = []
        var result: [String] = []
        var pending = [text]
        while !pending.isEmpty {
            let text = pending.removeFirst()
            for word in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init) {
                guard let body = bodies[word], seen.insert(word).inserted else { continue }
                result.append("type \(word) = \(body)")
                pending.append(body)
            }
        }
        return result
    }
}

extension Method {
    /// How it is called, in TypeScript.
    package var declaration: String {
        let fields = argumentFields.map { field in
            "\(field.name)\(field.mayBeMissing ? "?" : ""): \(TypeBook.standard.spelledOut(field.type))"
        }
        let isFree = argumentFields.allSatisfy(\.mayBeMissing)
        let arguments = fields.isEmpty ? "" : "args\(isFree ? "?" : ""): { \(fields.joined(separator: ", ")) }"
        return "orca.\(name)(\(arguments)): Promise<\(answerType)>"
    }

    /// What it takes; required is what the API says is.
    var argumentFields: [TypeBook.Field] {
        TypeBook.standard.fields(TypeBook.name(of: operation.requestType)).filter {
            !(isWhole && ["cursor", "limit"].contains($0.name))
        }
    }

    /// What the promise is of: see `MethodCall.value`.
    var answerType: String {
        let name = TypeBook.name(of: operation.responseType)
        let fields = TypeBook.standard.fields(name)
        if isWhole, let rows = fields.first(where: { $0.type.hasSuffix("[]") }) { return rows.type }
        if fields.count == 1, TypeBook.standard.isObject(fields[0].type) { return fields[0].type }
        let whole = fields.map { "\($0.name)\($0.mayBeMissing ? "?" : ""): \($0.type)" }
        return whole.isEmpty ? "{}" : "{ \(whole.joined(separator: ", ")) }"
    }
}
