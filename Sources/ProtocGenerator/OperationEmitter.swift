/// Writes the operation catalogue.
struct OperationEmitter {
    let schema: Schema
    let package: String

    func emit() throws(GeneratorError) -> String {
        var out = SourceText()
        out.line(MessageEmitter.header)
        out.line("/// Every operation of the API, as its proto declares it.")
        try out.block("package enum Operations") { out throws(GeneratorError) in
            for method in schema.methods { try emit(method, &out) }
            out.line("/// In the order of the protos.")
            out.line("package static let all: [APIOperation] = [")
            for method in schema.methods { out.line("    \(SwiftNames.lowered(method.name)).erased,") }
            out.line("]")
        }
        try emitVersions(&out)
        return out.text
    }

    private func emit(_ method: Schema.Method, _ out: inout SourceText) throws(GeneratorError) {
        let request = try SwiftNames.type(method.input, package: package)
        let response = try SwiftNames.type(method.output, package: package)
        out.comment(method.comment)
        out.line("package static let \(SwiftNames.lowered(method.name)) = TypedOperation<\(request), \(response)>(")
        out.line("    name: \(SwiftNames.literal(method.name)), service: \(SwiftNames.literal(method.service)),")
        out.line("    summary: \(SwiftNames.literal(Self.summary(method.comment))),")
        out.line("    serverStreaming: \(method.serverStreaming),")
        out.line("    routes: [")
        for rule in method.rules {
            let body = rule.body == "*"
            out.line(
                "        HTTPRoute(.\(rule.method.lowercased()), \(SwiftNames.literal(rule.template)), takesBody: \(body)),"
            )
        }
        out.line("    ])")
        out.line()
    }

    /// Which messages are about one thing with a version, and which can be refused for having an old one.
    private func emitVersions(_ out: inout SourceText) throws(GeneratorError) {
        for method in schema.methods {
            if let answer = schema.message(method.output), let field = schema.versionedField(of: answer) {
                out.line()
                out.line("extension \(try SwiftNames.type(method.output, package: package)): VersionedAnswer {")
                out.line(
                    "    package var entityVersion: Int32? { \(SwiftNames.property(field.name))?.version }")
                out.line("}")
            }
            guard let request = schema.message(method.input),
                request.fields.contains(where: { $0.name == "expected_version" && $0.descriptor.kind == .int32 })
            else { continue }
            out.line()
            out.line("extension \(try SwiftNames.type(method.input, package: package)): ConditionalRequest {}")
        }
    }

    /// The first sentence of a comment.
    static func summary(_ comment: [String]) -> String {
        let text = comment.joined(separator: " ")
        guard let end = text.range(of: ". ") else { return text }
        return String(text[..<end]) + "."
    }
}

extension String {
    /// Where `needle` begins, if it is there.
    func range(of needle: String) -> String.Index? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start }
            start = index(after: start)
        }
        return nil
    }
}
