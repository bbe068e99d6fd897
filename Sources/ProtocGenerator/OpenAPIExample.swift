import OrcaSupport

/// A request as one could look: what must be there, and what most callers say besides.
struct OpenAPIExample {
    private let schema: Schema

    init(_ schema: Schema) { self.schema = schema }

    private static let usual: Set<String> = [
        "agent", "project", "title", "spec", "result", "error", "reason", "message", "percent", "token", "ttl_ms",
    ]
    private static let texts: [String: String] = [
        "project": "API", "task": "API-1", "agent": "ann", "title": "Write the page", "name": "Page", "key": "API",
        "spec": "A page about us, with the address.", "result": "Written.", "error": "The tests fail.",
        "reason": "Not needed any more.", "message": "Half of it is there.", "depends_on": "API-2",
        "path": "/home/ann/api", "question": "Which colour?", "resolution": "red",
        "terminal": "term_01f0c1d2e3f4a5b6c7d8e9f0a1", "subject": "A question", "body": "Which colour?",
        "code": "1 + 1",
    ]

    /// Without what stands in the path.
    func request(_ message: Schema.Message, _ rule: HTTPRule) -> JSONValue? {
        let required = Set(schema.requiredInBody(of: message).map(\.name))
        let inPath = Set(rule.pathFields)
        let members = message.fields.compactMap { field -> JSONValue.Member? in
            guard required.contains(field.name) || Self.usual.contains(field.name), !inPath.contains(field.name) else {
                return nil
            }
            guard let value = value(of: field) else { return nil }
            return .init(FieldCode(field: field, package: "").plainJSONName, value)
        }
        return members.isEmpty ? nil : .object(members)
    }

    private func value(of field: Schema.Field) -> JSONValue? {
        switch field.shape {
        case .repeated: return one(field).map { .array([$0]) }
        case .map, .oneof: return nil
        case .singular, .optional: return one(field)
        }
    }

    private func one(_ field: Schema.Field) -> JSONValue? {
        switch field.descriptor.kind {
        case .string: .string(Self.texts[field.name] ?? field.name)
        case .bool: .bool(true)
        case .int32, .sint32, .uint32: .integer(field.name == "ttl_ms" ? 60_000 : field.name == "percent" ? 50 : 1)
        case .int64, .sint64, .uint64: .string("1")
        case .enumeration: schema.enumeration(field.descriptor.typeName)?.values.last.map { .string($0.name) }
        default: nil
        }
    }
}
