import OrcaDomain
import OrcaSupport

extension OpenAPIEmitter {
    func components() throws(GeneratorError) -> JSONValue {
        .object([
            .init("securitySchemes", Self.securitySchemes),
            .init("parameters", Self.headers),
            .init("responses", Self.errorResponses),
            .init(
                "schemas",
                .object(try OpenAPISchemas(schema: schema).members() + [.init("Problem", Self.problemSchema)])),
        ])
    }

    private static let securitySchemes: JSONValue = .object([
        .init(
            "bearer",
            .object([
                .init("type", "http"), .init("scheme", "bearer"),
                .init("description", "A token made with CreateToken. Always needed over TCP."),
            ]))
    ])

    private static let headers: JSONValue = .object([
        header(
            "caller", "X-Orca-Caller", "string", "What the caller calls itself, for the change log; at most 128 bytes."),
        header("timeout", "X-Orca-Timeout-Ms", "integer", "Milliseconds after which the caller gives up."),
        header("requestID", "X-Request-Id", "string", "Comes back in the answer and stands in the change log."),
        header(
            "ifMatch", "If-Match", "string",
            "The `ETag` that the thing had, or its version in quotes: refused with 412 when it has changed."),
        header(
            "ifNoneMatch", "If-None-Match", "string", "An `ETag`: answered with 304 when nothing has changed."),
        header(
            "idempotencyKey", "Idempotency-Key", "string",
            "The same key with the same request again gets the first answer again and changes nothing."),
    ])

    private static func header(
        _ key: String, _ name: String, _ type: String, _ description: String
    ) -> JSONValue.Member {
        .init(
            key,
            .object([
                .init("name", .string(name)), .init("in", "header"), .init("required", .bool(false)),
                .init("description", .string(description)),
                .init("schema", .object([.init("type", .string(type))])),
            ]))
    }

    private static let problemExample: JSONValue = .object([
        .init("type", "urn:orca:error:lease_lost"), .init("title", "Conflict"), .init("status", .integer(409)),
        .init("detail", "The lease of API-1 is lost: attempt 2 holds it. Stop working on it."),
        .init("code", "lease_lost"), .init("category", "conflict"),
        .init("message", "The lease of API-1 is lost: attempt 2 holds it. Stop working on it."),
        .init("details", .object([.init("task", "API-1"), .init("attempt", "2")])),
    ])

    /// An `Error` with the members of RFC 9457 beside it.
    static let problemSchema: JSONValue = .object([
        .init(
            "allOf",
            .array([
                .object([.init("$ref", "#/components/schemas/Error")]),
                .object([
                    .init("type", "object"),
                    .init("required", .array(["type", "title", "status", "detail", "code", "category", "message"])),
                    .init(
                        "properties",
                        .object([
                            .init(
                                "type",
                                .object([
                                    .init("type", "string"), .init("description", "`urn:orca:error:` and the code."),
                                ])),
                            .init("title", .object([.init("type", "string")])),
                            // New ones may be added, so this is no closed list.
                            .init(
                                "code",
                                .object([
                                    .init("type", "string"),
                                    .init(
                                        "x-extensible-enum", .array(ErrorCode.allCases.map { .string($0.rawValue) })),
                                ])),
                            .init("status", .object([.init("type", "integer")])),
                            .init(
                                "detail",
                                .object([.init("type", "string"), .init("description", "The message again.")])),
                        ])),
                ]),
            ]))
    ])

    private static let errorResponses: JSONValue = .object([
        .init("NotModified", .object([.init("description", "What `If-None-Match` names is still so.")])),
        .init(
            "Error",
            .object([
                .init(
                    "description",
                    """
                    By category: invalid_argument 400, unauthenticated 401, permission_denied 403, not_found 404, conflict 409, \
                    resource_exhausted 429, internal 500, unavailable 503, deadline_exceeded 504. Faults of the HTTP request \
                    itself may have a more exact status (405, 406, 408, 413, 415, 431) and the category of their hundred; 412 \
                    is a version that `If-Match` did not expect. All codes: docs/reference/errors.md.
                    """),
                .init(
                    "content",
                    .object([
                        .init(
                            "application/problem+json",
                            .object([
                                .init("schema", .object([.init("$ref", "#/components/schemas/Problem")])),
                                .init("example", Self.problemExample),
                            ]))
                    ])),
            ])),
    ])
}

