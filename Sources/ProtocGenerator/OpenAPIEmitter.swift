import OrcaProtobuf
import OrcaSupport

/// Writes the OpenAPI 3.0.3 document of the API. Source: https://spec.openapis.org/oas/v3.0.3.
struct OpenAPIEmitter {
    let schema: Schema

    /// The document, compact, with a line end.
    func json() throws(GeneratorError) -> String {
        String(decoding: try document().jsonBytes(), as: UTF8.self) + "\n"
    }

    /// The document as a Swift string, for the server to serve.
    func swift() throws(GeneratorError) -> String {
        let text = String(decoding: try document().jsonBytes(), as: UTF8.self)
        guard text.range(of: "\"##") == nil else { throw GeneratorError("a comment holds \"##") }
        return MessageEmitter.header + """

            /// The OpenAPI document of this version, also in docs/reference/openapi.json.
            package enum OpenAPIDocument {
                package static let json: StaticString = ##"\(text)"##
            }

            """
    }

    private func document() throws(GeneratorError) -> JSONValue {
        .object([
            .init("openapi", "3.0.3"),
            .init(
                "info",
                .object([
                    .init("title", "Orca"), .init("version", "v1"),
                    .init(
                        "description",
                        """
                        Tasks, attempts and leases for agents. Over the unix socket the peer's uid is checked and no token is needed; \
                        over TCP every request carries a bearer token.
                        """),
                ])),
            .init("servers", .array([.object([.init("url", "/")])])),
            .init("security", .array([.object([.init("bearer", .array([]))]), .object([])])),
            .init("tags", .array(tags())),
            .init("paths", try paths()),
            .init("components", try components()),
        ])
    }

    private func tags() -> [JSONValue] {
        schema.files.flatMap(\.services).map { service in
            .object([.init("name", .string(service.name)), .init("description", .string(joined(service.comment)))])
        }
    }

    // MARK: Paths

    private func paths() throws(GeneratorError) -> JSONValue {
        var order: [String] = []
        var byTemplate: [String: [JSONValue.Member]] = [:]
        for method in schema.methods {
            for (index, rule) in method.rules.enumerated() {
                if byTemplate[rule.template] == nil { order.append(rule.template) }
                byTemplate[rule.template, default: []].append(
                    .init(rule.method.lowercased(), try operation(method, rule, index)))
            }
        }
        return .object(order.map { .init($0, .object(byTemplate[$0] ?? [])) })
    }

    private func operation(_ method: Schema.Method, _ rule: HTTPRule, _ index: Int) throws(GeneratorError) -> JSONValue
    {
        guard let input = schema.message(method.input) else { throw GeneratorError("\(method.input) is missing") }
        var members: [JSONValue.Member] = [
            .init("operationId", .string(index == 0 ? method.name : "\(method.name)_\(index + 1)")),
            .init("tags", .array([.string(method.service)])),
            .init("summary", .string(OperationEmitter.summary(method.comment))),
            .init("description", .string(joined(method.comment))),
            .init("parameters", .array(try parameters(input, rule, method))),
        ]
        if rule.body == "*" {
            members.append(
                .init(
                    "requestBody",
                    .object([
                        .init("required", .bool(!schema.requiredInBody(of: input).isEmpty)),
                        .init("content", content(method.input, example: OpenAPIExample(schema).request(input, rule))),
                    ])))
        }
        members.append(.init("responses", responses(method, rule)))
        return .object(members)
    }

    private func isVersioned(_ method: Schema.Method) -> Bool {
        schema.message(method.output).flatMap { schema.versionedField(of: $0) } != nil
    }

    private func parameters(
        _ input: Schema.Message, _ rule: HTTPRule, _ method: Schema.Method
    ) throws(GeneratorError) -> [JSONValue] {
        let inPath = rule.pathFields
        var result: [JSONValue] = []
        for field in input.fields {
            let isPath = inPath.contains(field.name)
            guard isPath || rule.body.isEmpty else { continue }
            guard FieldCode(field: field, package: "").isParameter else { continue }
            var members: [JSONValue.Member] = [
                .init("name", .string(isPath ? field.name : ProtoFields.jsonName(of: field.name))),
                .init("in", isPath ? "path" : "query"),
                .init("required", .bool(isPath)),
            ]
            if !field.comment.isEmpty { members.append(.init("description", .string(joined(field.comment)))) }
            members.append(.init("schema", try OpenAPISchemas.type(of: field)))
            result.append(.object(members))
        }
        var headers = rule.method == "GET" ? Self.readHeaders : Self.readHeaders + ["idempotencyKey"]
        if rule.method == "GET", isVersioned(method) { headers.append("ifNoneMatch") }
        if input.fields.contains(where: { $0.name == "expected_version" }) { headers.append("ifMatch") }
        return result + headers.map { .object([.init("$ref", .string("#/components/parameters/\($0)"))]) }
    }

    private static let readHeaders = ["caller", "timeout", "requestID"]

    private func responses(_ method: Schema.Method, _ rule: HTTPRule) -> JSONValue {
        let success: JSONValue =
            method.serverStreaming
            ? .object([
                .init(
                    "description",
                    "A stream. Server-sent events by default (`data` is the JSON, `id` resumes); one `{\"result\": …}` a line with `Accept: application/x-ndjson`."
                ),
                .init(
                    "content",
                    .object([
                        .init("text/event-stream", .object([.init("schema", Self.event(method))])),
                        .init(
                            "application/x-ndjson",
                            .object([
                                .init(
                                    "schema",
                                    .object([
                                        .init("type", "object"),
                                        .init(
                                            "properties",
                                            .object([.init("result", OpenAPISchemas.reference(method.output))])),
                                    ]))
                            ])),
                    ])),
            ]) : done(method)
        var members: [JSONValue.Member] = [.init("200", success)]
        if rule.method == "GET", isVersioned(method) {
            members.append(.init("304", .object([.init("$ref", "#/components/responses/NotModified")])))
        }
        members.append(.init("default", .object([.init("$ref", "#/components/responses/Error")])))
        return .object(members)
    }

    /// One server-sent event: its fields, of which `data` holds the message as JSON.
    private static func event(_ method: Schema.Method) -> JSONValue {
        let text: JSONValue = .object([.init("type", "string")])
        let kinds: JSONValue = .array(["event", "gap", "message", "error"])
        let data: JSONValue = .object([
            .init("description", "The message as JSON; of an `error`, an `Error`."),
            .init("x-message", OpenAPISchemas.reference(method.output)),
        ])
        return .object([
            .init("type", "object"), .init("description", "One event of the stream."),
            .init(
                "properties",
                .object([
                    .init("id", text), .init("event", .object([.init("type", "string"), .init("enum", kinds)])),
                    .init("data", data),
                ])),
        ])
    }

    private func done(_ method: Schema.Method) -> JSONValue {
        var members: [JSONValue.Member] = [.init("description", "Done.")]
        if isVersioned(method) {
            let tag: JSONValue = .object([
                .init("description", "Names this state, for `If-Match` and `If-None-Match`."),
                .init("schema", .object([.init("type", "string")])),
            ])
            members.append(.init("headers", .object([.init("ETag", tag)])))
        }
        members.append(.init("content", content(method.output)))
        return .object(members)
    }

    private func content(_ type: String, example: JSONValue? = nil) -> JSONValue {
        var members: [JSONValue.Member] = [.init("schema", OpenAPISchemas.reference(type))]
        if let example { members.append(.init("example", example)) }
        return .object([.init("application/json", .object(members))])
    }

    private func joined(_ comment: [String]) -> String { comment.joined(separator: " ") }
}