/// The messages and enums as JSON schemas, in the form the proto3 JSON mapping gives them.
struct OpenAPISchemas {
    let schema: Schema

    func members() throws(GeneratorError) -> [JSONValue.Member] {
        var result: [JSONValue.Member] = []
        for file in schema.files {
            for message in file.messages { try add(message, to: &result) }
            for enumeration in file.enums { result.append(Self.member(enumeration)) }
        }
        return result
    }

    private func add(_ message: Schema.Message, to result: inout [JSONValue.Member]) throws(GeneratorError) {
        var properties: [JSONValue.Member] = []
        for field in message.fields {
            var type = try Self.type(of: field)
            if !field.comment.isEmpty { type = Self.described(type, field.comment) }
            properties.append(.init(FieldCode(field: field, package: "").plainJSONName, type))
        }
        var members: [JSONValue.Member] = [.init("type", "object")]
        if !message.comment.isEmpty {
            members.append(.init("description", .string(message.comment.joined(separator: " "))))
        }
        if !properties.isEmpty { members.append(.init("properties", .object(properties))) }
        let required = schema.requiredInBody(of: message).map { FieldCode(field: $0, package: "").plainJSONName }
        if !required.isEmpty { members.append(.init("required", .array(required.map { .string($0) }))) }
        result.append(.init(Self.name(message.fullName), .object(members)))
        for inner in message.messages { try add(inner, to: &result) }
        for inner in message.enums { result.append(Self.member(inner)) }
    }

    private static func member(_ enumeration: Schema.Enumeration) -> JSONValue.Member {
        let notes = enumeration.values.filter { !$0.comment.isEmpty }
            .map { "`\($0.name)`: \($0.comment.joined(separator: " "))" }
        var members: [JSONValue.Member] = [
            .init("type", "string"), .init("enum", .array(enumeration.values.map { .string($0.name) })),
        ]
        if !notes.isEmpty { members.append(.init("description", .string(notes.joined(separator: " ")))) }
        return .init(name(enumeration.fullName), .object(members))
    }

    /// Neighbours of `$ref` are ignored in OpenAPI 3.0, so a described reference is wrapped.
    private static func described(_ type: JSONValue, _ comment: [String]) -> JSONValue {
        guard case .object(let members) = type else { return type }
        let description = JSONValue.Member("description", .string(comment.joined(separator: " ")))
        guard type["$ref"] == nil else { return .object([.init("allOf", .array([type])), description]) }
        return .object(members + [description])
    }

    static func type(of field: Schema.Field) throws(GeneratorError) -> JSONValue {
        switch field.shape {
        case .repeated: .object([.init("type", "array"), .init("items", try scalar(field.descriptor))])
        case .map(_, let value):
            .object([.init("type", "object"), .init("additionalProperties", try scalar(value))])
        case .singular, .optional, .oneof: try scalar(field.descriptor)
        }
    }

    private static func scalar(_ field: FieldDescriptor) throws(GeneratorError) -> JSONValue {
        switch field.kind {
        case .double: return typed("number", "double")
        case .float: return typed("number", "float")
        case .int32, .sint32, .sfixed32: return typed("integer", "int32")
        case .uint32, .fixed32: return typed("integer", "int64")
        case .int64, .sint64, .sfixed64: return typed("string", "int64")
        case .uint64, .fixed64: return typed("string", "uint64")
        case .bool: return .object([.init("type", "boolean")])
        case .string: return .object([.init("type", "string")])
        case .bytes: return typed("string", "byte")
        case .enumeration, .message: return reference(field.typeName)
        case .group: throw GeneratorError("\(field.name): no groups")
        }
    }

    static func reference(_ fullName: String) -> JSONValue {
        switch fullName {
        case ".google.protobuf.Timestamp": typed("string", "date-time")
        case ".google.protobuf.Struct": .object([.init("type", "object"), .init("additionalProperties", .bool(true))])
        case ".google.protobuf.Value": .object([])
        default: .object([.init("$ref", .string("#/components/schemas/\(name(fullName))"))])
        }
    }

    private static func typed(_ type: String, _ format: String) -> JSONValue {
        .object([.init("type", .string(type)), .init("format", .string(format))])
    }

    /// `.orca.v1.Agent.Kind` becomes `Agent.Kind`.
    private static func name(_ fullName: String) -> String {
        fullName.split(separator: ".").drop { $0.first?.isLowercase == true }.joined(separator: ".")
    }
}
